"""Reads what was fetched: a batch of outbox ids, each parsed outside of a transaction and written inside of one.

What happens to a snapshot: its outbox row is leased, it is parsed and judged (``prepare``, see ``workers.feeds``,
``workers.pages`` and ``workers.transitions``), and what it means is written in the transaction that closes the row.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
import structlog
from rq.timeouts import BaseTimeoutException
from sqlalchemy.exc import DBAPIError

from config.clock import Clock
from config.crash import crash_here
from config.settings import Settings
from store import deliveries, outbox
from store.engine import is_unwell, reading, writing
from store.outbox import Work
from workers import feeds, pages, previews, transitions
from workers.limits import Hand, grant
from workers.prepared import Lost, Prepared
from workers.sites import Sites

NO_NEW_PAGE_AFTER = 20.0
"""Seconds in a batch; the rest is handed back."""
PAGES = 10
TRANSACTION = 0.05
"""A transaction ends after so many pages or seconds, so that no other writer waits long."""
RENEW = 10.0
"""Seconds after which the leases of a batch are renewed before its next page."""

log = structlog.get_logger()
PREPARE = {"feed": feeds.prepare, "page": pages.prepare, "preview": previews.prepare, "transition": transitions.prepare}


@dataclass(slots=True)
class Reader:
    """One batch's reader. *clock* gives the present; *hand* is shared with the worker that watches over it."""

    engine: sa.Engine
    settings: Settings
    owner: str
    hand: Hand
    clock: Clock
    _sites: Sites = field(default_factory=Sites)
    _told: bool = False

    def read(self, ids: Sequence[int]) -> list[int]:
        """Does the work owed under *ids* and returns the endpoints that are owed a delivery now."""
        until = time.monotonic() + NO_NEW_PAGE_AFTER
        while works := self._lease(ids):
            left = self._read_batch(works, until)
            if self._sites.learnt_anew:
                with writing(self.engine) as connection:
                    self._sites.keep(connection, self.clock())
            if left:
                with writing(self.engine) as connection:
                    outbox.hand_back(connection, left)
                break
        if not self._told:
            return []
        with writing(self.engine) as connection:
            return deliveries.due_endpoints(connection, self.clock(), 50)

    def _lease(self, ids: Sequence[int]) -> list[Work]:
        with writing(self.engine) as connection:
            works = outbox.lease(connection, ids, self.owner, self.clock())
        crash_here("read-leased")
        return works

    def _read_batch(self, works: Sequence[Work], until: float) -> Sequence[Work]:
        """Reads one work after the other; returns those that were not begun."""
        ready: list[Prepared] = []
        renewed = time.monotonic()
        for at, work in enumerate(works):
            if time.monotonic() > until or self.hand.asked_to_stop:
                self._write(ready)
                return works[at:]
            if time.monotonic() - renewed > RENEW:
                renewed = time.monotonic()
                with writing(self.engine) as connection:
                    outbox.renew(connection, works, self.clock())
            prepared = self._prepare(work)
            crash_here("read-prepared")
            if prepared is not None:
                ready.append(prepared)
            if len(ready) >= PAGES:
                self._write(ready)
                ready = []
        self._write(ready)
        return ()

    def _prepare(self, work: Work) -> Prepared | None:
        """Parses and judges one piece of work; whatever goes wrong in it is charged to it alone."""
        self.hand.take(work.id)
        grant(self.settings.work.page_cpu, self.settings.work.page_memory)
        try:
            with reading(self.engine) as connection:
                return PREPARE[work.kind](connection, work, self.settings, self._sites)
        except BaseTimeoutException:
            self._charge(work, "timeout")
            raise
        except DBAPIError as error:
            if is_unwell(error):
                raise
            self._charge(work, "refused by the store")
        except MemoryError:
            self._charge(work, "out-of-memory")
        except Exception as error:
            log.exception("page failed", outbox=work.id, kind=work.kind)
            self._charge(work, f"error: {type(error).__name__}")
        finally:
            self.hand.take(0)
        return None

    def _charge(self, work: Work, reason: str) -> None:
        with writing(self.engine) as connection:
            outbox.charge(connection, work.id, reason, self.clock())

    def _write(self, ready: Iterable[Prepared]) -> None:
        """Writes what was read, a savepoint each, in transactions that end soon."""
        queue = [part for each in ready for part in (each.parts() if isinstance(each, feeds.FeedRead) else (each,))]
        while queue:
            began = time.monotonic()
            with writing(self.engine) as connection:
                told: bool | None = False
                while queue and not told and time.monotonic() - began < TRANSACTION:
                    # Telling locks the endpoints; to lock another article behind them could be a deadlock.
                    part = queue.pop(0)
                    told = self._write_one(connection, part)
                    if told is None:  # what it begins must not be closed by its last part
                        queue = [each for each in queue if each.work.id != part.work.id]
                self._told = self._told or bool(told)
                crash_here("read-in-transaction")
            crash_here("read-committed")

    def _write_one(self, connection: sa.Connection, prepared: Prepared) -> bool | None:
        """True when an alert was told, None when nothing was written. Only a store that is not well may stop the rest
        of the batch."""
        work = prepared.work
        try:
            with connection.begin_nested():
                now = self.clock()
                told = prepared.write(connection, now)
                if not isinstance(prepared, feeds.Entries):
                    _close(connection, prepared, now)
        except Lost:
            log.info("work lost to another", outbox=work.id)
            outbox.hand_back(connection, [work])
        except BaseTimeoutException:
            raise
        except Exception as error:
            if isinstance(error, DBAPIError) and is_unwell(error):
                raise
            log.exception("work cannot be written", outbox=work.id, kind=work.kind)
            outbox.charge(connection, work.id, f"error: {type(error).__name__}", self.clock())
        else:
            return told
        return None


def _close(connection: sa.Connection, prepared: Prepared, now: datetime) -> None:
    if not outbox.close(connection, prepared.work, now, prepared.outcome):
        raise Lost
