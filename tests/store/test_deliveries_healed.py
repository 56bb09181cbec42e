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


def test_case_94_what_failed_ahead_is_tried_now(engine: sa.Engine, now: datetime) -> None:
    """An alert told before the clock went a day ahead, and tried in vain meanwhile, waits for no second such day."""
    ahead, hold = now + timedelta(days=1), timedelta(seconds=45)
    with writing(engine) as connection:
        to = endpoints.add(connection, url="http://desk.example/hook", secret="whsec_a", now=now)
        alerts.tell(
            connection, type="article.settled", subject="article:1", cause="a", engine="facts/1", body={}, now=now
        )
        for at in (now, ahead):  # failing since before the jump
            held = deliveries.lease(connection, to.id, "one", at, hold)
            assert held is not None
            (sent,) = deliveries.take(connection, held, at, hold, 1)
            later = deliveries.Decision("owed", at + timedelta(minutes=5), at + timedelta(minutes=5))
            assert deliveries.record(connection, held, sent, deliveries.Attempt(at, 503, "http-503", 0.1, ""), later)
            deliveries.release(connection, held)
        soon = now + timedelta(minutes=6)
        assert deliveries.due_endpoints(connection, soon, 5) == []
        assert (deliveries.heal(connection, soon), deliveries.due_endpoints(connection, soon, 5)) == (1, [to.id])
