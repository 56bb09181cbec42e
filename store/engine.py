"""The two databases behind one door: SQLite for one machine, PostgreSQL for many."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

BUSY_SECONDS = 30
"""How long a writer waits for another: a backup or a slow reader must not lose work."""

_UNWELL = frozenset({"08", "25", "40", "53", "55", "57", "58", "XX"})
"""Classes of SQLSTATE (PostgreSQL, appendix A): connection, transaction state, rollback, resources, locks, operator,
system, internal."""


def engine_for(url: str) -> sa.Engine:
    """An engine for a URL that names its driver. Creates the folder of a SQLite file. Make it after a fork."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL lets readers and one writer work together; in WAL, NORMAL risks the last moments but never consistency."""
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """A writer takes the lock at its start: one that reads first and writes later would fail instead of wait."""
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def truncate_log(engine: sa.Engine) -> bool:
    """Writes SQLite's log into the file and empties it, where nobody reads or writes for a moment; else the log would
    stay as long as its longest hour. Whether that was done, which a full disk forbids; PostgreSQL sees to its own."""
    if engine.dialect.name != "sqlite":
        return False
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        try:
            cursor.execute("PRAGMA busy_timeout=1000")
            return not cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def is_unwell(error: DBAPIError) -> bool:
    """Whether the store failed (gone, busy, full, a deadlock), as against refusing what it was given: a value too long
    for an index, a character that it cannot hold. PostgreSQL says so in the first two characters of its SQLSTATE."""
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return str(state)[:2] in _UNWELL
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One write transaction, committed at the end and rolled back by an exception."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One consistent view of the store."""
    with engine.connect().execution_options(reads=True) as connection, connection.begin():
        yield connection


def insert(connection: sa.Connection, table: sa.Table) -> Any:
    """An INSERT of the connection's own dialect, which knows ``on_conflict_do_nothing`` and ``…_do_update``."""

    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table)
