"""Endpoints: where webhooks go, what each wants to hear, and the secrets that sign."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from store.rules import EVERYTHING, Rule
from store.ruling import columns, kept
from store.tables import delivery, endpoint, gathered

OVERLAP = timedelta(hours=24)
"""After a rotation the old secret signs beside the new one for so long."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where webhooks go, and the rule that says what it is told. *failing_since* is when the first attempt after the
    last good one failed; *sequence* is the number of its newest delivery."""

    id: int
    url: str
    secret: str = field(repr=False)
    old_secret: str | None = field(repr=False)
    old_secret_until: datetime | None
    rule: Rule
    enabled: bool
    disabled_reason: str
    sequence: int
    failures: int
    failing_since: datetime | None
    not_before: datetime | None
    created_at: datetime


def _read(row: Any) -> Endpoint:
    known = {name: getattr(row, name) for name in Endpoint.__slots__ if name != "rule"}
    return Endpoint(**known, rule=kept(row.types, row.min_severity, row.rule))


_LIVE = endpoint.c.removed_at.is_(None)


def add(connection: sa.Connection, *, url: str, secret: str, rule: Rule = EVERYTHING, now: datetime) -> Endpoint:
    """Adds an endpoint; without a *rule* it is told all that is not opt-in."""
    row = {"url": url, "secret": secret, "created_at": now, **columns(rule)}
    return _read(connection.execute(endpoint.insert().values(row).returning(endpoint)).one())


def listing(connection: sa.Connection) -> list[Endpoint]:
    """Every endpoint that was not removed, in the order they were added."""
    return [_read(row) for row in connection.execute(sa.select(endpoint).where(_LIVE).order_by(endpoint.c.id))]


def get(connection: sa.Connection, endpoint_id: int) -> Endpoint | None:
    """One endpoint; None where it never was or is removed."""
    row = connection.execute(sa.select(endpoint).where(endpoint.c.id == endpoint_id, _LIVE)).first()
    return _read(row) if row else None


def listening(connection: sa.Connection, also: Collection[int] = ()) -> list[tuple[int, Rule]]:
    """The enabled endpoints and their rules, by id; and those of *also* that are disabled.

    Every one of them is held until the end of the transaction, told or not: transactions that each tell several alerts
    would otherwise take their endpoints in different orders and wait for each other.
    """
    columns_ = (endpoint.c.id, endpoint.c.types, endpoint.c.min_severity, endpoint.c.rule)
    chosen = sa.select(*columns_).where(sa.or_(endpoint.c.enabled, endpoint.c.id.in_(also)), _LIVE)
    rows = connection.execute(chosen.order_by(endpoint.c.id).with_for_update(key_share=True)).all()
    return [(row.id, kept(row.types, row.min_severity, row.rule)) for row in rows]


def _change(connection: sa.Connection, endpoint_id: int, **values: Any) -> Endpoint | None:
    changed = endpoint.update().where(endpoint.c.id == endpoint_id, _LIVE).values(values).returning(endpoint)
    row = connection.execute(changed).first()
    return _read(row) if row else None


def rotate(connection: sa.Connection, endpoint_id: int, secret: str, now: datetime) -> Endpoint | None:
    """Signs with a new secret, and with the one before as well for a day. None for an unknown endpoint."""
    old = {"old_secret": endpoint.c.secret, "old_secret_until": now + OVERLAP}
    return _change(connection, endpoint_id, secret=secret, **old)


def enable(connection: sa.Connection, endpoint_id: int, now: datetime) -> Endpoint | None:
    """Sends to it again, with a clean record; what is still owed is due at once. None for an unknown endpoint."""
    clean = {"failures": 0, "failing_since": None, "not_before": None, "rung_at": None}
    enabled = _change(connection, endpoint_id, enabled=True, disabled_reason="", **clean)
    if enabled:
        owed = sa.and_(delivery.c.endpoint_id == endpoint_id, delivery.c.state == "owed")
        connection.execute(delivery.update().where(owed).values(next_at=now))
    return enabled


def set_rule(connection: sa.Connection, endpoint_id: int, rule: Rule, now: datetime) -> Endpoint | None:
    """Tells it by another rule from now on; what is owed and was not tried yet is due, and waits for the new quiet
    hours when it is taken. None for an unknown endpoint."""
    ruled = _change(connection, endpoint_id, rung_at=None, **columns(rule))
    if ruled:
        untried = sa.and_(delivery.c.endpoint_id == endpoint_id, delivery.c.state == "owed", delivery.c.attempts == 0)
        connection.execute(delivery.update().where(untried).values(next_at=now))
    return ruled


def disable(connection: sa.Connection, endpoint_id: int, reason: str) -> Endpoint | None:
    """Sends nothing more; what is owed waits, and new alerts are not owed to it. None for an unknown endpoint."""
    return _change(connection, endpoint_id, enabled=False, disabled_reason=reason)


def remove(connection: sa.Connection, endpoint_id: int, now: datetime) -> int | None:
    """Forgets an endpoint's secrets, keeps its history, cancels what is owed; returns how much that was.

    Whoever holds its lease is fenced off: what they still send changes nothing here. None for an unknown endpoint.
    """
    gone = {"enabled": False, "disabled_reason": "removed", "removed_at": now, "secret": "", "old_secret": None}
    fence = {"lease_generation": endpoint.c.lease_generation + 1, "lease_until": None}
    if _change(connection, endpoint_id, **gone, **fence) is None:
        return None
    owed = sa.and_(delivery.c.endpoint_id == endpoint_id, delivery.c.state == "owed")
    unsent = sa.and_(gathered.c.endpoint_id == endpoint_id, gathered.c.digest_id.is_(None))
    connection.execute(gathered.delete().where(unsent))
    cancelled = delivery.update().where(owed).values(state="cancelled", next_at=None, done_at=now)
    return connection.execute(cancelled).rowcount
