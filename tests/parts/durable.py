"""A writer in a process of its own, whose disk a test breaks: DATABASE_URL COUNT.

Each transaction keeps a snapshot and the work that it owes; its number is said once it is committed. Closing the
database each time moves the log into the file, so that there is much to flush. What the store refuses is said as well.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy.exc import DBAPIError

from store import outbox, snapshots
from store.engine import engine_for, is_unwell, writing
from store.snapshots import Bytes

if __name__ == "__main__":
    url, count = sys.argv[1:]
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    engine = engine_for(url)
    for n in range(int(count)):
        came = Bytes(f"http://a.example/{n}", 200, {}, str(n), f"page {n}".encode() * 400)
        try:
            with writing(engine) as connection:
                kept = snapshots.keep(connection, "article", 1, came, now)
                outbox.owe(connection, "page", subject=f"article:{n}", snapshot_id=kept, now=now)
            print(f"kept {kept}", flush=True)
            engine.dispose()
        except DBAPIError as error:
            assert is_unwell(error), error
            print(f"refused {type(error).__name__}: {error.orig}", flush=True)
            sys.exit(3)
