"""A clock that is set back holds no delivery up."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from store import alerts, deliveries, endpoints
from store.engine import writing


def test_case_94_what_was_owed_ahead_is_due_now(engine: sa.Engine, now: datetime) -> None:
    """An alert told before the clock went back two hours is delivered at once, not two hours later."""
    with writing(engine) as connection:
        to = endpoints.add(connection, url="http://desk.example/hook", secret="whsec_a", now=now)
        alerts.tell(
            connection, type="article.settled", subject="article:1", cause="a", engine="facts/1", body={}, now=now
        )
        back = now - timedelta(hours=2)
        assert deliveries.due_endpoints(connection, back, 5) == []
        assert deliveries.heal(connection, back) == 1
        assert deliveries.heal(connection, back) == 0
        assert deliveries.due_endpoints(connection, back, 5) == [to.id]
