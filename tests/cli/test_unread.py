"""A site that cannot be read is named at once, and an article that was not read is not said to lack a version 0."""

import json
from datetime import datetime
from types import SimpleNamespace
from typing import cast

import pytest
import sqlalchemy as sa
import typer

from cli.add import _outcome
from cli.feeds import feeds
from cli.show import show
from cli.status import status
from config.settings import Settings
from store import articles
from store import feeds as feed_rows
from store.engine import reading, writing
from store.tables import article
from store.views.unread import Unread, unread_sites
from workers.feeds import watch


@pytest.fixture
def context(database_url: str) -> typer.Context:
    """What the command line hands to a verb."""
    settings = Settings.model_validate({"database": {"url": database_url}})
    return cast(typer.Context, SimpleNamespace(obj=settings))


def site(engine: sa.Engine, now: datetime, refused: int) -> int:
    """A feed's id, and five articles of its site, so many of them refused."""
    with writing(engine) as connection:
        keys = [watch(connection, f"http://courier.example/news/{n}", "", now) for n in range(5)]
        for key in keys[:refused]:
            articles.note(connection, key, last_reason="consent", failures=2)
        url = "http://courier.example/feed"
        return feed_rows.add(connection, url=url, host_name="courier.example:80", site="courier.example", now=now)[0]


def test_half_of_a_sites_articles_unread_is_said(
    engine: sa.Engine, context: typer.Context, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    """`status`, `feeds` and `add` say how many, and why."""
    feed = site(engine, now, refused=3)
    told = "5 articles, 3 unreadable: consent"
    status(context)
    assert told in capsys.readouterr().out
    status(context, json=True)
    assert [3] == [each["unread"] for each in json.loads(capsys.readouterr().out)["unread_sites"]]
    feeds(context)
    assert told in capsys.readouterr().out
    with reading(engine) as connection:
        assert told == _outcome(connection, "http://courier.example/feed", feed)["unread"]
        assert (Unread("courier.example", 5, 3, "consent"),) == unread_sites(connection)


def test_one_article_of_many_is_none_of_the_sites(
    engine: sa.Engine, context: typer.Context, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fewer than half say nothing of the site."""
    site(engine, now, refused=2)
    status(context)
    assert "unreadable" not in capsys.readouterr().out


def test_an_unread_article_is_said_to_be_unread(
    engine: sa.Engine, context: typer.Context, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the reason, where one is known."""
    site(engine, now, refused=1)
    with reading(engine) as connection:
        first, second = connection.execute(sa.select(article.c.id).order_by(article.c.id).limit(2)).scalars()
    for key, said in ((first, "is not read yet: consent"), (second, "is not read yet")):
        with pytest.raises(typer.Exit):
            show(context, str(key))
        assert f"article {key} {said}\n" in capsys.readouterr().err
