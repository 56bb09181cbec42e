"""The store's ground: migrations and transactions."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from store.engine import engine_for, reading, writing
from store.migrate import is_current, migrate
from store.tables import host, metadata


def test_migrations_give_exactly_the_tables(engine: sa.Engine) -> None:
    """What migrations make and what the tables say never drift apart."""
    with reading(engine) as connection:
        assert is_current(connection)
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_twice_at_once_is_one_migration(tmp_path: Path) -> None:
    """Two processes that start together wait for each other."""
    engines = [engine_for(f"sqlite+pysqlite:///{tmp_path / 'a.db'}") for _ in range(4)]
    threads = [threading.Thread(target=migrate, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engines[0]) as connection:
        assert is_current(connection)
    for engine in engines:
        engine.dispose()


def test_an_exception_rolls_back(engine: sa.Engine) -> None:
    """Half a transaction is none."""
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        connection.execute(host.insert().values(name="a.example:80"))
        raise ZeroDivisionError
    with reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(host)) == 0


def test_writers_wait_for_each_other(engine: sa.Engine) -> None:
    """Concurrent read-then-write transactions all succeed and lose no update."""
    with writing(engine) as connection:
        connection.execute(host.insert().values(name="a.example:80"))

    def add() -> None:
        for _ in range(20):
            with writing(engine) as connection:
                row = connection.execute(sa.select(host.c.failures).with_for_update()).scalar_one()
                connection.execute(host.update().values(failures=row + 1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as connection:
        assert connection.scalar(sa.select(host.c.failures)) == 80
