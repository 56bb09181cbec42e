"""Endpoints: where webhooks go, what each wants to hear, and the secrets that sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from facts.model import SEVERITIES
from store.tables import delivery, endpoint

OVERLAP = timedelta(hours=24)
"""After a rotation the old secret signs beside the new one for so long."""

TYPES = (
    "article.facts_changed",
    "article.corrected",
    "article.settled",
    "article.withdrawn",
    "article.restored",
    "article.variants",
    "article.version_created",
    "alert.retracted",
    "feed.failing",
    "feed.recovered",
)
"""What an endpoint may ask for. ``endpoint.test`` is not among them: it goes to the endpoint under test alone."""
OPT_IN = frozenset({"article.version_created"})
"""Types that are sent only where they are asked for by name."""

_LOUDNESS: Mapping[str, int] = {name: loudness for loudness, name in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where webhooks go. Empty *types*: all that are not opt-in; empty *min_severity*: all. *failing_since* is when the
    first attempt after the last good one failed; *sequence* is the number of its newest delivery."""

    id: int
    url: str
    secret: str = field(repr=False)
    old_secret: str | None = field(repr=False)
    old_secret_until: datetime | None
    types: tuple[str, ...]
    min_severity: str
    enabled: bool
    disabled_reason: str
    sequence: int
    failures: int
    failing_since: datetime | None
    not_before: datetime | None
    created_at: datetime


def _read(row: Any) -> Endpoint:
    known = {name: getattr(row, name) for name in Endpoint.__slots__ if name != "types"}
    return Endpoint(**known, types=tuple(row.types or ()))


_LIVE = endpoint.c.removed_at.is_(None)


def add(
    connection: sa.Connection,
    *,
    url: str,
    secret: str,
    types: Sequence[str] = (),
    min_severity: str = "",
    now: datetime,
) -> Endpoint:
    """Adds an endpoint. Raises ValueError for an unknown type or severity."""
    unknown = [each for each in types if each not in TYPES]
    if unknown:
        raise ValueError(f"no event type {unknown[0]!r}; there are {', '.join(TYPES)}")
    if min_severity and min_severity not in SEVERITIES:
        raise ValueError(f"no severity {min_severity!r}; there are {', '.join(SEVERITIES)}")
    row = {"url": url, "secret": secret, "types": list(types) or None, "min_severity": min_severity, "created_at": now}
    return _read(connection.execute(endpoint.insert().values(row).returning(endpoint)).one())


def listing(connection: sa.Connection) -> list[Endpoint]:
    """Every endpoint that was not removed, in the order they were added."""
    return [_read(row) for row in connection.execute(sa.select(endpoint).where(_LIVE).order_by(endpoint.c.id))]


def get(connection: sa.Connection, endpoint_id: int) -> Endpoint | None:
    """One endpoint; None where it never was or is removed."""
    row = connection.execute(sa.select(endpoint).where(endpoint.c.id == endpoint_id, _LIVE)).first()
    return _read(row) if row else None


def wanting(connection: sa.Connection, type: str, severity: str) -> list[int]:  # noqa: A002
    """The enabled endpoints that want an event of this type and severity ("" = it has none), by id.

    Every enabled endpoint is held until the end of the transaction, wanted or not: transactions that each tell several
    alerts would otherwise take their endpoints in different orders and wait for each other.
    """
    chosen = sa.select(endpoint.c.id, endpoint.c.types, endpoint.c.min_severity).where(endpoint.c.enabled, _LIVE)
    rows = connection.execute(chosen.order_by(endpoint.c.id).with_for_update(key_share=True)).all()
    return [row.id for row in rows if wants(tuple(row.types or ()), row.min_severity, type, severity)]


def wants(types: Sequence[str], min_severity: str, type: str, severity: str) -> bool:  # noqa: A002
    """Whether filters let an event pass. One without a severity passes every least severity."""
    if type not in types and (types or type in OPT_IN):
        return False
    if not min_severity or not severity:
        return True
    return _LOUDNESS[severity] >= _LOUDNESS[min_severity]


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
    cancelled = delivery.update().where(owed).values(state="cancelled", next_at=None, done_at=now)
    return connection.execute(cancelled).rowcount
