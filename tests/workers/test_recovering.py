"""What the poller found out is told when it still holds once the bytes were read."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from store import feeds, looks, outbox
from store.engine import reading, writing
from store.tables import alert, feed
from tests.parts.reading import Desk
from workers.limits import Hand
from workers.reader import Reader


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param(b"<html><body>Bad gateway, sorry</body></html>", [], id="an error page with 200"),
        pytest.param(
            b"<?xml version='1.0'?><rss version='2.0'><channel><title>C</title></channel></rss>",
            ["feed.recovered"],
            id="a feed",
        ),
    ],
)
def test_a_feed_has_recovered_when_it_can_be_read(
    engine: sa.Engine, now: datetime, body: bytes, told: list[str]
) -> None:
    """An answer that is no feed does not end a feed's failing."""
    desk = Desk(engine, now)
    url = "http://courier.example/feed"
    with writing(engine) as connection:
        key, _ = feeds.add(connection, url=url, host_name="courier.example:80", site="courier.example", now=now)
        connection.execute(feed.update().values(title="Courier"))
        for minute in range(6):
            looks.note(connection, "feed", key, now - timedelta(minutes=9 - minute), looks.FAILED, "http-500")
    desk.feed(body, url=url)
    with writing(engine) as connection:
        payload = {"feed": key, "to": "recovered", "reason": "http-500"}
        work = outbox.owe(connection, "transition", subject=f"feed:{key}", payload=payload, now=desk.now)
    Reader(engine, desk.settings, "reader@test", Hand(), lambda: desk.now).read([work])
    with reading(engine) as connection:
        assert connection.execute(sa.select(alert.c.type)).scalars().all() == told
        assert outbox.outcome(connection, work)[0] == "done"
