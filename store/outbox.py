"""Work owed: written in the transaction that owes it, leased by a worker, closed in the transaction that does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from store.tables import outbox

LEASE = timedelta(seconds=45)
"""Killed work is found within a minute: the lease and one round of the relay."""
CHARGES = 3
"""So often may a piece of work cost its worker the life before it is parked."""
RING_AGAIN = timedelta(seconds=30)
"""Work that was rung for and not taken is rung for again after this."""

AHEAD = timedelta(minutes=10)
"""A lease, a ring or a rest that lies further ahead was written before the clock was set back, and holds nothing up."""


@dataclass(frozen=True, slots=True)
class Work:
    """A leased row. *generation* fences it: closing it with an old one changes nothing."""

    id: int
    kind: str
    snapshot_id: int | None
    payload: Mapping[str, Any]
    generation: int
    attempts: int


def owe(
    connection: sa.Connection,
    kind: str,
    *,
    subject: str,
    now: datetime,
    snapshot_id: int | None = None,
    payload: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
) -> int:
    """Writes down work of one of the kinds ``feed``, ``page``, ``preview``, ``transition``; returns its id. *subject*
    (``article:12``, ``feed:3``) orders it: what concerns one article is done one after the other, in order of ids."""
    row: dict[str, Any] = {"kind": kind, "subject": subject, "snapshot_id": snapshot_id, "payload": payload}
    row |= {"not_before": not_before, "created_at": now}
    key = connection.execute(outbox.insert().values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _takeable(now: datetime) -> sa.ColumnElement[bool]:
    until, rests = outbox.c.lease_until, outbox.c.not_before
    return sa.and_(
        outbox.c.state == "owed",
        sa.or_(rests.is_(None), rests <= now, rests > now + AHEAD),
        sa.or_(until.is_(None), until <= now, until > now + AHEAD),
    )


def to_ring(connection: sa.Connection, now: datetime, limit: int) -> list[tuple[int, int]]:
    """The oldest work that nobody holds and nobody was rung for lately, now marked as rung: (id, charges) each."""
    rung = outbox.c.rung_at
    quiet = sa.or_(rung.is_(None), rung <= now - RING_AGAIN, rung > now + AHEAD)
    chosen = sa.select(outbox.c.id).where(_takeable(now), quiet)
    chosen = chosen.order_by(outbox.c.kind != "preview", outbox.c.id).limit(limit)  # somebody waits for a dry run
    if connection.dialect.name == "postgresql":
        chosen = chosen.with_for_update(skip_locked=True)
    marked = outbox.update().where(outbox.c.id.in_(chosen)).values(rung_at=now)
    rows = connection.execute(marked.returning(outbox.c.id, outbox.c.charges)).all()
    return sorted((int(row.id), int(row.charges)) for row in rows)


def mark_rung(connection: sa.Connection, ids: Sequence[int], now: datetime) -> None:
    """Notes that these were rung for, so that the relay does not ring for them again at once."""
    connection.execute(outbox.update().where(outbox.c.id.in_(ids)).values(rung_at=now))


def lease(connection: sa.Connection, ids: Sequence[int], owner: str, now: datetime) -> list[Work]:
    """Takes those of *ids* that are owed, due, free and next in line for their subject, under a lease of 45 s. What
    was behind another of the same subject can be taken once that one is closed."""
    if not ids:
        return []
    first = outbox.alias()
    older = sa.exists().where(first.c.subject == outbox.c.subject, first.c.state == "owed", first.c.id < outbox.c.id)
    taken = (
        outbox.update()
        .where(outbox.c.id.in_(ids), _takeable(now), ~older)
        .values(
            lease_owner=owner,
            lease_until=now + LEASE,
            lease_generation=outbox.c.lease_generation + 1,
            attempts=outbox.c.attempts + 1,
        )
        .returning(outbox)
    )
    rows = sorted(connection.execute(taken).all(), key=lambda row: int(row.id))
    return [
        Work(row.id, row.kind, row.snapshot_id, row.payload or {}, row.lease_generation, row.attempts) for row in rows
    ]


def _held(work: Work) -> sa.ColumnElement[bool]:
    fence = outbox.c.lease_generation == work.generation
    return sa.and_(outbox.c.id == work.id, fence, outbox.c.state == "owed")


def renew(connection: sa.Connection, works: Sequence[Work], now: datetime) -> None:
    """Extends the leases that are still held."""
    if works:
        held = sa.or_(*(_held(work) for work in works))
        connection.execute(outbox.update().where(held).values(lease_until=now + LEASE))


def close(
    connection: sa.Connection, work: Work, now: datetime, reason: str = "", outcome: Mapping[str, Any] | None = None
) -> bool:
    """Closes work inside the transaction that did it. False when the lease was lost: then roll everything back."""
    done = {"state": "done", "done_at": now, "reason": reason, "outcome": outcome, "lease_until": None}
    return connection.execute(outbox.update().where(_held(work)).values(done)).rowcount == 1


def hand_back(connection: sa.Connection, works: Sequence[Work], not_before: datetime | None = None) -> None:
    """Frees work that was taken and not begun, to be rung for at once or at *not_before*."""
    if works:
        held = sa.or_(*(_held(work) for work in works))
        freed = {"lease_until": None, "rung_at": None, "not_before": not_before}
        connection.execute(outbox.update().where(held).values(freed))


def charge(connection: sa.Connection, work_id: int, reason: str, now: datetime) -> bool:
    """Books a death of a worker on this work alone; the third one parks it. True when it is parked."""
    row = connection.execute(
        outbox.update()
        .where(outbox.c.id == work_id, outbox.c.state == "owed")
        .values(charges=outbox.c.charges + 1, reason=reason, lease_until=None, rung_at=None)
        .returning(outbox.c.charges)
    ).first()
    if row is None or row.charges < CHARGES:
        return False
    connection.execute(outbox.update().where(outbox.c.id == work_id).values(state="parked", done_at=now))
    return True


def release_owner(
    connection: sa.Connection, owner: str, but: int | None = None, not_before: datetime | None = None
) -> None:
    """Frees everything that a worker held who died or failed, except the one that is charged, to be rung for at once or
    at *not_before*."""
    held = sa.and_(outbox.c.lease_owner == owner, outbox.c.lease_until.is_not(None), outbox.c.state == "owed")
    freed: dict[str, Any] = {"lease_until": None, "rung_at": None}
    if not_before is not None:
        freed["not_before"] = not_before
    connection.execute(outbox.update().where(held, outbox.c.id != (but or 0)).values(freed))


def depth(connection: sa.Connection, now: datetime) -> tuple[int, datetime | None]:
    """How much work is owed and due, and since when the oldest waits."""
    due = sa.and_(outbox.c.state == "owed", sa.or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now))
    row = connection.execute(sa.select(sa.func.count(), sa.func.min(outbox.c.created_at)).where(due)).one()
    return int(row[0]), row[1]


def outcome(connection: sa.Connection, work_id: int) -> tuple[str, str, Mapping[str, Any] | None]:
    """(state, reason, outcome) of one row. Raises NoResultFound for an unknown id."""
    row = connection.execute(
        sa.select(outbox.c.state, outbox.c.reason, outbox.c.outcome).where(outbox.c.id == work_id)
    ).one()
    return row.state, row.reason, row.outcome


def forget_done(connection: sa.Connection, before: datetime) -> int:
    """Deletes work done before then; returns how much."""
    old = sa.and_(outbox.c.state == "done", outbox.c.done_at < before)
    return connection.execute(outbox.delete().where(old)).rowcount
