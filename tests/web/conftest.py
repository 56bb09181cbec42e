"""What the tests of the web process share."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

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
