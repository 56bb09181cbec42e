"""A poller in a thread of its own, and what tests ask of it."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from config.clock import now as clock
from config.settings import Settings
from ingest.fetching.fetch import Fetcher
from ingest.poller import poll
from ingest.urls import host_of, site_of
from store import articles, feeds
from store.engine import reading, writing
from store.tables import feed, look
from tests.ingest.hostile import Hostile, Reply, answer
from tests.ingest.test_fetch_guard import LOOPBACK

PATIENCE = 60.0
"""Seconds until a test gives up waiting."""

FAST: dict[str, dict[str, Any]] = {
    "fetch": {"per_host_delay": "10ms", "allow_networks": LOOPBACK, "total_timeout": "10s", "read_timeout": "5s"},
    "schedule": {"article_min": "50ms", "feed_min": "50ms", "confirm_gone": "300ms", "article_max": "1h"},
}
NO_ROBOTS: dict[str, Reply] = {"/robots.txt": answer("404 Not Found")}


def settings(**fetch: Any) -> Settings:
    """Fast settings for loopback."""
    return Settings.model_validate(FAST | {"fetch": FAST["fetch"] | fetch})


@dataclass
class Running:
    """A poller in a thread of its own. *rung* holds the ids that it rang for."""

    engine: sa.Engine
    settings: Settings
    owner: str = "poller-1"
    now: Callable[[], datetime] = clock
    rung: list[int] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to poll."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.run(self._poll())

    async def _poll(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        fetcher = Fetcher(self.settings.fetch, self.settings.user_agent)
        await poll(
            self.engine, self.settings, fetcher, self._ring, self.now, self._stop, owner=self.owner
        )  # fmt: skip

    def _ring(self, ids: Sequence[int]) -> None:
        self.rung.extend(ids)

    def stop(self) -> None:
        """Asks for the end and waits for it."""
        assert self._loop is not None and self._stop is not None and self._thread is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@contextmanager
def polling(engine: sa.Engine, given: Settings | None = None, **parts: Any) -> Iterator[Running]:
    """A poller that runs until the block ends."""
    running = Running(engine, given or settings(), **parts)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def until(engine: sa.Engine, true: Callable[[sa.Connection], Any]) -> Any:
    """Waits until something is so in the store, and returns it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with reading(engine) as connection:
            found = true(connection)
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("waited too long")


def watch(engine: sa.Engine, url: str, **columns: Any) -> int:
    """An article, due now."""
    with writing(engine) as connection:
        key = articles.add(
            connection, url=url, host_name=host_of(url), site=site_of(url), title="", keys={url: "url"}, now=clock()
        )
        if columns:
            articles.note(connection, key, **columns)
    return key


def subscribe(engine: sa.Engine, url: str, **columns: Any) -> int:
    """A feed, due now."""
    with writing(engine) as connection:
        key, _ = feeds.add(connection, url=url, host_name=host_of(url), site=site_of(url), now=clock())
        if columns:
            connection.execute(feed.update().where(feed.c.id == key).values(columns))
    return key


def counted(table: sa.Table, *conditions: Any) -> Callable[[sa.Connection], int]:
    """How many rows there are."""
    query = sa.select(sa.func.count()).select_from(table).where(*conditions)
    return lambda connection: int(connection.execute(query).scalar_one())


def at_least(count: int, outcome: str, reason: str | None = None) -> Callable[[sa.Connection], bool]:
    """Whether so many looks ended like that."""
    conditions = [look.c.outcome == outcome] + ([] if reason is None else [look.c.reason == reason])
    query = sa.select(sa.func.coalesce(sa.func.sum(look.c.count), 0)).where(*conditions)
    return lambda connection: bool(connection.execute(query).scalar_one() >= count)


def row(engine: sa.Engine, table: sa.Table) -> Any:
    """The only row of a table."""
    with reading(engine) as connection:
        return connection.execute(sa.select(table)).one()


def asked(server: Hostile, path: str) -> list[bytes]:
    """The requests for one path."""
    return [request for request in server.asked if request.split(b" ")[1] == path.encode()]
