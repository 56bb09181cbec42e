"""Digests: what an endpoint is told together. An alert waits here until the message that names it is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.engine import insert
from store.rules import Rule
from store.ruling import kept
from store.tables import alert, endpoint, gathered

AT_ONCE = 500
"""Alerts taken in one transaction; what is more goes into the next message."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An endpoint that alerts wait for, the oldest since *first*."""

    endpoint_id: int
    rule: Rule
    first: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One alert that waits; *body* is what its ``data`` holds."""

    alert_id: str
    type: str
    severity: str
    body: Any
    at: datetime


def gather(connection: sa.Connection, alert_id: str, endpoint_id: int, now: datetime) -> None:
    """Puts an alert into the endpoint's next digest, once."""
    row = {"alert_id": alert_id, "endpoint_id": endpoint_id, "created_at": now}
    connection.execute(insert(connection, gathered).values(row).on_conflict_do_nothing())


def waiting(connection: sa.Connection) -> list[Waiting]:
    """The enabled endpoints that something is gathered for, by id."""
    first = sa.func.min(gathered.c.created_at, type_=gathered.c.created_at.type).label("first")
    since = sa.select(gathered.c.endpoint_id, first).where(gathered.c.digest_id.is_(None))
    found = since.group_by(gathered.c.endpoint_id).subquery()
    columns = (endpoint.c.id, endpoint.c.types, endpoint.c.min_severity, endpoint.c.rule, found.c.first)
    chosen = sa.select(*columns).join(found, found.c.endpoint_id == endpoint.c.id).where(endpoint.c.enabled)
    return [
        Waiting(row.id, kept(row.types, row.min_severity, row.rule), row.first)
        for row in connection.execute(chosen.order_by(endpoint.c.id))
    ]


def heal(connection: sa.Connection, now: datetime) -> None:
    """After the clock went back: what was gathered "in the future" waits from now on, and not a jump longer."""
    ahead = sa.and_(gathered.c.digest_id.is_(None), gathered.c.created_at > now)
    connection.execute(gathered.update().where(ahead).values(created_at=now))


def take(connection: sa.Connection, endpoint_id: int) -> list[Item]:
    """What waits for an enabled endpoint, oldest first, at most 500; the endpoint is held until the end of the
    transaction, so that of two relays one takes all and the other nothing."""
    mine = sa.select(endpoint.c.id).where(endpoint.c.id == endpoint_id, endpoint.c.enabled).with_for_update()
    if connection.execute(mine).first() is None:
        return []
    unsent = sa.and_(gathered.c.endpoint_id == endpoint_id, gathered.c.digest_id.is_(None))
    chosen = sa.select(alert).join(gathered, gathered.c.alert_id == alert.c.id).where(unsent)
    rows = connection.execute(chosen.order_by(gathered.c.id).limit(AT_ONCE))
    return [Item(row.id, row.type, row.severity, row.body or {}, row.created_at) for row in rows]


def cover(connection: sa.Connection, endpoint_id: int, alert_ids: Sequence[str], digest_id: str) -> None:
    """Notes which digest names these alerts, in the transaction that owes it."""
    named = sa.and_(gathered.c.endpoint_id == endpoint_id, gathered.c.alert_id.in_(alert_ids))
    connection.execute(gathered.update().where(named, gathered.c.digest_id.is_(None)).values(digest_id=digest_id))
