"""The verbs of review: a word by the command line, and how often rules were right."""

import json
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import sqlalchemy as sa
import typer

from cli.precision import LABELS, precision
from cli.review import review
from config.settings import Settings
from store.engine import writing
from tests.parts.rows import Newsroom


@pytest.fixture
def context(database_url: str, engine: sa.Engine, now: datetime) -> typer.Context:
    """What the command line hands to a verb; the store has a story with the change 1."""
    with writing(engine) as connection:
        Newsroom(connection, now).story()
    settings = Settings.model_validate({"database": {"url": database_url}})
    return cast(typer.Context, SimpleNamespace(obj=settings))


def test_a_word_counts(context: typer.Context, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A word is written down, counted by rule, and written as a label."""
    review(context, 1, "right", note="checked", by="ana")
    assert "Change 1 is right, says ana.\n" == capsys.readouterr().out
    precision(context, labels=tmp_path)
    shown = capsys.readouterr()
    assert ["rule", "casualty.slot", "1", "0", "0", "1.0"] == shown.out.splitlines()[1].split()[:6]
    assert "1 labelled pairs" in shown.err
    (label,) = [json.loads(line) for line in (tmp_path / LABELS).read_text().splitlines()]
    assert label["is_factual"]


def test_a_retraction_says_what_came_of_it(context: typer.Context, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody was told, the verb says so, in JSON too."""
    review(context, 1, "wrong", retract=True)
    assert "Nobody was told of it" in capsys.readouterr().out
    review(context, 1, "wrong", retract=True, json=True)
    told = json.loads(capsys.readouterr().out)
    assert ("wrong", "nobody was told") == (told["review"]["verdict"], told["retraction"])


@pytest.mark.parametrize(
    ("change", "verdict", "asked", "code", "reason"),
    [
        pytest.param(9, "right", {}, 1, "no change 9", id="no such change"),
        pytest.param(1, "maybe", {}, 2, "right, wrong, unsure", id="no such verdict"),
        pytest.param(1, "right", {"retract": True}, 2, "only what is wrong", id="right, retracted"),
        pytest.param(1, "right", {"note": "x" * 2001}, 2, "2,000", id="a book"),
    ],
)
def test_refusals(
    context: typer.Context,
    capsys: pytest.CaptureFixture[str],
    change: int,
    verdict: str,
    asked: dict[str, object],
    code: int,
    reason: str,
) -> None:
    """One line on stderr, and nothing written."""
    with pytest.raises(typer.Exit) as ended:
        review(context, change, verdict, **asked)  # type: ignore[arg-type]
    assert (code, True) == (ended.value.exit_code, reason in capsys.readouterr().err)
    precision(context, json=True)
    assert "" == capsys.readouterr().out


def test_nobody_said_anything(context: typer.Context, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a word there is no table; the verb says how to say one."""
    precision(context)
    assert "./writethru review CHANGE" in capsys.readouterr().out
