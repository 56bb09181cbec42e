"""The verbs that say what a block is: pin, pins, unpin, and show, which gives the keys."""

import json
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa
import typer

from cli.pin import Verdict, pin
from cli.pins import pins
from cli.show import show
from cli.unpin import unpin
from config.settings import Settings
from ingest.memory import fingerprint
from store.engine import reading, writing
from store.pins import verdicts
from tests.parts.rows import Newsroom

SITE = "harbour.example"
TEASER = "Read also: a fair"


@pytest.fixture
def context(database_url: str) -> typer.Context:
    """What the command line hands to a verb."""
    settings = Settings.model_validate({"database": {"url": database_url}})
    return cast(typer.Context, SimpleNamespace(obj=settings))


@pytest.fixture
def story(engine: sa.Engine, now: datetime) -> int:
    """The id of an article with two versions, the second with a stripped teaser."""
    with writing(engine) as connection:
        return Newsroom(connection, now).story()


def pinned(engine: sa.Engine) -> dict[str, str]:
    """What the site's readers find."""
    with reading(engine) as connection:
        return verdicts(connection, SITE)


def test_a_block_is_pinned_by_its_key_and_unpinned(
    context: typer.Context, engine: sa.Engine, story: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """`show --stripped` gives the key, `pin` takes it, `pins` lists it, `unpin` takes it back."""
    show(context, str(story), stripped=True)
    key, rule = capsys.readouterr().out.splitlines()[1].split()[:2]
    assert (fingerprint(TEASER)[:7], "teaser") == (key, rule)
    pin(context, str(story), key, Verdict.text, "the fair is the story")
    assert {fingerprint(TEASER): "text"} == pinned(engine)
    capsys.readouterr()
    pins(context, json=True)
    listed: dict[str, Any] = json.loads(capsys.readouterr().out)
    told = {"site": SITE, "verdict": "text", "excerpt": TEASER, "note": "the fair is the story", "by": "command line"}
    assert told.items() <= listed.items()
    unpin(context, listed["id"])
    assert {} == pinned(engine)
    capsys.readouterr()
    pins(context)
    assert capsys.readouterr().out.startswith("No pin yet.")


def test_a_second_pin_of_a_block_replaces_the_first(context: typer.Context, engine: sa.Engine, story: int) -> None:
    """By a part of its text as well as by its key, in any case."""
    pin(context, str(story), "THE BRIDGE", Verdict.text)
    pin(context, str(story), "opened in 1987", Verdict.furniture)
    assert {fingerprint("The bridge opened in 1987."): "furniture"} == pinned(engine)


def test_every_block_has_a_key(context: typer.Context, story: int, capsys: pytest.CaptureFixture[str]) -> None:
    """`show --blocks` lists what is text as well."""
    show(context, str(story), blocks=True)
    said = capsys.readouterr().out
    assert all(fingerprint(text)[:7] in said for text in ("At least 15 people were killed.", TEASER))


@pytest.mark.parametrize(
    ("block", "said"),
    [
        pytest.param("nothing of the kind", "no block", id="not on the page"),
        pytest.param("1", "no block", id="too short to name a block"),
        pytest.param(". ", "no block", id="punctuation"),
        pytest.param("At least 12", "no block", id="of an earlier version"),
    ],
)
def test_a_block_must_be_one(
    context: typer.Context, engine: sa.Engine, story: int, capsys: pytest.CaptureFixture[str], block: str, said: str
) -> None:
    """What names no block of the page, or several, ends the verb with one line; nothing is pinned."""
    with pytest.raises(typer.Exit):
        pin(context, str(story), block, Verdict.text)
    assert said in capsys.readouterr().err
    assert {} == pinned(engine)


def test_an_unknown_pin_is_one_line(context: typer.Context, story: int, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to remove."""
    with pytest.raises(typer.Exit):
        unpin(context, 4711)
    assert "no pin 4711" in capsys.readouterr().err
