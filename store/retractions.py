"""What was told of a fact change, and to whom: what taking it back needs to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.tables import alert, delivery, fact_change, gathered, version

CARRIERS = ("article.facts_changed", "article.corrected", "article.variants", "article.version_created")
"""The types of alert that carry fact changes."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """An alert that told of a change."""

    id: str
    type: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The change under review with the version that brought it, as an alert about it needs them."""

    change_id: int
    article_id: int
    version_id: int
    severity: str
    number: int
    published: datetime | None
    modified: datetime | None
    seen_old_at: datetime | None
    seen_new_at: datetime
    blind: Any
    sha256_before: str | None
    sha256: str
    chain: str


def reviewed(connection: sa.Connection, change_id: int) -> Reviewed | None:
    """What a retraction says of a change; None where there is no such change."""
    before = version.alias("before")
    own = [
        version.c[name] for name in Reviewed.__slots__ if name in version.c and name not in ("article_id", "severity")
    ]
    query = (
        sa.select(
            fact_change.c.id.label("change_id"),
            fact_change.c.article_id,
            fact_change.c.version_id,
            fact_change.c.severity,
            before.c.sha256.label("sha256_before"),
            *own,
        )
        .join(version, version.c.id == fact_change.c.version_id)
        .outerjoin(
            before, sa.and_(before.c.article_id == version.c.article_id, before.c.number == version.c.number - 1)
        )
        .where(fact_change.c.id == change_id)
    )
    row = connection.execute(query).first()
    return Reviewed(**row._mapping) if row else None


def carriers(connection: sa.Connection, article_id: int, version_id: int) -> tuple[Carrier, ...]:
    """The alerts that told of a version's changes, the first one first."""
    columns = [alert.c[name] for name in Carrier.__slots__]
    told = sa.select(*columns).where(
        alert.c.type.in_(CARRIERS), alert.c.subject == f"article:{article_id}", alert.c.cause == f"version:{version_id}"
    )
    rows = connection.execute(told.order_by(alert.c.created_at, alert.c.type))
    return tuple(Carrier(**row._mapping) for row in rows)


def told_of(connection: sa.Connection, change_id: int) -> tuple[Carrier, ...]:
    """The alerts that told of a change, the first one first."""
    place = sa.select(fact_change.c.article_id, fact_change.c.version_id).where(fact_change.c.id == change_id)
    row = connection.execute(place).first()
    return carriers(connection, row.article_id, row.version_id) if row else ()


def retraction_of(connection: sa.Connection, change_id: int) -> Carrier | None:
    """The alert that took a change back."""
    columns = [alert.c[name] for name in Carrier.__slots__]
    sent = sa.select(*columns).where(alert.c.type == "alert.retracted", alert.c.cause == cause(change_id))
    place = sa.select(fact_change.c.article_id).where(fact_change.c.id == change_id)
    article_id = connection.execute(place).scalar_one_or_none()
    row = connection.execute(sent.where(alert.c.subject == f"article:{article_id}")).first()
    return Carrier(**row._mapping) if row else None


def cause(change_id: int) -> str:
    """What the retraction of a change names as its cause, so that there is one."""
    return f"change:{change_id}"


def receivers(connection: sa.Connection, alert_ids: Sequence[str]) -> frozenset[int]:
    """The endpoints that one of these alerts was owed to, alone or in a digest."""
    alone = sa.select(delivery.c.endpoint_id).where(delivery.c.alert_id.in_(alert_ids))
    together = sa.select(gathered.c.endpoint_id).where(gathered.c.alert_id.in_(alert_ids))
    return frozenset(connection.execute(alone.union(together)).scalars())
