"""What was told, about one article or about any, to whom, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.deliveries import Attempt, attempts
from store.tables import alert, delivery, endpoint
from store.views.listing import shown_url

ABOUT_ARTICLES = (
    "article.facts_changed",
    "article.corrected",
    "article.settled",
    "article.withdrawn",
    "article.restored",
    "article.variants",
    "article.version_created",
    "alert.retracted",
)
"""Types of alert whose subject is an article."""


@dataclass(frozen=True, slots=True)
class SentRow:
    """An alert's way to one endpoint with every attempt, the first one first. *removed*: the endpoint is gone."""

    id: int
    endpoint_id: int
    endpoint_url: str
    state: str
    next_at: datetime | None
    removed: bool
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert. *subject* is ``article:ID`` or ``feed:ID``, *cause* ``version:ID`` or what else gave rise to it."""

    id: str
    type: str
    subject: str
    severity: str
    cause: str
    created_at: datetime
    sent: tuple[SentRow, ...] = ()


_COLUMNS = [alert.c[name] for name in AlertRow.__slots__ if name != "sent"]


def alerts_about(connection: sa.Connection, article_id: int, types: Sequence[str], limit: int) -> tuple[AlertRow, ...]:
    """The last alerts of these types about an article, the newest first, without their deliveries."""
    return _alerts(connection, article_id, alert.c.type.in_(types), limit)


def alerts_of_version(connection: sa.Connection, article_id: int, version_id: int) -> tuple[AlertRow, ...]:
    """What a version gave rise to, with deliveries and attempts."""
    caused = sa.and_(alert.c.type.in_(ABOUT_ARTICLES), alert.c.cause == f"version:{version_id}")
    return with_deliveries(connection, _alerts(connection, article_id, caused, len(ABOUT_ARTICLES)))


def _alerts(
    connection: sa.Connection, article_id: int, wanted: sa.ColumnElement[bool], limit: int
) -> tuple[AlertRow, ...]:
    query = sa.select(*_COLUMNS).where(alert.c.subject == f"article:{article_id}", wanted)
    found = connection.execute(query.order_by(alert.c.created_at.desc(), alert.c.id).limit(limit))
    return tuple(AlertRow(*row) for row in found)


def alerts(
    connection: sa.Connection,
    types: Sequence[str],
    limit: int,
    *,
    since: datetime | None = None,
    before: tuple[datetime, str] | None = None,
) -> tuple[AlertRow, ...]:
    """The last *limit* alerts of these types, the newest first, without their deliveries; told at *since* or later, and
    those behind the place *before* alone."""
    conditions = [alert.c.created_at >= since] if since else []
    if before is not None:
        at, key = before
        conditions.append(sa.or_(alert.c.created_at < at, sa.and_(alert.c.created_at == at, alert.c.id < key)))
    found: list[AlertRow] = []
    for each in dict.fromkeys(types):  # one after the other: so the index of types and moments gives each in its order
        query = sa.select(*_COLUMNS).where(alert.c.type == each, *conditions)
        rows = connection.execute(query.order_by(alert.c.created_at.desc(), alert.c.id.desc()).limit(limit))
        found += (AlertRow(*row) for row in rows)
    return tuple(sorted(found, key=lambda row: (row.created_at, row.id), reverse=True)[:limit])


def alert_by(connection: sa.Connection, alert_id: str) -> tuple[AlertRow, Any] | None:
    """One alert, and what the ``data`` of its webhook holds beside schema, engine, alert_id and sequence."""
    row = connection.execute(sa.select(*_COLUMNS, alert.c.body).where(alert.c.id == alert_id)).first()
    if row is None:
        return None
    known = dict(row._mapping)
    body = known.pop("body")
    return AlertRow(**known), body or {}


def with_deliveries(connection: sa.Connection, alerts: Sequence[AlertRow]) -> tuple[AlertRow, ...]:
    """The same alerts with where they went, in the order of the endpoints."""
    query = (
        sa.select(delivery.c.id, delivery.c.alert_id, delivery.c.endpoint_id, delivery.c.state, delivery.c.next_at)
        .add_columns(endpoint.c.url, endpoint.c.removed_at)
        .join(endpoint, endpoint.c.id == delivery.c.endpoint_id)
        .where(delivery.c.alert_id.in_([each.id for each in alerts]))
        .order_by(delivery.c.endpoint_id)
    )
    rows = connection.execute(query).all() if alerts else []
    tried = attempts(connection, [row.id for row in rows]) if rows else {}
    sent: dict[str, list[SentRow]] = {}
    for row in rows:
        gone = row.removed_at is not None
        url = shown_url(row.url)
        made = SentRow(row.id, row.endpoint_id, url, row.state, row.next_at, gone, tuple(tried[row.id]))
        sent.setdefault(row.alert_id, []).append(made)
    return tuple(replace(each, sent=tuple(sent.get(each.id, ()))) for each in alerts)
