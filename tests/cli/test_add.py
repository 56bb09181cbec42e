"""`add` of what is watched already, or is not there; `check` and what it says came."""

import json
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa
import typer

from cli.add import add
from cli.main import run
from config.settings import Settings
from store import asking, feeds
from store.engine import reading, writing
from store.tables import feed
from tests.parts.pages import BODY, page
from tests.parts.reading import URL, Desk

FEED_URL = "http://courier.example/feed"
FRONT_URL = "http://courier.example/latest"
FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>Courier</title></channel></rss>"
FRONT = (
    b"<html><head><title>Courier</title><link rel=alternate type='application/rss+xml' href='/feed'></head>"
    b"<body><ul><li><a href='/a'>One story</a></li><li><a href='/b'>Another story</a></li></ul></body></html>"
)


@pytest.fixture
def context(database_url: str) -> typer.Context:
    """What the command line hands to a verb."""
    settings = Settings.model_validate({"database": {"url": database_url}})
    return cast(typer.Context, SimpleNamespace(obj=settings))


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader with an empty database."""
    return Desk(engine, now)


def feed_urls(engine: sa.Engine) -> list[str]:
    """Every feed's URL."""
    with reading(engine) as connection:
        return list(connection.execute(sa.select(feed.c.url).order_by(feed.c.id)).scalars())


@pytest.mark.parametrize("written", [URL, f"{URL}?utm_source=mail#top"])
def test_an_article_that_is_watched_is_no_feed(
    context: typer.Context, desk: Desk, capsys: pytest.CaptureFixture[str], written: str
) -> None:
    """Its URL, tracking or not, names the article; nothing is added."""
    key = desk.watch()
    add(context, [written])
    assert capsys.readouterr().out.startswith(f"already watching article {key}: ")
    add(context, [written], json=True)
    told = json.loads(capsys.readouterr().out)
    assert ("article", key, False) == (told["kind"], told["id"], told["new"])
    assert feed_urls(desk.engine) == []


def test_a_page_that_names_a_watched_feed(
    context: typer.Context, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """The feed that it names is told by its id, and the page is not looked at again."""
    desk.feed(FEED, url=FEED_URL)
    assert "names-a-feed" == desk.feed(FRONT, url=FRONT_URL)
    with reading(desk.engine) as connection:
        rows = connection.execute(sa.select(feed.c.id, feed.c.paused, feed.c.last_reason).order_by(feed.c.id)).all()
    [(key, _, _), (page_key, paused, reason)] = rows
    assert (True, "names-a-feed") == (paused, reason)
    with reading(desk.engine) as connection:
        assert (key, None) == (feeds.named_by(connection, page_key), feeds.named_by(connection, key))
    add(context, [FRONT_URL])
    assert f"it names feed {key}, which is watched: Courier\n" == capsys.readouterr().out.split("writethru:")[0]
    add(context, [FRONT_URL], json=True)
    told = json.loads(capsys.readouterr().out)
    assert (key, "names-a-feed", False) == (told["id"], told["state"], told["new"])


@pytest.mark.parametrize("written", ["nofile.opml", "feeds/nofile.opml", "courier.example"])
def test_what_is_no_url_is_a_file(context: typer.Context, capsys: pytest.CaptureFixture[str], written: str) -> None:
    """A name without a scheme is a file's, and that there is none is what is said."""
    with pytest.raises(typer.Exit) as ended:
        add(context, [written])
    assert (2, f"no such file: '{written}'") == (ended.value.exit_code, capsys.readouterr().err[11:].split(";")[0])


def test_config_check_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    """A configuration that can be used says so to programs as well."""
    assert 0 == run(["config", "check", "--json"])
    assert {"ok": True} == json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("body", "came", "reason"),
    [
        pytest.param(None, "unchanged", "", id="nothing to read"),
        pytest.param(page(nonce="2"), "unchanged", "", id="the same text"),
        pytest.param(page((BODY[0].replace("12", "15"), *BODY[1:])), "new", "", id="a new text"),
        pytest.param(b"<html><body></body></html>", "", "empty", id="refused"),
    ],
)
def test_check_says_what_came(desk: Desk, body: bytes | None, came: str, reason: str) -> None:
    """The outcome of a look that was asked for is what was made of it since."""
    desk.look(page())
    desk.look(page(nonce="1"))
    asked = desk.now + timedelta(minutes=1)
    if body is not None:
        desk.look(body)
    with writing(desk.engine) as connection:
        told: dict[str, Any] = asking.outcome(connection, "article", desk.article_id, asked)
    assert (came, reason) == (told["came"], told["reason"])
