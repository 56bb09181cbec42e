"""Sends what is owed to endpoints: leases an endpoint, POSTs what is due, keeps each attempt and decides what follows.

due_endpoints → lease → take → POST → next_attempt → record → … → release
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import uniform
from typing import Protocol

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from config.clock import Clock
from config.crash import crash_here
from config.settings import Deliver, Settings
from ingest.fetching.fetch import Fetcher, Posted
from ingest.model import FetchError
from store import deliveries
from store.deliveries import Attempt, Decision, Lease, Outgoing
from store.engine import is_unwell, writing
from store.events import stamp
from workers.signing import headers

TURN = timedelta(seconds=20)
"""After so long no further delivery is begun, so that a job ends within its time and others get their turn."""
SLACK = timedelta(seconds=30)
"""A lease outlives the longest POST by this much: 45 s in all by default, so killed work is found within a minute."""
HOLD_MOST = timedelta(seconds=55)
"""And so it is with the longest timeout: its 35 s, and 15 more for a store that is away just then, are less."""
JITTER = 0.2
"""Waits differ by up to a fifth, so that endpoints of one receiver are not all tried again at once."""
QUIET_MOST = timedelta(minutes=6)
"""Nothing is sent to a failing endpoint for so long at most: what waits there finds out soon that it is back. Five
minutes and their jitter, so that after the second failure the order is still kept."""
FAILING_MOST = timedelta(days=5)
"""An endpoint without one success for so long is disabled."""
FAILING_LEAST = 10
"""Failures in a row that it takes beside: five days asleep or by a clock that jumped prove nothing."""
NOTED_WITHIN, NOTED_AGAIN = 15.0, 0.5
"""Seconds for which a store that is away is asked to take an attempt down, and between two tries."""
GONE = 410
COME_LATER = frozenset({408, 425, 429})
"""Answers in the 400s that speak of the endpoint's state and not of one delivery."""
ASKS_FOR_TIME = frozenset({429, 503})
RETRY_LEAST, RETRY_MOST = timedelta(seconds=1), timedelta(hours=24)

log = structlog.get_logger()


class Client(Protocol):
    """What a POST needs; client_for() makes the real one."""

    def post_sync(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Posted:
        """*timeout* is in seconds. Raises FetchError when no answer came."""


def client_for(settings: Settings) -> Fetcher:
    """The client that webhooks are sent with: an allow-list of its own, and ``deliver.timeout`` over all."""
    patient = settings.fetch.model_copy(update={"read_timeout": settings.deliver.timeout})
    return Fetcher(patient, settings.user_agent, allow=settings.deliver.allow_networks)


def next_attempt(
    attempts: int,
    schedule: Sequence[timedelta],
    jitter: float,
    *,
    status: int,
    retry_after: float | None,
    now: datetime,
) -> Decision:
    """What follows an attempt. *attempts* counts this one; *jitter* is drawn from −1 … 1; *status* is 0 where no answer
    came; *retry_after* is in seconds.

    Only 2xx delivers. Another answer in the 400s refuses this one delivery, and those behind it need not wait; every
    other failure is the endpoint's, which is then left quiet so that the order is kept.
    """
    if 200 <= status < 300:
        return Decision("delivered")
    if status == GONE:
        return Decision("owed", next_at=now, disable="gone: it answered 410")
    refused = 400 <= status < 500 and status not in COME_LATER
    asked = timedelta(seconds=retry_after) if retry_after is not None and status in ASKS_FOR_TIME else None
    pause = min(max(asked, RETRY_LEAST), RETRY_MOST) if asked is not None else timedelta(0)
    wait = schedule[attempts - 1] * (1 + JITTER * jitter) if attempts <= len(schedule) else None
    quiet = None if refused else now + max(pause, min(wait or QUIET_MOST, QUIET_MOST))
    if wait is None:
        return Decision("failed", quiet_until=quiet)
    return Decision("owed", next_at=now + max(wait, pause), quiet_until=quiet)


def decide(
    sent: Outgoing, came: Attempt, retry_after: float | None, schedule: Sequence[timedelta], jitter: float
) -> Decision:
    """next_attempt() for one delivery, with two rules more: a test shows what is, so it is tried once and holds nobody
    up; and an endpoint that failed for five days, ten times at least and without a success between, is disabled."""
    test = sent.type == "endpoint.test"
    waits = () if test else schedule
    decision = next_attempt(sent.attempts + 1, waits, jitter, status=came.status, retry_after=retry_after, now=came.at)
    if test and decision.state != "delivered":
        decision = Decision("failed", disable=decision.disable)
    if decision.state == "delivered" or decision.disable or sent.failing_since is None:
        return decision
    if came.at - sent.failing_since < FAILING_MOST or sent.failures + 1 < FAILING_LEAST:
        return decision
    why = f"failing: no success since {stamp(sent.failing_since)}, the last was {came.reason}"
    return replace(decision, disable=why)


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Sends under the name *owner*. *stopping* is asked before each delivery whether to begin another."""

    engine: sa.Engine
    settings: Deliver
    client: Client
    owner: str
    clock: Clock
    stopping: Callable[[], bool] = lambda: False

    def due(self) -> int:
        """Gives every endpoint that is owed something due one turn; returns how many attempts were made."""
        with writing(self.engine) as connection:
            endpoints = deliveries.due_endpoints(connection, self.clock(), limit=1000)
        return sum(self.turn(endpoint_id) for endpoint_id in endpoints)

    def turn(self, endpoint_id: int, *, only: int | None = None) -> int:
        """Sends what is due to one endpoint, oldest first, for at most 20 s, then hands it back; returns how many
        attempts were made: 0 where somebody else is sending. *only* names one owed delivery to send, due or not, and
        nothing else."""
        hold = min(self.settings.timeout + SLACK, HOLD_MOST)
        began = self.clock()
        with writing(self.engine) as connection:
            held = deliveries.lease(connection, endpoint_id, self.owner, began, hold)
        if held is None:
            return 0
        crash_here("deliver-leased")
        made = 0
        try:
            while not self.stopping() and timedelta(0) <= self.clock() - began < TURN:  # a clock may be set back
                with writing(self.engine) as connection:
                    limit = self.settings.per_endpoint
                    batch = deliveries.take(connection, held, self.clock(), hold, limit, only=only)
                made += len(batch)
                if not batch or not self._send_all(held, batch) or only is not None:
                    break
        finally:
            with writing(self.engine) as connection:
                deliveries.release(connection, held)
        return made

    def _send_all(self, held: Lease, batch: Sequence[Outgoing]) -> bool:
        """Sends these at once. False when the lease was lost on the way."""
        if len(batch) == 1:
            return self._send(held, batch[0])
        with ThreadPoolExecutor(len(batch), thread_name_prefix="deliver") as senders:
            return all(list(senders.map(lambda each: self._send(held, each), batch)))

    def _send(self, held: Lease, outgoing: Outgoing) -> bool:
        """One attempt, kept with what follows from it. False when the lease was lost: then nothing is kept."""
        signed = headers(outgoing.secrets, outgoing.alert_id, self.clock(), outgoing.body)
        crash_here("before-post")
        came, retry_after = self._post(outgoing, signed)
        crash_here("after-post")
        decision = decide(outgoing, came, retry_after, self.settings.schedule, uniform(-1, 1))
        kept = self._record(held, outgoing, came, decision)
        crash_here("after-mark")
        _say(held, outgoing, came, decision, kept=kept)
        return kept

    def _record(self, held: Lease, sent: Outgoing, came: Attempt, decision: Decision) -> bool:
        """Keeps an attempt. A store that is away for a moment is asked again: what was sent and not noted is sent
        twice."""
        again, last = False, time.monotonic() + NOTED_WITHIN
        while True:
            try:
                with writing(self.engine) as connection:
                    kept = deliveries.record(connection, held, sent, came, decision, again=again)
                    crash_here("deliver-in-transaction")
            except DBAPIError as error:
                if not is_unwell(error) or time.monotonic() > last:
                    raise
                log.warning("attempt not noted yet", delivery=sent.id, error=str(error.orig))
            else:
                return kept
            again = True
            time.sleep(NOTED_AGAIN)

    def _post(self, outgoing: Outgoing, signed: Mapping[str, str]) -> tuple[Attempt, float | None]:
        """What came of one POST, and the seconds that the receiver asked for."""
        began = time.monotonic()
        try:
            posted = self.client.post_sync(outgoing.url, outgoing.body, signed, self.settings.timeout.total_seconds())
        except FetchError as error:
            waited = time.monotonic() - began
            return Attempt(self.clock(), error.status, error.reason, waited, _text(error.detail)), error.retry_after
        reason = "" if 200 <= posted.status < 300 else f"http-{posted.status}"
        head = _text(posted.head.decode("utf-8", "replace"))
        return Attempt(self.clock(), posted.status, reason, posted.elapsed, head), posted.retry_after


def _text(head: str) -> str:
    """Text that every database keeps: no NUL, no half surrogate."""
    return head.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _say(held: Lease, outgoing: Outgoing, came: Attempt, decision: Decision, *, kept: bool) -> None:
    told = log.bind(endpoint=held.endpoint_id, delivery=outgoing.id, sequence=outgoing.sequence, status=came.status)
    if not kept:
        told.warning("delivery fenced off")
    elif decision.disable:
        told.error("endpoint disabled", reason=decision.disable)
    elif decision.state == "failed":
        told.error("delivery given up", reason=came.reason)
    elif decision.state == "owed":
        told.warning("delivery to be tried again", reason=came.reason, next_at=stamp(decision.next_at or came.at))
    else:
        told.info("delivered")
