"""The poller: one process that only touches sockets. It takes hosts with something due under leases and visits them,
many at once, each politely. It never parses, and knows no queue: whoever starts it hands it a bell."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from config.clock import Clock
from config.settings import Settings
from ingest.visit import Desk, Getter, Visit
from store import hosts, roles
from store.engine import reading, writing

TICK = 0.5
"""Seconds between two questions for what is due, at most."""

LEAST = 0.01
"""Seconds between two questions, at least."""

GRACE = 8.0
"""Seconds for requests under way once the end is asked for; then they are dropped and their hosts given back."""

JUMP = 5.0
"""Seconds by which the clock has gone back before anything is done about it."""

AGAIN = timedelta(seconds=5)
"""A host whose visit ended because the store failed is free after so long, and not only once its lease has run out."""

_T = TypeVar("_T")
log = structlog.get_logger()


class Books:
    """The store as the loop sees it: one thread, since SQLite has one writer and the loop must not wait for it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def write(self, work: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Runs *work* in a write transaction."""
        return await self._run(writing, work, args, kwargs)

    async def read(self, work: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Runs *work* in a read transaction."""
        return await self._run(reading, work, args, kwargs)

    async def _run(self, transaction: Any, work: Callable[..., _T], args: Any, kwargs: Any) -> _T:
        def call() -> _T:
            with transaction(self._engine) as connection:
                return work(connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def close(self) -> None:
        """Lets the last transaction end."""
        self._thread.shutdown()


async def poll(
    engine: sa.Engine,
    settings: Settings,
    fetcher: Getter,
    ring: Callable[[Sequence[int]], None],
    now: Clock,
    stop: asyncio.Event,
    *,
    owner: str,
) -> None:
    """Polls until *stop* is set, then gives back what it holds, within 10 s. *owner* names this process in its leases
    and among the roles alive."""
    books = Books(engine)
    desk = Desk(settings, fetcher, books.write, ring, now, stop)
    poller = _Poller(desk, books, owner)
    try:
        await poller.run()
    finally:
        books.close()


@dataclass(slots=True)
class _Poller:
    desk: Desk
    books: Books
    owner: str
    visits: dict[asyncio.Task[None], hosts.Hold] = field(default_factory=dict)
    dropped: list[hosts.Hold] = field(default_factory=list)
    beaten: float = float("-inf")
    wall: datetime | None = None
    steady: float = 0.0

    async def run(self) -> None:
        """Round after round until the end is asked for; then gives everything back."""
        stopped = asyncio.ensure_future(self.desk.stop.wait())
        try:
            while not stopped.done():
                wait = await self._round()
                await asyncio.wait({stopped, *self.visits}, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
                self._reap()
        finally:
            stopped.cancel()
            await self._end()

    async def _round(self) -> float:
        """Starts what visits there is room and need for; returns the seconds until it should be asked again."""
        now = self.desk.now()
        try:
            await self._keep_time(now)
            await self._beat(now)
            await self._give_back(now)
            room = self.desk.settings.fetch.concurrency - len(self.visits)
            if room <= 0:
                return TICK
            if await self.books.read(hosts.any_due, now):
                taken = await self.books.write(hosts.lease_due, self.owner, now, limit=room, lasting=self.desk.lease)
                self.visits |= {asyncio.create_task(Visit(self.desk, hold).run()): hold for hold in taken}
            return await self._until_due(now)
        except SQLAlchemyError as error:
            log.warning("store unreachable", error=str(error.__cause__ or error))
            return TICK

    async def _until_due(self, now: datetime) -> float:
        due = await self.books.read(hosts.next_due, now, timedelta(seconds=TICK))
        ahead = TICK if due is None else (due - self.desk.now()).total_seconds()
        return min(max(ahead, LEAST), TICK)

    async def _beat(self, now: datetime) -> None:
        if time.monotonic() - self.beaten >= roles.EVERY.total_seconds():
            await self.books.write(roles.beat, self.owner, roles.POLLER, now)
            self.beaten = time.monotonic()

    async def _keep_time(self, now: datetime) -> None:
        """At the start, and whenever the clock has gone back since the last round, nothing may wait for the clock to
        come again where it was."""
        steady = time.monotonic()
        expected = None if self.wall is None else self.wall + timedelta(seconds=steady - self.steady)
        if expected is None or (expected - now).total_seconds() > JUMP:
            moved = await self.books.write(hosts.heal, now)
            if moved:
                log.warning("the clock went back", brought_forward=moved)
        self.wall, self.steady = now, steady

    async def _give_back(self, now: datetime) -> None:
        while self.dropped:
            await self.books.write(hosts.note, self.dropped[-1], lease_until=now + AGAIN)
            self.dropped.pop()

    def _reap(self) -> None:
        for visit in [visit for visit in self.visits if visit.done()]:
            hold, error = self.visits.pop(visit), visit.exception()
            if error is not None:
                log.error("visit failed", error=repr(error))
            if isinstance(error, SQLAlchemyError):
                self.dropped.append(hold)

    async def _end(self) -> None:
        if self.visits:
            _, late = await asyncio.wait(self.visits, timeout=GRACE)
            for visit in late:
                visit.cancel()
            await asyncio.gather(*self.visits, return_exceptions=True)
        try:
            await self.books.write(hosts.release_owner, self.owner)
            await self.books.write(roles.leave, self.owner, self.desk.now())
        except SQLAlchemyError as error:
            log.warning("store unreachable", error=str(error.__cause__ or error))
