"""A rule tried on history: the same decision as when it tells, bounded, and saving nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from store.backtest import backtest
from store.engine import reading, writing
from store.ruling import rule_of
from store.tables import alert, delivery, entry
from tests.parts.delivering import add_endpoint, tell
from tests.parts.rows import TOLL, Newsroom


@pytest.fixture
def history(engine: sa.Engine, now: datetime) -> None:
    """Article 12, listed by feed 1: a toll two days ago, a place yesterday, a toll five weeks ago."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        newsroom.feed()
        newsroom.article(id=12)
        connection.execute(entry.insert().values(feed_id=1, guid="g", article_id=12, first_seen_at=now))
    about = {"article": {"title": "Bridge", "tags": ["world"]}, "version": {"to": 2}, "stealth": False}
    place = TOLL | {"type": "place", "subject": "pier"}
    tell(engine, now - timedelta(days=2), 1, severity="critical", body=about | {"changes": [TOLL]})
    tell(engine, now - timedelta(days=1), 2, severity="high", body=about | {"changes": [place]})
    tell(engine, now - timedelta(days=35), 3, severity="critical", body=about | {"changes": [TOLL]})


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        pytest.param({}, [True, True], id="everything"),
        pytest.param({"change_types": "casualty"}, [False, True], id="a change type"),
        pytest.param({"feeds": "1"}, [True, True], id="its feed"),
        pytest.param({"feeds": "2"}, [False, False], id="another feed"),
        pytest.param({"types": "article.settled"}, [], id="types that never came"),
    ],
)
@pytest.mark.usefixtures("history")
def test_a_rule_is_tried_on_the_last_thirty_days(
    engine: sa.Engine, now: datetime, rule: dict[str, str], told: list[bool]
) -> None:
    """Newest first, with a reason for each that would not have been told, and nothing written."""
    with reading(engine) as connection:
        found = backtest(connection, rule_of(rule), now)
    assert [row.told for row in found.rows] == told
    assert [bool(row.reason) for row in found.rows] == [not each for each in told]
    assert (found.told, found.cut) == (sum(told), False)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    "rule",
    [{}, {"change_types": "casualty"}, {"feeds": "1", "words": "killed"}, {"feeds": "9"}, {"rises": "25%"}],
    ids=str,
)
def test_a_back_test_says_what_telling_does(engine: sa.Engine, now: datetime, rule: dict[str, Any]) -> None:
    """The alerts that an endpoint with the rule is owed are those that the back-test names."""
    add_endpoint(engine, "http://a.example/", now, **rule)
    with reading(engine) as connection:
        past = connection.execute(sa.select(alert.c.body, alert.c.severity).order_by(alert.c.created_at)).all()
    again = [tell(engine, now, f"again-{n}", severity=row.severity, body=row.body) for n, row in enumerate(past)]
    with reading(engine) as connection:
        owed = {*connection.scalars(sa.select(delivery.c.alert_id))}
        found = backtest(connection, rule_of(rule), now)
    assert owed == {row.alert_id for row in found.rows if row.told and row.alert_id in again}


@pytest.mark.usefixtures("history")
def test_a_back_test_says_when(engine: sa.Engine, now: datetime) -> None:
    """After quiet hours, or without a moment of its own in a digest."""
    with reading(engine) as connection:
        later = backtest(connection, rule_of({"quiet": "08:00-10:00", "urgent": "critical"}), now)
        digest = backtest(connection, rule_of({"digest": "1h", "urgent": "critical"}), now)
    assert [row.sent_at - row.at for row in later.rows if row.sent_at] == [timedelta(hours=1), timedelta(0)]
    assert [row.sent_at is None for row in digest.rows] == [True, False]
