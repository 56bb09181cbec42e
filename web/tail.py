"""The live tail: one reader of SQL a process, and everybody who listens to it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from config.clock import Clock
from store.engine import reading
from store.views.changes import ChangeRow, change_ids_after, changes_by_id, last_change_id

EVERY = 0.5
"""Seconds between two looks at SQL, however many listen."""
AGAIN = timedelta(seconds=30)
"""Ids this young are read again: transactions take ids in one order and commit in another."""
_BATCH = 500
_REMEMBERED = 1_000
"""Changes that a listener who comes back is given in the order in which this process saw them."""
_BEAT = 15.0
_WAITING = 1_000
"""Changes that may wait for one slow listener before it is sent away (it comes back with Last-Event-ID)."""

STAYS = 600.0
"""Seconds after which a stream ends: a browser takes it up by itself, through the doors, so that a token which was
removed listens no longer than this."""

_IDLE = 120
"""Looks without a listener after which the reader rests."""

_log = structlog.get_logger(__name__)


class Reader:
    """Gives each fact change once, also those that commit late. Holds no connection."""

    def __init__(self, start: int) -> None:
        """*start*: the highest id that counts as seen."""
        self._floors: deque[tuple[datetime, int]] = deque()
        self._floor = start
        self._highest = start
        self._seen: set[int] = set()

    def fresh(self, connection: sa.Connection, now: datetime) -> tuple[ChangeRow, ...]:
        """What was committed since the last call, at most 500 rows; the rest comes with the next call."""
        ids = change_ids_after(connection, self._floor, len(self._seen) + _BATCH)
        new = [each for each in ids if each not in self._seen]
        rows = changes_by_id(connection, new)
        self._seen.update(row.id for row in rows)
        self._highest = max([self._highest, *(row.id for row in rows)])
        self._move_floor(now)
        return rows

    def _move_floor(self, now: datetime) -> None:
        """The floor is the highest id that was known 30 s ago."""
        self._floors.append((now, self._highest))
        while len(self._floors) > 1 and self._floors[1][0] <= now - AGAIN:
            self._floors.popleft()
        if self._floors[0][0] <= now - AGAIN and self._floors[0][1] > self._floor:
            self._floor = self._floors[0][1]
            self._seen = {each for each in self._seen if each > self._floor}


class Tail:
    """Reads while somebody listens, and hands each change to all."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._listeners: set[asyncio.Queue[ChangeRow | None]] = set()
        self._remembered: deque[ChangeRow] = deque(maxlen=_REMEMBERED)
        self._reading: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._round = asyncio.Event()
        self._closed = False

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def close(self) -> None:
        """Ends every stream; the process stops."""
        self._closed = True
        if self._reading is not None:
            self._reading.cancel()
        for queue in self._listeners:
            _give(queue, None)

    async def listen(self, last: int | None) -> AsyncIterator[ChangeRow | None]:
        """First None, when nothing that is committed from now on can be missed; then the changes that follow the
        change *last*, then each as it comes, and None about every 15 s without one; it ends after STAYS.

        Who comes back waits for one round of the reader: what was given from SQL a moment ago is then remembered, in
        its place, and not given again."""
        queue: asyncio.Queue[ChangeRow | None] = asyncio.Queue(_WAITING + 1)
        loop = asyncio.get_running_loop()
        ends = loop.time() + STAYS
        self._listeners.add(queue)
        given: set[int] = set()
        try:
            await self._reader_runs()
            if last is not None:
                await self._round.wait()
            yield None
            async for row in self._missed(last, given):
                given.add(row.id)
                yield row
            while not self._closed and loop.time() < ends:
                try:
                    came = await asyncio.wait_for(queue.get(), _BEAT)
                except TimeoutError:
                    yield None
                    continue
                if came is None:
                    return
                if came.id not in given:
                    yield came
        finally:
            self._listeners.discard(queue)

    async def _missed(self, last: int | None, given: set[int]) -> AsyncIterator[ChangeRow]:
        """What this process saw after *last*, in that order (what it saw before counts as *given*); where it did not
        see *last*, every id above it."""
        if last is None:
            return
        remembered = list(self._remembered)
        place = next((place for place, row in enumerate(remembered) if row.id == last), None)
        if place is not None:
            given.update(row.id for row in remembered[: place + 1])
            for row in remembered[place + 1 :]:
                yield row
            return
        while rows := await asyncio.to_thread(self._above, last):
            for row in rows:
                yield row
            last = rows[-1].id

    def _above(self, last: int) -> Sequence[ChangeRow]:
        with reading(self._engine) as connection:
            return changes_by_id(connection, change_ids_after(connection, last, _BATCH))

    async def _reader_runs(self) -> None:
        if self._reading is None or self._reading.done():
            self._ready.clear()
            self._remembered.clear()
            self._reading = asyncio.create_task(self._read())
        await self._ready.wait()

    async def _read(self) -> None:
        """The one reader. It goes on for a minute without listeners, so that one who comes back misses nothing."""
        reader: Reader | None = None
        idle = 0
        while idle < _IDLE and not self._closed:
            begun, self._round = self._round, asyncio.Event()
            try:
                if reader is None:
                    reader = await asyncio.to_thread(self._new_reader)
                    self._ready.set()
                self._tell(await asyncio.to_thread(self._fresh, reader))
            except sa.exc.SQLAlchemyError:
                _log.warning("the live tail cannot read the store", exc_info=True)
            begun.set()
            await asyncio.sleep(EVERY)
            idle = 0 if self._listeners else idle + 1

    def _new_reader(self) -> Reader:
        with reading(self._engine) as connection:
            return Reader(last_change_id(connection))

    def _fresh(self, reader: Reader) -> tuple[ChangeRow, ...]:
        with reading(self._engine) as connection:
            return reader.fresh(connection, self._clock())

    def _tell(self, rows: Sequence[ChangeRow]) -> None:
        for row in rows:
            self._remembered.append(row)
            for queue in list(self._listeners):
                _give(queue, row)


def _give(queue: "asyncio.Queue[ChangeRow | None]", row: ChangeRow | None) -> None:
    """Hands over without waiting; a listener that is too slow is sent away."""
    if row is None or queue.qsize() >= _WAITING:
        while not queue.empty():
            queue.get_nowait()
        row = None
    queue.put_nowait(row)
