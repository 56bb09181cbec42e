"""Run by a test in a process of its own: a poller with a crash point armed, until it is killed or has looked twice.

python crashing.py DATABASE_URL CRASH_POINT|- SECONDS_AHEAD
"""

import asyncio
import sys
from datetime import datetime, timedelta

sys.path.insert(0, ".")

from config import clock, crash
from ingest.fetching.fetch import Fetcher
from ingest.poller import poll
from store import looks
from store.engine import engine_for
from tests.ingest.polling import at_least, settings, until

database_url, point, ahead = sys.argv[1], sys.argv[2], timedelta(seconds=float(sys.argv[3]))


def now() -> datetime:
    """The present moment, so many seconds ahead: a lease of the process before has run out."""
    return clock.now() + ahead


async def main() -> None:
    """Polls."""
    engine, given, stop = engine_for(database_url), settings(), asyncio.Event()
    fetcher = Fetcher(given.fetch, given.user_agent)
    polling = asyncio.create_task(poll(engine, given, fetcher, lambda _ids: None, now, stop, owner=f"crash {ahead}"))
    await asyncio.to_thread(until, engine, at_least(2, looks.SAME))
    stop.set()
    await polling
    engine.dispose()


crash.arm({point: 1} if point != "-" else {})
asyncio.run(main())
