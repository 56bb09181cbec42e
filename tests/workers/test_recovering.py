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

URL = "http://courier.example/feed"
FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>C</title></channel></rss>"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param(b"<html><body>Bad gateway, sorry</body></html>", ["feed.failing"], id="an error page with 200"),
        pytest.param(
            FEED,
            ["feed.failing", "feed.recovered"],
            id="a feed",
        ),
    ],
)
def test_a_feed_has_recovered_when_it_can_be_read(
    engine: sa.Engine, now: datetime, body: bytes, told: list[str]
) -> None:
    """An answer that is no feed does not end a feed's failing."""
    desk = Desk(engine, now)
    url = URL
    with writing(engine) as connection:
        key, _ = feeds.add(connection, url=url, host_name="courier.example:80", site="courier.example", now=now)
        connection.execute(feed.update().values(title="Courier"))
        for minute in range(6):
            looks.note(connection, "feed", key, now - timedelta(minutes=9 - minute), looks.FAILED, "http-500")
    owed(desk, key, "failing")
    desk.feed(body, url=url)
    work = owed(desk, key, "recovered")
    with reading(engine) as connection:
        assert sorted(connection.execute(sa.select(alert.c.type)).scalars()) == told
        assert outbox.outcome(connection, work)[0] == "done"


def test_what_was_never_a_feed_neither_fails_nor_recovers(engine: sa.Engine, now: datetime) -> None:
    """Of an address that nothing was ever read from, nobody is told; nor of its first reading as a recovery."""
    desk = Desk(engine, now)
    with writing(engine) as connection:
        key, _ = feeds.add(connection, url=URL, host_name="courier.example:80", site="courier.example", now=now)
    refused = owed(desk, key, "failing")
    desk.feed(FEED, url=URL)
    recovered = owed(desk, key, "recovered")
    assert desk.alerts() == []
    with reading(engine) as connection:
        assert [outbox.outcome(connection, work)[1] for work in (refused, recovered)] == ["never-read", "never-told"]


def owed(desk: Desk, feed_id: int, to: str) -> int:
    """What the poller found out, read; the id of the work."""
    with writing(desk.engine) as connection:
        payload = {"feed": feed_id, "to": to, "reason": "http-500"}
        work = outbox.owe(connection, "transition", subject=f"feed:{feed_id}", payload=payload, now=desk.now)
    Reader(desk.engine, desk.settings, "reader@test", Hand(), lambda: desk.now).read([work])
    return work
