"""Deliveries: an alert's way to one endpoint. Leased by endpoint, sent oldest first, every attempt kept.

A delivery is ``owed`` until it is ``delivered``, ``failed`` (its attempts are used up) or ``cancelled`` (its endpoint
was removed). Its body is frozen when it is owed: a retry and a replay send the same bytes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from store import ruling
from store.rules import Rule
from store.tables import alert, attempt, delivery, endpoint

RING_AGAIN = timedelta(seconds=30)
"""An endpoint that was rung for and not taken is rung for again after this."""
OUTAGE = timedelta(minutes=10)
"""When an endpoint answers after failing for longer, whatever waits for it becomes due at once."""

AHEAD = timedelta(minutes=10)
"""A lease or a ring that lies further ahead was written before the clock was set back, and holds nobody up."""

State = Literal["owed", "delivered", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Lease:
    """A hold on one endpoint. *generation* fences it: recording under an old one changes nothing."""

    endpoint_id: int
    owner: str
    generation: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery about to be sent. *attempts* were made before this one, *failures* in a row at its endpoint, since
    *failing_since*; *secrets* are live now, the newest first."""

    id: int
    alert_id: str
    type: str
    sequence: int
    body: bytes = field(repr=False)
    attempts: int
    url: str
    secrets: tuple[str, ...] = field(repr=False)
    failing_since: datetime | None
    failures: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one POST. *status* is 0 where no answer came, *reason* is "" when it was delivered, *elapsed* is in
    seconds, *head* the first bytes of the answer as text."""

    at: datetime
    status: int
    reason: str
    elapsed: float
    head: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a delivery after an attempt. *next_at* is set while it is owed; *quiet_until*: until then nothing
    is sent to the endpoint at all; *disable* says why the endpoint is sent nothing more ("" = it is)."""

    state: State
    next_at: datetime | None = None
    quiet_until: datetime | None = None
    disable: str = ""


def owe(
    connection: sa.Connection,
    alert_id: str,
    endpoint_id: int,
    frozen: Callable[[int], bytes],
    now: datetime,
    next_at: datetime | None = None,
    *,
    disabled_too: bool = False,
) -> int | None:
    """Takes the endpoint's next sequence number and writes the delivery with the bytes that *frozen* makes of it, to be
    sent at *next_at*, or now.

    Call it for endpoints in id order, so that two alerts at once cannot wait for each other. None where the endpoint
    was removed, or disabled unless *disabled_too*, a moment ago.
    """
    open_ = endpoint.c.removed_at.is_(None) if disabled_too else endpoint.c.enabled
    numbered = endpoint.update().where(endpoint.c.id == endpoint_id, open_).values(sequence=endpoint.c.sequence + 1)
    sequence = connection.execute(numbered.returning(endpoint.c.sequence)).scalar_one_or_none()
    if sequence is None:
        return None
    row = {"alert_id": alert_id, "endpoint_id": endpoint_id, "sequence": sequence, "body": frozen(sequence)}
    new = delivery.insert().values(**row, next_at=next_at or now, created_at=now).returning(delivery.c.id)
    return int(connection.execute(new).scalar_one())


def _free(now: datetime) -> sa.ColumnElement[bool]:
    until = endpoint.c.lease_until
    return sa.and_(endpoint.c.enabled, sa.or_(until.is_(None), until <= now, until > now + AHEAD))


def _open(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(endpoint.c.not_before.is_(None), endpoint.c.not_before <= now)


def due_endpoints(connection: sa.Connection, now: datetime, limit: int) -> list[int]:
    """Endpoints that may be sent to and are owed something due, the longest waiting first, now marked as rung for.

    One that is held, or was rung for less than 30 s ago and not taken since, is not named again.
    """
    owed = sa.select(sa.func.min(delivery.c.next_at)).where(delivery.c.endpoint_id == endpoint.c.id)
    since = owed.where(delivery.c.state == "owed").scalar_subquery()
    rung = endpoint.c.rung_at
    quiet = sa.or_(rung.is_(None), rung <= now - RING_AGAIN, rung > now + AHEAD)
    chosen = sa.select(endpoint.c.id).where(_free(now), _open(now), quiet, since <= now)
    chosen = chosen.order_by(since, endpoint.c.id).limit(limit)
    if connection.dialect.name == "postgresql":
        chosen = chosen.with_for_update(of=endpoint, skip_locked=True)
    ids = list(connection.scalars(chosen))
    if ids:
        connection.execute(endpoint.update().where(endpoint.c.id.in_(ids)).values(rung_at=now))
    return ids


def lease(connection: sa.Connection, endpoint_id: int, owner: str, now: datetime, hold: timedelta) -> Lease | None:
    """Takes an endpoint for *hold*. None where somebody holds it, or it is disabled or removed."""
    taken = endpoint.update().where(endpoint.c.id == endpoint_id, _free(now))
    taken = taken.values(
        lease_owner=owner, lease_until=now + hold, lease_generation=endpoint.c.lease_generation + 1
    ).returning(endpoint.c.lease_generation)
    generation = connection.execute(taken).scalar_one_or_none()
    return None if generation is None else Lease(endpoint_id, owner, generation)


def _held(held: Lease) -> sa.ColumnElement[bool]:
    return sa.and_(endpoint.c.id == held.endpoint_id, endpoint.c.lease_generation == held.generation)


def take(
    connection: sa.Connection, held: Lease, now: datetime, hold: timedelta, limit: int, *, only: int | None = None
) -> list[Outgoing]:
    """What is due under a lease, oldest first, at most *limit*; the lease is renewed by *hold*.

    Nothing when the lease was lost, or while the endpoint is disabled or left quiet; in the rule's quiet hours only
    what is urgent. *only* names one owed delivery that is taken whether it is due or not.
    """
    whether = endpoint.c.enabled if only is not None else sa.and_(endpoint.c.enabled, _open(now))
    renewed = endpoint.update().where(_held(held), whether).values(lease_until=now + hold).returning(endpoint)
    to = connection.execute(renewed).first()
    if to is None:
        return []
    if only is None:
        _hush(connection, held.endpoint_id, ruling.kept(to.types, to.min_severity, to.rule), now)
    # Ids first: what is sorted here would otherwise carry its body along.
    first = sa.select(delivery.c.id).where(delivery.c.endpoint_id == held.endpoint_id, delivery.c.state == "owed")
    first = first.where(delivery.c.id == only if only is not None else delivery.c.next_at <= now)
    ids = list(connection.scalars(first.order_by(delivery.c.sequence).limit(limit)))
    chosen = sa.select(delivery, alert.c.type).join(alert, alert.c.id == delivery.c.alert_id)
    rows = connection.execute(chosen.where(delivery.c.id.in_(ids)).order_by(delivery.c.sequence)).all()
    return [_outgoing(row, to, now) for row in rows]


def _hush(connection: sa.Connection, endpoint_id: int, rule: Rule, now: datetime) -> None:
    """In quiet hours what is due waits for their end, whatever made it due, except what is urgent, and tests."""
    end = rule.free_at(now, "")
    if end <= now:
        return
    loud = sa.or_(alert.c.severity.in_(rule.urgent_severities), alert.c.type == "endpoint.test")
    urgent = sa.select(alert.c.id).where(loud)
    due = sa.and_(delivery.c.endpoint_id == endpoint_id, delivery.c.state == "owed", delivery.c.next_at <= now)
    connection.execute(delivery.update().where(due, delivery.c.alert_id.not_in(urgent)).values(next_at=end))


def _outgoing(row: Any, to: Any, now: datetime) -> Outgoing:
    old = (to.old_secret,) if to.old_secret and to.old_secret_until > now else ()
    return Outgoing(
        id=row.id,
        alert_id=row.alert_id,
        type=row.type,
        sequence=row.sequence,
        body=bytes(row.body),
        attempts=row.attempts,
        url=to.url,
        secrets=(to.secret, *old),
        failing_since=to.failing_since,
        failures=to.failures,
    )


def record(
    connection: sa.Connection, held: Lease, sent: Outgoing, came: Attempt, decision: Decision, *, again: bool = False
) -> bool:
    """Keeps an attempt and what was decided after it. False when the lease was lost: then nothing is changed.
    *again*: it was tried before, and whether that was committed nobody knows."""
    before = connection.execute(sa.select(endpoint).where(_held(held)).with_for_update()).first()
    if before is None:
        return False
    noted = sa.select(attempt.c.id).where(attempt.c.delivery_id == sent.id, attempt.c.at == came.at)
    if again and connection.execute(noted.limit(1)).first() is not None:
        return True
    values = {"state": decision.state, "attempts": delivery.c.attempts + 1, "next_at": decision.next_at}
    values["done_at"] = None if decision.state == "owed" else came.at
    connection.execute(delivery.update().where(delivery.c.id == sent.id).values(values))
    kept = {"at": came.at, "status": came.status, "reason": came.reason, "response_head": came.head}
    connection.execute(attempt.insert().values(**kept, delivery_id=sent.id, elapsed_ms=round(came.elapsed * 1000)))
    connection.execute(endpoint.update().where(_held(held)).values(_standing(before, came.at, decision)))
    if decision.state == "delivered" and before.not_before is not None and before.failing_since <= came.at - OUTAGE:
        later = sa.and_(delivery.c.endpoint_id == held.endpoint_id, delivery.c.state == "owed")
        connection.execute(delivery.update().where(later, delivery.c.next_at > came.at).values(next_at=came.at))
    return True


def _standing(before: Any, at: datetime, decision: Decision) -> dict[str, Any]:
    """The endpoint's own columns after an attempt."""
    if decision.state == "delivered":
        return {"failures": 0, "failing_since": None, "not_before": None}
    standing: dict[str, Any] = {"failures": before.failures + 1, "failing_since": before.failing_since or at}
    if decision.quiet_until is not None:
        standing["not_before"] = decision.quiet_until
    if decision.disable:
        standing |= {"enabled": False, "disabled_reason": decision.disable}
    return standing


def release(connection: sa.Connection, held: Lease) -> None:
    """Gives the endpoint back, to be rung for at once where something is still due."""
    connection.execute(endpoint.update().where(_held(held)).values(lease_until=None, rung_at=None))


def heal(connection: sa.Connection, now: datetime) -> int:
    """After the clock went back: what was owed "in the future" is due now instead of a jump later. Returns how many
    deliveries were brought forward."""
    tried = sa.exists().where(attempt.c.delivery_id == delivery.c.id, attempt.c.at > now)
    ahead = sa.and_(delivery.c.state == "owed", delivery.c.next_at > now, sa.or_(delivery.c.created_at > now, tried))
    since = sa.or_(endpoint.c.failing_since > now, endpoint.c.id.in_(sa.select(delivery.c.endpoint_id).where(ahead)))
    connection.execute(endpoint.update().where(endpoint.c.not_before > now, since).values(not_before=now))
    return connection.execute(delivery.update().where(ahead).values(next_at=now)).rowcount


def replay(connection: sa.Connection, delivery_id: int, now: datetime) -> State | None:
    """Owes a delivery again, id and bytes unchanged, with all its attempts before it, ahead of any backoff.

    Returns the state it had; ``cancelled`` stays cancelled, for its endpoint is gone. None for an unknown id. One whose
    endpoint is disabled waits until that is enabled.
    """
    row = connection.execute(sa.select(delivery).where(delivery.c.id == delivery_id)).first()
    if row is None:
        return None
    if removed(connection, row.endpoint_id):
        return "cancelled"
    # The endpoint first, as everywhere: two transactions that lock in two orders would wait for each other.
    opened = {"not_before": sa.case((endpoint.c.not_before > now, now), else_=endpoint.c.not_before), "rung_at": None}
    connection.execute(endpoint.update().where(endpoint.c.id == row.endpoint_id).values(opened))
    again = {"state": "owed", "attempts": 0, "next_at": now, "done_at": None}
    connection.execute(delivery.update().where(delivery.c.id == delivery_id).values(again))
    before: State = row.state
    return before


def removed(connection: sa.Connection, endpoint_id: int) -> bool:
    """Whether the endpoint was removed."""
    gone = sa.select(endpoint.c.removed_at).where(endpoint.c.id == endpoint_id)
    return connection.execute(gone).scalar_one() is not None


def attempts(connection: sa.Connection, delivery_ids: Sequence[int]) -> dict[int, list[Attempt]]:
    """Every attempt of each delivery, the first one first."""
    found: dict[int, list[Attempt]] = {delivery_id: [] for delivery_id in delivery_ids}
    chosen = sa.select(attempt).where(attempt.c.delivery_id.in_(delivery_ids)).order_by(attempt.c.id)
    for row in connection.execute(chosen):
        came = Attempt(row.at, row.status, row.reason, row.elapsed_ms / 1000, row.response_head)
        found[row.delivery_id].append(came)
    return found


def state(connection: sa.Connection, delivery_id: int) -> State:
    """Where a delivery is. Raises NoResultFound for an unknown id."""
    known: State = connection.execute(sa.select(delivery.c.state).where(delivery.c.id == delivery_id)).scalar_one()
    return known


def owed_for(connection: sa.Connection, alert_id: str) -> list[int]:
    """The ids of an alert's deliveries, in order of their endpoints."""
    chosen = sa.select(delivery.c.id).where(delivery.c.alert_id == alert_id).order_by(delivery.c.endpoint_id)
    return list(connection.scalars(chosen))


def depth(connection: sa.Connection, now: datetime) -> tuple[int, datetime | None]:
    """How many deliveries are owed and due to enabled endpoints, and since when the oldest of them is."""
    due = sa.and_(delivery.c.state == "owed", delivery.c.next_at <= now, endpoint.c.enabled)
    counted = sa.select(sa.func.count(), sa.func.min(delivery.c.next_at))
    row = connection.execute(counted.select_from(delivery.join(endpoint)).where(due)).one()
    return int(row[0]), row[1]
