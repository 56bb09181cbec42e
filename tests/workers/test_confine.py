"""What a work-horse has given up before it parses what strangers wrote."""

import ctypes
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import ROOT, Settings
from workers.needs import needs_of

LANDLOCK = max(0, ctypes.CDLL(None).syscall(444, None, 0, 1)) if sys.platform == "linux" else 0
"""The version of Landlock that this kernel has; 4 and later know TCP, 6 and later signals."""


@pytest.mark.skipif(LANDLOCK < 4, reason="this kernel knows no Landlock for TCP")
def test_the_ports_of_sql_and_redis_stay_open() -> None:
    """Two databases on TCP are reached after everything else was given up, and a third port is not."""
    with socket.create_server(("127.0.0.1", 0)) as sql, socket.create_server(("127.0.0.1", 0)) as bell:
        ports = [each.getsockname()[1] for each in (sql, bell)]
        with socket.create_server(("127.0.0.1", 0)) as other:
            script = (
                "import socket, sys\nfrom config.settings import Database, Settings\nfrom workers.confine import *\nfrom workers.needs import *\n"
                "sql, bell, other = map(int, sys.argv[1:])\n"
                "settings = Settings(database=Database(url=f'postgresql+psycopg://u:p@127.0.0.1:{sql}/x'))\n"
                "confine(needs_of(settings, f'redis://127.0.0.1:{bell}'))\n"
                "for port in (sql, bell): socket.create_connection(('127.0.0.1', port)).close()\n"
                "try: socket.create_connection(('127.0.0.1', other))\n"
                "except PermissionError: print('refused')\n"
            )
            came = subprocess.run(
                [sys.executable, "-c", script, *map(str, [*ports, other.getsockname()[1]])],
                cwd=ROOT, capture_output=True, text=True,
            )  # fmt: skip
    assert ("refused\n", "") == (came.stdout, came.stderr)


@pytest.mark.parametrize(
    ("url", "ports"),
    [
        pytest.param("postgresql+psycopg://u@h:7000/x", {7000, 6379}, id="a port"),
        pytest.param("postgresql+psycopg://u@h/x", {5432, 6379}, id="libpq's own"),
        pytest.param("postgresql+psycopg:///x?host=/run/postgresql", {6379}, id="a socket"),
        pytest.param("postgresql+psycopg://u@/x?host=a:7001&host=b:7002", {7001, 7002, 6379}, id="two hosts"),
        pytest.param("postgresql+psycopg:///x?service=desk", None, id="who knows"),
        pytest.param("sqlite+pysqlite:////tmp/x/writethru.db", {6379}, id="a file"),
    ],
)
def test_ports_of_a_database(url: str, ports: set[int] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ports that stay open follow from the URLs; where they do not, TCP is left alone."""
    monkeypatch.delenv("PGPORT", raising=False)
    settings = Settings.model_validate({"database": {"url": url}})
    assert ports == needs_of(settings, "redis://h").ports


def test_a_database_that_is_a_link_can_be_written(tmp_path: Path) -> None:
    """The folder to which a link leads is the one where SQLite keeps its log."""
    (tmp_path / "large").mkdir()
    link = tmp_path / "small.db"
    link.symlink_to(tmp_path / "large" / "writethru.db")
    settings = Settings.model_validate({"database": {"url": f"sqlite+pysqlite:///{link}"}})
    assert {tmp_path, tmp_path / "large"} <= {*needs_of(settings, "redis://h").folders}
