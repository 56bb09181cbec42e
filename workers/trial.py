"""A test of an endpoint: an ``endpoint.test`` that is owed to it alone and sent the usual way."""

from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from store import alerts, deliveries
from workers.bodies import ENGINE


def owe_test(connection: sa.Connection, endpoint_id: int, now: datetime) -> tuple[int, str] | None:
    """The ids of the delivery and the alert; None where the endpoint is disabled. It must exist."""
    alert_id = alerts.tell(
        connection,
        type="endpoint.test",
        subject=f"endpoint:{endpoint_id}",
        cause=uuid4().hex,
        engine=ENGINE,
        body={"endpoint": {"id": endpoint_id}, "message": "If this verifies, alerts will."},
        now=now,
        only=endpoint_id,
    )
    owed = deliveries.owed_for(connection, alert_id) if alert_id else []
    return (owed[0], alert_id) if alert_id and owed else None
