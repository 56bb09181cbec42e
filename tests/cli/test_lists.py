"""The verbs that read: what they print for people and for programs."""

import json
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa
import typer

from cli.articles import articles
from cli.changes import changes
from cli.deliveries import deliveries
from cli.diff import diff
from cli.endpoint import list_ as endpoints
from cli.feeds import feeds
from cli.show import show
from cli.status import status
from cli.versions import versions
from config.settings import Settings
from store.engine import writing
from tests.parts.rows import TOLL, Newsroom


@pytest.fixture
def context(database_url: str) -> typer.Context:
    """What the command line hands to a verb."""
    settings = Settings.model_validate({"database": {"url": database_url}})
    return cast(typer.Context, SimpleNamespace(obj=settings))


@pytest.fixture
def story(engine: sa.Engine, now: datetime) -> int:
    """The id of an article with two versions and a toll that rose; a feed beside it."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        newsroom.feed("https://user:canary@harbour.example/feed.xml", title="Wire \x1b[31m\r\nred")
        return newsroom.story()


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was printed as JSON lines."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_lines_have_the_promised_fields(
    context: typer.Context, story: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each list prints one object a line, with the fields of docs/architecture.md."""
    articles(context, json=True)
    (article,) = rows(capsys)
    promised = {"id", "url", "canonical", "title", "site", "state", "versions", "last_changed_at", "next_check_at"}
    assert promised <= article.keys()
    versions(context, str(story), json=True)
    listed = rows(capsys)
    assert [1, 2] == [each["number"] for each in listed]
    assert {"number", "seen_at", "headline", "sha256", "factual"} <= listed[0].keys()
    changes(context, json=True)
    (change,) = rows(capsys)
    assert change.items() >= TOLL.items()
    feeds(context, json=True)
    (feed,) = rows(capsys)
    assert ("ok", 200) == (feed["state"], feed["last_status"])


def test_case_109_tables_steer_no_terminal(
    context: typer.Context, story: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Control characters from outside are shown as escapes, line ends included; no password is shown."""
    feeds(context)
    said = capsys.readouterr().out
    assert 2 == len(said.splitlines())
    assert "\\x1b[31m\\r\\nred" in said
    assert "canary" not in said


def test_a_paused_feed_is_never_looked_at(
    context: typer.Context, engine: sa.Engine, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whenever it would have been due."""
    with writing(engine) as connection:
        Newsroom(connection, now).feed("https://quiet.example/", paused=True)
    feeds(context)
    assert capsys.readouterr().out.rstrip().endswith("never")


@pytest.mark.parametrize("verb", [feeds, articles, changes, deliveries, endpoints])
def test_empty_lists_say_so(context: typer.Context, capsys: pytest.CaptureFixture[str], verb: Any) -> None:
    """Nothing yet is a sentence for people and no line at all for programs."""
    verb(context)
    assert capsys.readouterr().out.strip().endswith(".")
    verb(context, json=True)
    assert "" == capsys.readouterr().out


def test_show(context: typer.Context, story: int, capsys: pytest.CaptureFixture[str]) -> None:
    """A version by number or the latest one, by id or by URL with tracking parameters."""
    show(context, "https://harbour.example/bridge?utm_source=mail", json=True)
    (latest,) = rows(capsys)
    assert (2, "At least 15 people were killed.\nThe bridge opened in 1987.") == (latest["number"], latest["text"])
    assert ["Read also: a fair"] == [block["text"] for block in latest["stripped"]]
    show(context, str(story), 1)
    assert "Bridge collapse\n\nAt least 12 people were killed.\nThe bridge opened in 1987.\n" == capsys.readouterr().out
    show(context, str(story), stripped=True)
    said = capsys.readouterr().out
    assert "teaser" in said
    assert "Read also: a fair" in said


def test_diff_without_a_terminal(context: typer.Context, story: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there are no colours, what went and came is framed; unchanged paragraphs are folded."""
    diff(context, str(story))
    said = capsys.readouterr().out.splitlines()
    assert "critical casualty 12 → 15 people killed" in said
    assert "At least [-12-]{+15+} people were killed." in said
    assert "   … 1 unchanged paragraph" in said
    diff(context, str(story), 1, 2, json=True)
    (item,) = rows(capsys)
    assert (1, 2, ["casualty"]) == (item["from"], item["to"], [each["type"] for each in item["changes"]])


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        pytest.param(lambda c, _: show(c, "999"), 1, "no article '999'", id="unknown id"),
        pytest.param(lambda c, _: show(c, "9" * 40), 1, "no article", id="an id too large"),
        pytest.param(lambda c, _: show(c, "https://nowhere.example/"), 1, "no article", id="unknown URL"),
        pytest.param(lambda c, _: show(c, "bridge\x1b[31m"), 1, "no article", id="neither"),
        pytest.param(lambda c, s: show(c, str(s), 9), 1, "has no version 9", id="unknown version"),
        pytest.param(lambda c, s: diff(c, str(s), 1, 9), 1, "has no version 9", id="unknown later version"),
        pytest.param(lambda c, s: diff(c, str(s), 2, 1), 2, "must be an earlier version", id="turned round"),
        pytest.param(lambda c, _: articles(c, feed=99), 1, "no feed 99", id="articles of an unknown feed"),
        pytest.param(lambda c, _: changes(c, kind=["x"]), 2, "no type 'x'", id="unknown type"),
        pytest.param(lambda c, _: changes(c, min_severity="x"), 2, "no severity 'x'", id="unknown severity"),
    ],
)
def test_what_cannot_be_is_one_line(
    context: typer.Context, story: int, capsys: pytest.CaptureFixture[str], call: Any, code: int, said: str
) -> None:
    """Unknown things end the verb with one line that says what, and the exit code that fits."""
    with pytest.raises(typer.Exit) as ended:
        call(context, story)
    printed = capsys.readouterr()
    assert (code, "", 1) == (ended.value.exit_code, printed.out, len(printed.err.splitlines()))
    assert said in printed.err


def test_status(context: typer.Context, engine: sa.Engine, now: datetime, story: int, capsys: Any) -> None:
    """One screen, or one object: feeds by state, failures by reason, queue, roles, looks due, the latest changes."""
    with writing(engine) as connection:
        Newsroom(connection, now).feed("https://dead.example/", failures=2, last_reason="timeout")
    status(context, json=True)
    (seen,) = rows(capsys)
    assert ({"timeout": 1}, 1, 2) == (seen["failing"], seen["feeds"]["failing"], seen["versions"])
    assert (0, 2, 1) == (seen["queue"]["owed"], seen["looks_due"]["feeds"], seen["looks_due"]["articles"])
    assert ["casualty"] == [change["type"] for change in seen["changes"]]
    status(context)
    said = capsys.readouterr().out
    assert "failing     1 timeout" in said
    assert "nobody is alive" in said
    assert "casualty 12 → 15 people killed" in said
