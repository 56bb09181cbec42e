"""Atom feeds, read by the feed parser that reads everybody else's."""

import io
from datetime import datetime, timedelta

import feedparser
import httpx
import pytest
import sqlalchemy as sa

from store.engine import writing
from store.filters import save_filter
from store.tables import alert
from store.tokens import add_token
from tests.parts.desk import serving
from tests.parts.rows import Newsroom
from web.atom import ENTRIES


def _read(answer: httpx.Response) -> feedparser.FeedParserDict:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml")
    parsed = feedparser.parse(io.BytesIO(answer.content))
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


@pytest.mark.parametrize("path", ["/atom/changes", "/atom/articles/1"])
def test_entry_says_what_changed(client: httpx.Client, story: int, path: str) -> None:
    """An entry names the change in its title and shows the sentence's words that went and came."""
    (entry,) = _read(client.get(path)).entries
    assert entry.title.startswith("casualty 12 → 15 people killed")
    assert entry.link.endswith(f"/articles/{story}?from=1&to=2")
    assert entry.author == "harbour.example"
    assert entry.tags[0].term == "casualty"
    shown = entry.content[0].value
    assert "<del>12</del>" in shown
    assert "<ins>15</ins>" in shown


def test_of_a_feed_and_a_tag(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """A feed's and a tag's Atom hold the changes of the articles that the feed lists, and nothing else."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        listed = newsroom.feed(tags=["harbour"])
        newsroom.entry(listed, newsroom.story())
        newsroom.story("https://harbour.example/another")
    for path in (f"/atom/feeds/{listed}", "/atom/tags/harbour"):
        (entry,) = _read(client.get(path)).entries
        assert "/articles/1?" in entry.link
    assert [] == _read(client.get("/atom/tags/nobody-has-it")).entries


def test_of_a_filter(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """What the page of changes would show for an address, or for a saved filter as it now stands, is in the feed; the
    feed says where it stands and which page shows the same."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article()
        newsroom.version(made, "12")
        newsroom.change(made, newsroom.version(made, "15"))
        newsroom.change(made, newsroom.version(made, "said"), type="quote", severity="high")
        save_filter(connection, "a/b & c", "type=quote", by="ana", now=now)
    for path in ("/atom/changes?type=quote", "/atom/filters/a%2Fb%20%26%20c"):
        found = _read(client.get(path))
        (entry,) = found.entries
        assert "quote" == entry.tags[0].term
    assert "/changes?saved=a%2Fb%20%26%20c" in found.feed.link
    assert _read(client.get("/atom/changes?type=quote")).feed.link.endswith("/changes?type=quote")
    assert [404, 400] == [client.get(f"/atom/{path}").status_code for path in ("filters/x", "changes?type=x")]


def test_a_page_that_is_gone(client: httpx.Client, engine: sa.Engine, now: datetime, story: int) -> None:
    """It stands among the changes, told at its own moment, and is asked for as one of their types."""
    at = now + timedelta(hours=1)
    told = {"type": "article.withdrawn", "subject": f"article:{story}", "cause": "outbox:1", "severity": "high"}
    with writing(engine) as connection:
        connection.execute(alert.insert().values(id="a1", body={"reason": "http-410"}, created_at=at, **told))
    gone, changed = _read(client.get(f"/atom/articles/{story}")).entries
    assert [gone.id] == [each.id for each in _read(client.get("/atom/changes?type=withdrawn")).entries]
    assert gone.title.startswith("withdrawn the page is gone (HTTP 410) · ")
    assert (gone.updated, gone.tags[0].term) == ("2026-03-02T10:00:00Z", "withdrawn")
    assert gone.id != changed.id


def test_ids_stay_and_the_newest_come_first(engine: sa.Engine, now: datetime) -> None:
    """An entry keeps its id between two readings, no two share one, and the newest versions are first."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article()
        newsroom.version(made, "12")
        for n in range(ENTRIES + 5):
            newsroom.change(made, newsroom.version(made, f"{n}", seen_new_at=now + timedelta(minutes=n)))
    with serving(engine, now) as client:
        first, again = (_read(client.get("/atom/changes")).entries for _ in range(2))
    assert [entry.id for entry in first] == [entry.id for entry in again]
    assert ENTRIES == len({entry.id for entry in first})
    assert sorted((entry.updated for entry in first), reverse=True) == [entry.updated for entry in first]


def test_case_104_what_comes_from_outside_stays_text(engine: sa.Engine, now: datetime) -> None:
    """Markup, control characters and half surrogates in titles and sentences neither break the XML nor reach a
    reader's HTML as markup."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article(title="<script>alert(1)</script> ]]> \x08 \x1b[31m & \u202e", site='"><svg onload=x>')
        newsroom.version(made, "12")
        changed = newsroom.version(made, "15")
        newsroom.change(made, changed, sentence_after='15 <img src=x onerror="alert(1)">', subject="a\x07b</title>")
    with serving(engine, now) as client:
        answer = client.get("/atom/changes")
    (entry,) = _read(answer).entries
    assert b"<script" not in answer.content
    assert "<img" not in entry.content[0].value.replace("&lt;img", "")


@pytest.mark.parametrize("path", ["/atom/feeds/9", "/atom/articles/9"])
def test_unknown(client: httpx.Client, path: str) -> None:
    """There is no Atom feed of what does not exist."""
    assert 404 == client.get(path).status_code


def test_feed_readers_bring_the_token_as_a_password(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Where a token is needed, Atom asks for Basic credentials and takes the token as their password."""
    with writing(engine) as connection:
        token = add_token(connection, "reader", ["read"], now)
    refused = client.get("/atom/changes")
    assert 401 == refused.status_code
    assert refused.headers["www-authenticate"].startswith("Basic ")
    assert 200 == client.get("/atom/changes", auth=("anything", token)).status_code
    assert 401 == client.get("/atom/changes", auth=("anything", "wt_guessed")).status_code
    assert 401 == client.get("/atom/changes", headers={"authorization": "Basic %%%"}).status_code
