"""One visit to a host under lease: what is due there, one request after the other, with the pauses it asks for.

due → pause → robots.txt → fetch → decide (ingest.outcome) → one transaction (store.watching) → ring."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import uniform
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from config.clock import Clock
from config.crash import crash_here
from config.settings import Settings
from ingest.model import Fetched, FetchError, Validators
from ingest.outcome import Sight, needs_probe, outcome, seen
from ingest.robots import ASKED_AGAIN, KEPT_FOR, MAX_RULES, Rules, rules_of
from ingest.schedule import is_unconditional
from ingest.urls import front_of, robots_url, secured, shown
from store import hosts, previews, watching
from store.hosts import Hold
from store.snapshots import Bytes
from store.watching import Outcome, Stale, Subject

BATCH = 20
"""Looks at one host before others have their turn."""

LEASE = timedelta(seconds=45)
"""At least so long is a host held, renewed at each look: killed work is found within a minute."""

_T = TypeVar("_T")
log = structlog.get_logger()


class Getter(Protocol):
    """What fetches: ingest.fetching.fetch.Fetcher."""

    def get(
        self, url: str, validators: Validators = ..., *, validated_url: str = ..., max_bytes: int = ...
    ) -> Awaitable[Fetched]:
        """Raises FetchError."""


class Store(Protocol):
    """Runs a function of store/ in a transaction of its own, off the loop. Raises DBAPIError."""

    def __call__(self, work: Callable[..., _T], *args: Any, **kwargs: Any) -> Awaitable[_T]:
        """*work* is given the connection first."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every visit needs. *ring* is told the ids of work owed after their commit, best effort; *stop* ends visits
    between two requests."""

    settings: Settings
    fetcher: Getter
    store: Store
    ring: Callable[[Sequence[int]], None]
    now: Clock
    stop: asyncio.Event

    @property
    def lease(self) -> timedelta:
        """How long a host is held: longer than one fetch can take."""
        return max(LEASE, self.settings.fetch.total_timeout + timedelta(seconds=25))


class Visit:
    """A host under lease and what is known of it from look to look."""

    def __init__(self, desk: Desk, hold: Hold) -> None:
        self._desk = desk
        self._hold = hold
        self._rules: Rules | None = None

    async def run(self) -> None:
        """Looks at what is due, up to a batch, and gives the host back."""
        desk = self._desk
        try:
            crash_here("poll-leased")
            await self._try_out()
            subjects = await desk.store(watching.due, self._hold.id, desk.now(), BATCH)
            for subject in subjects:
                await self._pause()
                if desk.stop.is_set():
                    break
                if not await desk.store(watching.is_wanted, subject):
                    continue
                failures = self._hold.failures
                await self._look(subject, crowded=len(subjects) == BATCH)
                if self._hold.failures > failures:
                    break  # it cannot be reached: whatever else is due here waits behind the host
            await desk.store(hosts.release, self._hold)
        except Stale:
            log.warning("host lost", host=self._hold.name)

    async def _look(self, subject: Subject, *, crowded: bool) -> None:
        desk = self._desk
        await self._renew()
        began = desk.now()
        unconditional = is_unconditional(subject.unconditional_at, timedelta(seconds=subject.interval), began)
        came = await self._came(subject, unconditional=unconditional)
        answered = self._hold.last_ok_at
        if isinstance(came, FetchError) and needs_probe(subject, came, answered):
            answered = await self._probe(subject.address or subject.url) or answered
        crash_here("poll-after-fetch")
        sight = Sight(
            came=came,
            at=desk.now(),
            unconditional=unconditional,
            answered=answered,
            host_failures=self._hold.failures,
            delay=self._delay(),
            jitter=uniform(-1, 1),
            crowded=crowded,
        )
        await self._record(subject, began, sight)

    async def _came(self, subject: Subject, *, unconditional: bool) -> Fetched | FetchError:
        """What the page answers, or why it could not be had."""
        validators = Validators() if unconditional else Validators(subject.etag, subject.last_modified)
        return await self._got(subject.url, subject.address or subject.url, subject.final_url, validators)

    async def _got(self, watched: str, address: str, final: str, validators: Validators) -> Fetched | FetchError:
        """What an address answers, or why it could not be had; a bug of ours is a reason too, and stops nobody else.
        *final* is where it led last time, empty where that is not known."""
        try:
            url = secured(address, final)
            refusal = await self._refusal(url)
            if refusal is not None:
                return FetchError(refusal)
            return seen(watched, await self._desk.fetcher.get(url, validators, validated_url=final or url))
        except FetchError as error:
            return error
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("look failed", url=shown(watched))
            return FetchError("internal-error")

    async def _try_out(self) -> None:
        """Fetches what somebody may want to watch. It is kept for an hour, and nothing else is changed by it."""
        desk = self._desk
        for asked in await desk.store(previews.due, self._hold.id, desk.now()):
            await self._pause()
            if desk.stop.is_set():
                return
            await self._renew()
            came = await self._got(asked.url, asked.url, "", Validators())
            pause = desk.now() + self._delay()
            kept, reason, status = None, "", came.status
            if isinstance(came, FetchError):
                reason = came.reason
            else:
                kept = Bytes(came.url, came.status, came.headers, came.sha256, came.body)
            owed = await desk.store(previews.fetched, self._hold, asked, kept, reason, status, desk.now())
            if not await desk.store(hosts.note, self._hold, not_before=pause):
                raise Stale
            self._hold = replace(self._hold, not_before=pause)
            if owed:
                desk.ring(owed)

    async def _record(self, subject: Subject, began: datetime, sight: Sight) -> None:
        decided: list[Outcome] = []

        def decide(current: Subject) -> Outcome:
            told = outcome(current, sight, self._desk.settings.schedule)
            told = replace(told, host={**told.host, "lease_until": sight.at + self._desk.lease})
            decided.append(told)
            return told

        owed = await self._desk.store(watching.record, self._hold, subject, began, sight.at, decide)
        crash_here("poll-after-commit")
        if owed:
            self._desk.ring(owed)
        for told in decided:
            known = {name: told.host[name] for name in ("failures", "not_before", "last_ok_at") if name in told.host}
            self._hold = replace(self._hold, until=told.host["lease_until"], **known)
            if told.reason:
                log.info("look failed", kind=subject.kind, id=subject.id, url=shown(subject.url), reason=told.reason)

    async def _refusal(self, url: str) -> str | None:
        """Why robots.txt forbids *url*, or None. Raises FetchError where the site cannot be reached."""
        if not self._desk.settings.fetch.obey_robots:
            return None
        if self._rules is None:
            await self._know_rules(url)
        rules = self._rules
        return None if rules is None else await asyncio.to_thread(rules.refusal, url)

    async def _know_rules(self, url: str) -> None:
        desk, hold = self._desk, self._hold
        now = desk.now()
        kept_for = ASKED_AGAIN if hold.robots is None else KEPT_FOR
        if hold.robots_at is None or not timedelta(0) <= now - hold.robots_at < kept_for:
            text = rules_of(await _answer(desk.fetcher, robots_url(url), MAX_RULES * 2))
            now = desk.now()
            pause = now + desk.settings.fetch.per_host_delay
            self._hold = hold = replace(hold, robots=text, robots_at=now, not_before=pause)
            if not await desk.store(hosts.note, hold, robots=text, robots_at=now, not_before=pause):
                raise Stale
        self._rules = await asyncio.to_thread(Rules, hold.robots, desk.settings.user_agent)
        await self._pause()

    async def _probe(self, url: str) -> datetime | None:
        """When the site's front page answered just now; None where it did not."""
        await self._nap(self._delay())
        came = await _answer(self._desk.fetcher, front_of(url))
        return self._desk.now() if isinstance(came, Fetched) else None

    async def _renew(self) -> None:
        desk = self._desk
        if self._hold.until - desk.now() > desk.settings.fetch.total_timeout + timedelta(seconds=5):
            return
        until = desk.now() + desk.lease
        if not await desk.store(hosts.note, self._hold, lease_until=until):
            raise Stale
        self._hold = replace(self._hold, until=until)

    def _delay(self) -> timedelta:
        least = self._desk.settings.fetch.per_host_delay
        return self._rules.delay(least) if self._rules else least

    async def _pause(self) -> None:
        """Waits until the host may be asked again."""
        if self._hold.not_before is not None:
            await self._nap(self._hold.not_before - self._desk.now())

    async def _nap(self, wait: timedelta) -> None:
        """Sleeps, or until the end is asked for."""
        seconds = min(wait, self._desk.lease / 2).total_seconds()
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._desk.stop.wait(), seconds)


async def _answer(fetcher: Getter, url: str, max_bytes: int = 0) -> Fetched | FetchError:
    try:
        return await fetcher.get(url, max_bytes=max_bytes)
    except FetchError as error:
        return error
