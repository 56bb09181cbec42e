"""What is told of a feed or a page without a text."""

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from store import outbox
from store.engine import writing
from store.tables import article, feed
from tests.ingest.polling import subscribe
from tests.parts.pages import page
from tests.parts.reading import Desk
from workers.limits import Hand
from workers.reader import Reader


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader with an empty database."""
    return Desk(engine, now)


def told(desk: Desk, **transition: Any) -> tuple[str, Any]:
    """The alert that a transition ends as."""
    (kind,) = transition.keys() & {"feed", "article"}
    with writing(desk.engine) as connection:
        owed = outbox.owe(
            connection, "transition", subject=f"{kind}:{transition[kind]}", payload=transition, now=desk.now
        )
    Reader(desk.engine, desk.settings, "reader@test", Hand(), lambda: desk.now).read([owed])
    return desk.alerts()[-1]


@pytest.mark.parametrize("to", ["failing", "recovered"])
def test_case_17_a_feed_is_told_of_without_its_credentials(desk: Desk, to: str) -> None:
    """The alert about a feed behind a password names the feed and not the password."""
    key = subscribe(desk.engine, "https://user:canary@courier.example/feed.xml")
    with writing(desk.engine) as connection:
        connection.execute(feed.update().values(title="Courier"))
    if to == "recovered":
        told(desk, feed=key, to="failing", reason="http-401")
    type_, body = told(desk, feed=key, to=to, reason="http-401")
    assert (f"feed.{to}", "https://courier.example/feed.xml") == (type_, body["feed"]["url"])
    assert "http-401" == body["reason"]
    assert "canary" not in str(body)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://user:canary@courier.example/bridge", id="as a feed may link it"),
        pytest.param("https://user:canary@courier.example:0/bridge", id="that no request can be made of"),
    ],
)
def test_case_17_an_article_is_told_of_without_credentials(desk: Desk, url: str) -> None:
    """However an article's URL came into the store, an alert about it holds no password."""
    desk.look(page())
    with writing(desk.engine) as connection:
        connection.execute(article.update().values(url=url))
    type_, body = told(desk, article=desk.article_id, to="withdrawn", reason="http-410")
    assert ("article.withdrawn", "http-410") == (type_, body["reason"])
    assert "canary" not in str(body)
