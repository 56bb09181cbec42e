"""Endpoints and deliveries as people and programs see them: never a secret."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

import sqlalchemy as sa

from store.deliveries import State
from store.ruling import kept, spelt
from store.tables import alert, article, delivery, endpoint, feed, gathered
from store.views.listing import Cut, Listing, cut_out, newest_first, shown_url


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """Where webhooks go, and the rule that says what it is told (docs/webhooks.md). *failing_since*: no success since;
    *not_before*: nothing is sent until then; *owed* and *failed* deliveries, *gathered* alerts for its next digest."""

    id: int
    url: str
    types: tuple[str, ...]
    min_severity: str
    rule: Mapping[str, Any]
    enabled: bool
    disabled_reason: str
    sequence: int
    failures: int
    failing_since: datetime | None
    not_before: datetime | None
    old_secret_until: datetime | None
    created_at: datetime
    owed: int
    failed: int
    gathered: int

    @property
    def state(self) -> str:
        """``enabled``, ``failing`` or ``disabled``."""
        return ("failing" if self.failing_since else "enabled") if self.enabled else "disabled"


@dataclass(frozen=True, slots=True)
class EndpointName:
    """An endpoint as a choice."""

    id: int
    url: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One alert's way to one endpoint. *subject* is what it is about: ``article:12``, ``feed:3``, ``endpoint:1``."""

    id: int
    alert_id: str
    type: str
    severity: str
    subject: str
    endpoint_id: int
    endpoint_url: str
    sequence: int
    state: str
    attempts: int
    next_at: datetime | None
    created_at: datetime
    done_at: datetime | None


_COUNTED = ("owed", "failed", "gathered")
_ENDPOINT = [endpoint.c[name] for name in EndpointRow.__slots__ if name not in _COUNTED]
_OF_ALERT = ("type", "severity", "subject")
_FROM_DELIVERY = [name for name in DeliveryRow.__slots__ if name not in (*_OF_ALERT, "endpoint_url")]
_DELIVERY = (
    sa.select(
        *(delivery.c[name] for name in _FROM_DELIVERY),
        *(alert.c[name] for name in _OF_ALERT),
        endpoint.c.url.label("goes_to"),
    )
    .join(alert, alert.c.id == delivery.c.alert_id)
    .join(endpoint, endpoint.c.id == delivery.c.endpoint_id)
)


def _read_endpoint(row: Any) -> EndpointRow:
    known = {name: getattr(row, name) for name in EndpointRow.__slots__ if name not in ("url", "types", "rule")}
    rule = spelt(kept(row.types, row.min_severity, row.rule))
    return EndpointRow(**known, url=shown_url(row.url), types=tuple(row.types or ()), rule=rule)


def _with_counts() -> sa.Select[Any]:
    mine = sa.select(sa.func.count()).where(delivery.c.endpoint_id == endpoint.c.id)
    unsent = sa.and_(gathered.c.endpoint_id == endpoint.c.id, gathered.c.digest_id.is_(None))
    return sa.select(
        *_ENDPOINT,
        mine.where(delivery.c.state == "owed").scalar_subquery().label("owed"),
        mine.where(delivery.c.state == "failed").scalar_subquery().label("failed"),
        sa.select(sa.func.count()).where(unsent).scalar_subquery().label("gathered"),
    ).where(endpoint.c.removed_at.is_(None))


def _read_delivery(row: Any) -> DeliveryRow:
    known = {name: getattr(row, name) for name in (*_FROM_DELIVERY, *_OF_ALERT)}
    return DeliveryRow(**known, endpoint_url=shown_url(row.goes_to))


def endpoints(connection: sa.Connection, cut: Cut) -> Listing[EndpointRow]:
    """Endpoints, the last one added first. Raises CursorError."""
    return newest_first(connection, _with_counts(), endpoint.c.id, cut, _read_endpoint)


def endpoint_names(connection: sa.Connection, limit: int, chosen: int | None = None) -> tuple[EndpointName, ...]:
    """The endpoints added last, removed ones too; the *chosen* one is among them."""
    newest = sa.select(endpoint.c.id).order_by(endpoint.c.id.desc()).limit(limit)
    among = sa.or_(endpoint.c.id.in_(newest), endpoint.c.id == chosen) if chosen else endpoint.c.id.in_(newest)
    rows = connection.execute(sa.select(endpoint.c.id, endpoint.c.url).where(among).order_by(endpoint.c.id.desc()))
    return tuple(EndpointName(row.id, shown_url(row.url)) for row in rows)


def endpoint_by(connection: sa.Connection, endpoint_id: int) -> EndpointRow | None:
    """One endpoint that was not removed."""
    row = connection.execute(_with_counts().where(endpoint.c.id == endpoint_id)).first()
    return _read_endpoint(row) if row else None


def deliveries(
    connection: sa.Connection, cut: Cut, *, state: str = "", endpoint_id: int | None = None
) -> Listing[DeliveryRow]:
    """Deliveries, the last one made first; to one endpoint or in one state where asked, of which ``retrying`` is owed
    and has failed so far. Raises CursorError."""
    key, mine = delivery.c.id, [delivery.c.endpoint_id == endpoint_id] if endpoint_id is not None else []
    if state == "retrying":
        mine.append(delivery.c.attempts > 0)
    if state:
        query = _DELIVERY.where(delivery.c.state == ("owed" if state == "retrying" else state), *mine)
        return newest_first(connection, query, key, cut, _read_delivery)
    if not mine:
        return newest_first(connection, _DELIVERY, key, cut, _read_delivery)
    # The newest in each state by the index that has them in order; together they would all be sorted first.
    one = cut_out(sa.select(key).where(*mine), key, cut)
    ids = [found for each in get_args(State) for found in connection.scalars(one.where(delivery.c.state == each))]
    return newest_first(connection, _DELIVERY.where(key.in_(ids)), key, cut, _read_delivery)


def delivery_by(connection: sa.Connection, delivery_id: int) -> DeliveryRow | None:
    """One delivery."""
    row = connection.execute(_DELIVERY.where(delivery.c.id == delivery_id)).first()
    return _read_delivery(row) if row else None


def titles(connection: sa.Connection, subjects: Collection[str]) -> dict[str, str]:
    """Subject → the title of the article or feed that it names; those that are gone or have none are left out."""
    found: dict[str, str] = {}
    for kind, table in (("article", article), ("feed", feed)):
        ids = {int(each.partition(":")[2]) for each in subjects if each.startswith(f"{kind}:")}
        named = sa.select(table.c.id, table.c.title).where(table.c.id.in_(ids), table.c.title != "")
        found |= {f"{kind}:{row.id}": row.title for row in connection.execute(named)} if ids else {}
    return found
