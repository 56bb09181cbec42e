"""What a person decides about articles: to merge, to part, to pause, to resume."""

import json
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa
import typer

from cli.merge import merge
from cli.pause import pause
from cli.resume import resume
from cli.split import split
from config.settings import Settings
from store import feeds
from store.engine import writing
from tests.parts.pages import page
from tests.parts.reading import URL, Desk


@pytest.fixture
def ours(engine: sa.Engine, now: datetime, database_url: str) -> typer.Context:
    """A house with one article that became part of another, and a feed; as the command line hands it to a verb."""
    desk = Desk(engine, now)
    with writing(engine) as connection:
        feeds.add(connection, url="https://a.example/f", host_name="a.example:443", site="a.example", now=now)
    for url in (URL, "http://courier.example/other"):
        desk.look(page(canonical=URL), article_id=desk.watch(url))
    settings = Settings.model_validate({"database": {"url": database_url}})
    return cast(typer.Context, SimpleNamespace(obj=settings))


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """The one JSON object that was printed."""
    return json.loads(capsys.readouterr().out)


def test_merge_and_split_by_hand(ours: typer.Context, capsys: pytest.CaptureFixture[str]) -> None:
    """Merges are listed, undone and made again; what makes no sense is refused in one line."""
    split(ours, "2", json=True)
    assert {"id": 1, "kept_id": 1, "gone_id": 2} == told(capsys)
    merge(ours, "2", "1", json=True)
    assert {"id": 2, "kept_id": 2, "gone_id": 1} == told(capsys)
    merge(ours, listed=True, json=True)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(2, "by-hand", True), (1, "canonical", False)] == [
        (row["id"], row["reason"], row["undone_at"] is None) for row in rows
    ]
    refused: list[Callable[[], None]] = [
        lambda: merge(ours, "1", "1"),
        lambda: merge(ours, "1", "2"),
        lambda: merge(ours, "1"),
        lambda: merge(ours),
        lambda: merge(ours, "1", "99"),
        lambda: resume(ours, "1"),
        lambda: split(ours, "99"),
    ]
    for each in refused:
        with pytest.raises(typer.Exit):
            each()
    split(ours, "2")
    with pytest.raises(typer.Exit):
        split(ours, "2")


def test_pause_and_resume(ours: typer.Context, capsys: pytest.CaptureFixture[str]) -> None:
    """By id, by URL in another dress, or as ``feed:ID``; twice is no error, an unknown one is."""
    for verb, what, changed in (
        (pause, "1", True),
        (pause, URL, False),
        (resume, URL.replace("http", "https") + "/", True),
        (resume, "1", False),
        (pause, "feed:1", True),
    ):
        verb(ours, what, json=True)
        assert (changed, verb is pause) == ((row := told(capsys))["changed"], row["paused"])
    with pytest.raises(typer.Exit):
        pause(ours, "https://nowhere.example/")
