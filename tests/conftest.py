"""The real parts that tests share: databases on both engines."""

import os
import re
import resource
import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from store.engine import engine_for
from store.migrate import migrate
from tests.parts import postgres
from tests.parts.valkey import valkey, valkey_server  # noqa: F401 - fixtures

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
"""No test asserts how long something takes."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """``-k case_N`` finds each test that concerns line N of docs/cases.md: in ``case_61_62_96``, ``case_82_to_93`` and
    ``case_07`` too."""
    for found in re.finditer(r"case_(\d+)_to_(\d+)|case_(\d+(?:_\d+)*)", item.nodeid):
        numbers = range(int(found[1]), int(found[2]) + 1) if found[1] else map(int, found[3].split("_"))
        item.extra_keyword_matches.update(f"case_{number}" for number in numbers)


@pytest.fixture(autouse=True)
def own_limits() -> Iterator[None]:
    """A reader in this process limits it to one page's CPU and memory; the tests after it get their own back."""
    limits = (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE)
    before = [resource.getrlimit(limit) for limit in limits]
    yield
    for limit, held in zip(limits, before, strict=True):
        resource.setrlimit(limit, held)


@pytest.fixture
def now() -> datetime:
    """A fixed moment."""
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server's maintenance database."""
    given = os.environ.get("WRITETHRU_TEST_POSTGRES")
    if given:
        yield given
        return
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[postgres.Reused]:
    """This process's own database, for one test after the other."""
    with postgres.database(postgres_server, f"t{uuid.uuid4().hex}") as url:
        reused = postgres.Reused(url)
        yield reused
        reused.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("template") / "writethru.db"
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "writethru.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+pysqlite:///{path}"
        return
    reused: postgres.Reused = request.getfixturevalue("postgres_database")
    reused.empty()
    yield reused.url


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine on an empty, migrated database, once on each engine."""
    engine = engine_for(database_url)
    yield engine
    engine.dispose()
