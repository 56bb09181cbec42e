"""Endpoints and deliveries as people and programs see them: never a secret."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.tables import alert, delivery, endpoint
from store.views.listing import Cut, Listing, newest_first, shown_url


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """Where webhooks go. Empty *types* are all types that are not opt-in."""

    id: int
    url: str
    types: tuple[str, ...]
    min_severity: str
    enabled: bool
    disabled_reason: str
    sequence: int
    failures: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One alert's way to one endpoint."""

    id: int
    alert_id: str
    type: str
    severity: str
    endpoint_id: int
    endpoint_url: str
    sequence: int
    state: str
    attempts: int
    next_at: datetime | None
    created_at: datetime
    done_at: datetime | None


_ENDPOINT = [endpoint.c[name] for name in EndpointRow.__slots__]
_FROM_DELIVERY = [name for name in DeliveryRow.__slots__ if name not in ("type", "severity", "endpoint_url")]
_DELIVERY = (
    sa.select(
        *(delivery.c[name] for name in _FROM_DELIVERY), alert.c.type, alert.c.severity, endpoint.c.url.label("goes_to")
    )
    .join(alert, alert.c.id == delivery.c.alert_id)
    .join(endpoint, endpoint.c.id == delivery.c.endpoint_id)
)


def _read_endpoint(row: Any) -> EndpointRow:
    known = {name: getattr(row, name) for name in EndpointRow.__slots__ if name not in ("url", "types")}
    return EndpointRow(**known, url=shown_url(row.url), types=tuple(row.types or ()))


def _read_delivery(row: Any) -> DeliveryRow:
    known = {name: getattr(row, name) for name in (*_FROM_DELIVERY, "type", "severity")}
    return DeliveryRow(**known, endpoint_url=shown_url(row.goes_to))


def endpoints(connection: sa.Connection, cut: Cut) -> Listing[EndpointRow]:
    """Endpoints, the last one added first. Raises CursorError."""
    live = sa.select(*_ENDPOINT).where(endpoint.c.removed_at.is_(None))
    return newest_first(connection, live, endpoint.c.id, cut, _read_endpoint)


def deliveries(connection: sa.Connection, cut: Cut, *, state: str = "") -> Listing[DeliveryRow]:
    """Deliveries, the last one made first; in one state where asked. Raises CursorError."""
    query = _DELIVERY.where(delivery.c.state == state) if state else _DELIVERY
    return newest_first(connection, query, delivery.c.id, cut, _read_delivery)
