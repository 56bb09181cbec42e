"""What the tests of the web process share."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from store.engine import engine_for, writing
from tests.parts.desk import serving
from tests.parts.rows import Newsroom


@pytest.fixture
def client(engine: sa.Engine, now: datetime) -> Iterator[httpx.Client]:
    """A client of a running web process on an empty store."""
    with serving(engine, now) as client:
        yield client


@pytest.fixture(scope="module")
def one_client(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of one web process for a whole module, on an empty SQLite store that nobody writes to."""
    path = tmp_path_factory.mktemp("desk") / "writethru.db"
    shutil.copy(sqlite_template, path)
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    with serving(engine, datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) as client:
        yield client
    engine.dispose()


@pytest.fixture
def story(engine: sa.Engine, now: datetime) -> int:
    """The id of an article with two versions and a toll that rose; a feed, a delivery and a poller beside it."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        newsroom.feed()
        newsroom.delivery()
        newsroom.role("poller")
        return newsroom.story()


_FIRST = "At least 12 people were killed.\nThe ministry denied it.\nIt rained. It was cold.\nNobody came.\nThe end."


@pytest.fixture
def told(engine: sa.Engine, now: datetime) -> int:
    """An article of four versions: a toll that rises twice, a style edit between, a status that flips."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        newsroom.entry(newsroom.feed(tags=["floods"]), made := newsroom.article())
        newsroom.version(made, _FIRST)
        second = newsroom.version(made, second_text := _FIRST.replace("12", "15"), stripped=("Read also: a fair",))
        newsroom.change(made, second)
        newsroom.version(made, second_text := second_text.replace("It rained.", "Rain fell."))
        last = newsroom.version(
            made, second_text.replace("15", "19").replace("denied", "confirmed"), headline="Bridge: 19 dead"
        )
        rise: dict[str, Any] = {"before": "15", "after": "19", "sentence_after": "At least 19 people were killed."}
        rise |= {"value_before": {"lo": 15, "hi": 15}, "value_after": {"lo": 19, "hi": None}, "offsets": {}}
        newsroom.change(made, last, **rise)
        flip: dict[str, Any] = {
            "type": "status",
            "subject": "the ministry",
            "before": "denied",
            "after": "confirmed",
            "offsets": {},
        }
        flip |= {"sentence_before": "The ministry denied it.", "sentence_after": "The ministry confirmed it."}
        newsroom.change(made, last, 1, **flip, value_before=None, value_after=None)
        return made
