"""Brings a database to this version's tables, one process at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

LOCK = 0x77726974
"""The PostgreSQL advisory lock that migrations hold ("writ")."""


def migrate(engine: sa.Engine) -> None:
    """Runs what is missing, all or nothing: a killed run leaves no half table and the next one completes it."""
    with _alone(engine), engine.begin() as connection:
        scripts = Config()
        scripts.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        scripts.attributes["connection"] = connection
        command.upgrade(scripts, "head")


def is_current(connection: sa.Connection) -> bool:
    """Whether the database has exactly this version's tables."""
    scripts = ScriptDirectory(str(Path(__file__).parent / "migrations"))
    return MigrationContext.configure(connection).get_current_revision() == scripts.get_current_head()


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[None]:
    database = engine.url.database
    if engine.dialect.name == "sqlite":
        if not database or database == ":memory:":
            yield
            return
        with Path(f"{database}.migrate").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with engine.connect() as holder:
        holder.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
        try:
            yield
        finally:
            holder.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))
            holder.commit()
