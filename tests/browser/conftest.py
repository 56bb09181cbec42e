"""What the tests in a real browser share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.engine import engine_for
from tests.parts.browser import browser, context  # noqa: F401 - fixtures


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty store; which database is below, no browser sees."""
    path = tmp_path / "writethru.db"
    shutil.copy(sqlite_template, path)
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    yield engine
    engine.dispose()
