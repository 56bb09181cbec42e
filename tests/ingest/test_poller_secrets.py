"""Credentials in a feed's URL: sent to the feed, and told to nobody else."""

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from ingest.fetching.target import target
from ingest.subscriptions import watched_url
from store import looks
from store.columns import metadata
from store.engine import reading
from tests.ingest.hostile import answer, serving
from tests.ingest.polling import NO_ROBOTS, asked, at_least, polling, subscribe, until


def test_case_17_the_log_of_a_failing_feed_holds_no_password(engine: sa.Engine) -> None:
    """A feed behind a password is asked with it; its failures are logged, and the password stands in the feed's row
    alone."""
    with serving(NO_ROBOTS | {"/feed": answer("403 Forbidden", b"no")}) as server, capture_logs() as logged:
        url = server.url("/feed")
        subscribe(engine, url.replace("://", "://user:canary@"))
        with polling(engine):
            until(engine, at_least(1, looks.FAILED, "http-403"))
        assert b"\r\nAuthorization: Basic dXNlcjpjYW5hcnk=\r\n" in asked(server, "/feed")[0]
        assert b"Authorization" not in asked(server, "/robots.txt")[0]
    assert url in {each.get("url") for each in logged if each["event"] == "look failed"}
    assert "canary" not in str(logged)
    with reading(engine) as connection:
        holding = [
            table.name
            for table in metadata.sorted_tables
            if "canary" in str(connection.execute(sa.select(table)).all())
        ]
    assert holding == ["feed"]


def test_case_17_each_look_is_made_with_the_password(engine: sa.Engine) -> None:
    """The credentials of a feed that answers are sent at its later looks too."""
    replies = NO_ROBOTS | {"/feed": answer("200 OK", b"<rss/>", 'ETag: "1"')}
    with serving(replies) as server:
        subscribe(engine, watched_url(server.url("/feed#top", host="user:canary@127.0.0.1")))
        with polling(engine):
            until(engine, at_least(2, looks.SAME))
        assert all(b"\r\nAuthorization: Basic dXNlcjpjYW5hcnk=\r\n" in request for request in asked(server, "/feed"))


@pytest.mark.parametrize(
    ("written", "watched"),
    [
        pytest.param("https://desk.example/feed?utm_source=x#top", "https://desk.example/feed", id="none"),
        pytest.param("https://u:p@desk.example/feed#top", "https://u:p@desk.example/feed", id="plain"),
        pytest.param("https://u:p%40%2Fw@desk.example", "https://u:p%40%2Fw@desk.example/", id="escaped"),
    ],
)
def test_case_17_credentials_of_a_feed_are_kept(written: str, watched: str) -> None:
    """What somebody writes for a feed behind a password still opens it."""
    assert (watched, target(written).userinfo) == (watched_url(written), target(watched).userinfo)
