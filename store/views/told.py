"""What was told about one article, to whom, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
    """An alert about an article. *cause* is ``version:ID`` or what else gave rise to it."""

    id: str
    type: str
    severity: str
    cause: str
    created_at: datetime
    sent: tuple[SentRow, ...] = ()


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
    columns = (alert.c.id, alert.c.type, alert.c.severity, alert.c.cause, alert.c.created_at)
    query = sa.select(*columns).where(alert.c.subject == f"article:{article_id}", wanted)
    found = connection.execute(query.order_by(alert.c.created_at.desc(), alert.c.id).limit(limit))
    return tuple(AlertRow(row.id, row.type, row.severity, row.cause, row.created_at) for row in found)


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
    return tuple(
        AlertRow(each.id, each.type, each.severity, each.cause, each.created_at, tuple(sent.get(each.id, ())))
        for each in alerts
    )
