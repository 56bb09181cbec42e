"""Rings for what is owed. Writers ring by themselves, best effort; this is what makes the bell reliable."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy.exc import DBAPIError

from config.clock import Clock
from config.crash import crash_here
from config.settings import Settings
from store import deliveries, digests, outbox
from store.engine import writing
from workers import queue
from workers.digests import send_due
from workers.housekeeping import EVERY, sweep

BATCH = 50
"""Outbox ids in a job."""
COALESCE = 0.05
"""Seconds to wait for more to ring for."""
ROUND = 1.0
"""Seconds between two rounds when nobody rings."""
QUEUED = 4
"""Jobs that may wait in the queue for each reader; more would only be stale."""
JUMP = timedelta(seconds=5)
"""So far back has the clock gone before anything is done about it."""

log = structlog.get_logger()


class Relay:
    """A thread beside the poller. ``ring`` may be called from any thread; SQL says what there is to ring for."""

    def __init__(self, engine: sa.Engine, read: Queue, deliver: Queue, settings: Settings, clock: Clock) -> None:
        self._engine = engine
        self._read = read
        self._deliver = deliver
        self._room = QUEUED * max(settings.work.readers, 1)
        self._retention = settings.retention
        self._swept: datetime | None = None
        self._seen: datetime | None = None
        self._clock = clock
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)

    def start(self) -> None:
        """Begins to ring."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; what is owed stays owed."""
        self._stop.set()
        self._wake.set()
        self._thread.join(5)

    def ring(self, ids: Sequence[int] = ()) -> None:  # noqa: ARG002
        """Says that something was just committed. The ids are not needed: they stand in the outbox."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            if self._wake.wait(ROUND):
                self._stop.wait(COALESCE)
            self._wake.clear()
            try:
                self.round()
            except RedisError as error:
                log.warning("doorbell unreachable", error=str(error))
                self._stop.wait(ROUND)
            except DBAPIError as error:
                log.warning("store unreachable", error=str(error.orig))
                self._stop.wait(ROUND)
            except Exception:  # whatever it was: without this thread nothing would be rung for again, and nobody told
                log.exception("a round of the relay failed")
                self._stop.wait(ROUND)

    def round(self) -> None:
        """One round: rings for all that is due, as far as the queue has room. Raises RedisError, DBAPIError."""
        now = self._clock()
        if self._seen is None or now < self._seen - JUMP:
            with writing(self._engine) as connection:
                deliveries.heal(connection, now)
                digests.heal(connection, now)
        self._seen = now
        send_due(self._engine, now)
        room = (self._room - self._read.count) * BATCH
        with writing(self._engine) as connection:
            due = outbox.to_ring(connection, now, room) if room > 0 else []
            endpoints = deliveries.due_endpoints(connection, now, BATCH)
        if due or endpoints:
            crash_here("relay-marked")
        for batch in batches(due):
            queue.ring(self._read, batch)
        for endpoint_id in endpoints:
            queue.ring(self._deliver, [endpoint_id])
        if due or endpoints:
            crash_here("relay-rung")
        if self._swept is None or abs(now - self._swept) >= EVERY:
            self._swept = now
            if any((forgotten := sweep(self._engine, self._retention, now)).values()):
                log.info("forgotten", **forgotten)


def batches(due: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Ids in jobs of fifty; work that ended a worker before goes alone, so that it can harm nobody else."""
    suspects = [[work_id] for work_id, charges in due if charges]
    sound = [work_id for work_id, charges in due if not charges]
    return [sound[i : i + BATCH] for i in range(0, len(sound), BATCH)] + suspects
