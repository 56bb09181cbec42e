"""Disks that fail or fill, locks that last and migrations that are killed: what was told is kept, the rest is visible."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.settings import ROOT
from store import outbox
from store.engine import BUSY_SECONDS, engine_for, reading, writing
from store.migrate import is_current, migrate
from store.tables import outbox as works
from store.tables import snapshot as kept
from tests.parts import postgres
from tests.parts.required import run_or_absent
from tests.parts.rows import Newsroom

WRITER = (sys.executable, str(ROOT / "tests/parts/durable.py"))


@pytest.fixture
def watched(sqlite_template: Path, tmp_path: Path, now: datetime) -> Path:
    """A database file with one article."""
    path = tmp_path / "disk" / "writethru.db"
    path.parent.mkdir()
    shutil.copy(sqlite_template, path)
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    with writing(engine) as connection:
        Newsroom(connection, now).article()
    engine.dispose()
    return path


def check(path: Path, said: str) -> None:
    """Every snapshot that was said to be kept is there, each with its work, and the file is sound."""
    with sqlite3.connect(path) as connection:
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    with reading(engine) as connection:
        ids = set(connection.scalars(sa.select(kept.c.id)))
        assert ids == set(connection.scalars(sa.select(works.c.snapshot_id)))
    engine.dispose()
    told = {int(line.split()[1]) for line in said.splitlines() if line.startswith("kept ")}
    assert told <= ids
    assert len(ids - told) <= 1  # one may be in the file whose writer died before it said so


@pytest.mark.parametrize(
    ("fault", "nth"),
    [("error=EIO", 1), ("error=EIO", 3), ("error=EIO", 5), ("signal=KILL", 2), ("signal=KILL", 7)],
)
def test_case_91_flushing_fails(watched: Path, fault: str, nth: int) -> None:
    """The nth flush to disk fails, or the process is killed at it: the error is visible, nothing that was told is
    lost, no row is half, and the next run goes on."""
    run_or_absent(["strace", "-f", "-o", "/dev/null", "true"], "strace may watch a process")
    flushes = f"inject=fsync,fdatasync:{fault}:when={nth}"
    url = f"sqlite+pysqlite:///{watched}"
    watch = ["strace", "-f", "-o", os.devnull, "-e", "trace=fsync,fdatasync", "-e", flushes]
    broken = subprocess.run([*watch, *WRITER, url, "6"], capture_output=True, text=True, timeout=60)
    if fault == "signal=KILL":
        assert -signal.SIGKILL == broken.returncode
    else:  # moving the log into the file may fail without harm; beginning and writing the log may not
        assert (nth != 3) == ("refused OperationalError: disk I/O error" in broken.stdout)
    check(watched, broken.stdout)
    after = subprocess.run([*WRITER, url, "2"], capture_output=True, text=True, timeout=60)
    assert ["kept", "kept"] == [line.split()[0] for line in after.stdout.splitlines()]
    check(watched, broken.stdout + after.stdout)


def test_case_90_the_disk_is_full(watched: Path) -> None:
    """On a full disk a transaction is refused as a whole and says so; once there is room, the next one is written."""
    run_or_absent(["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], "a small disk may be mounted")
    folder = watched.parent.parent / "small"
    folder.mkdir()
    writer = f"{' '.join(WRITER)} sqlite+pysqlite:///{folder}/writethru.db"
    script = f"""
        mount -t tmpfs -o size=2m tmpfs {folder} && cp {watched} {folder}/writethru.db
        {writer} 2
        dd if=/dev/zero of={folder}/ballast bs=4k 2>/dev/null
        {writer} 400; echo ended $?
        rm {folder}/ballast
        {writer} 2
        cp {folder}/writethru.db* {watched.parent}/
    """
    ran = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, timeout=120)
    said = ran.stdout.splitlines()
    assert "ended 3" in said, ran.stderr
    assert "disk is full" in said[said.index("ended 3") - 1] or "disk I/O" in said[said.index("ended 3") - 1]
    assert ["kept", "kept"] == [line.split()[0] for line in said[-2:]]
    check(watched, ran.stdout)


def test_case_92_a_writer_waits_for_a_backup(watched: Path, now: datetime) -> None:
    """Somebody else's lock and a backup under way are waited for, up to half a minute; nothing is lost."""
    assert BUSY_SECONDS >= 30
    engine = engine_for(f"sqlite+pysqlite:///{watched}")
    other = sqlite3.connect(watched, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    written: list[int] = []

    def write() -> None:
        for n in range(20):
            with writing(engine) as connection:
                written.append(outbox.owe(connection, "page", subject=f"article:{n}", now=now))

    writers = [threading.Thread(target=write) for _ in range(3)]
    for each in writers:
        each.start()
    time.sleep(0.3)
    assert written == []
    other.execute("ROLLBACK")
    other.backup(copy, pages=5, sleep=0.001)
    for each in writers:
        each.join()
    with reading(engine) as connection:
        assert sorted(written) == sorted(connection.scalars(sa.select(works.c.id)))
    assert [("ok",)] == copy.execute("PRAGMA integrity_check").fetchall()
    engine.dispose()


def _tables(engine: sa.Engine) -> dict[str, set[str]]:
    inspected = sa.inspect(engine)
    return {name: {column["name"] for column in inspected.get_columns(name)} for name in inspected.get_table_names()}


def test_case_98_a_migration_is_killed(tmp_path: Path, database_url: str, request: pytest.FixtureRequest) -> None:
    """A migration that is killed in its middle leaves nothing half, and the next start completes it."""
    finished = engine_for(database_url)
    expected = _tables(finished)
    finished.dispose()
    if database_url.startswith("sqlite"):
        _killed_and_completed(f"sqlite+pysqlite:///{tmp_path}/killed.db", expected)
        return
    server = request.getfixturevalue("postgres_server")
    with postgres.database(server, f"k{uuid.uuid4().hex}") as url:
        _killed_and_completed(url, expected)


def _killed_and_completed(url: str, expected: dict[str, set[str]]) -> None:
    for nth in (3, 12, 25):
        child = os.fork()
        if child == 0:
            _migrate_until(url, nth)
        assert -signal.SIGKILL == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    engine = engine_for(url)
    migrate(engine)
    with reading(engine) as connection:
        assert is_current(connection)
    assert expected == _tables(engine)
    engine.dispose()


def _migrate_until(url: str, nth: int) -> None:
    """Dies at the *nth* statement that makes something."""
    engine = engine_for(url)
    made = 0

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        nonlocal made
        made += statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT"))
        if made == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(engine, "before_cursor_execute", count)
    migrate(engine)
    os._exit(0)
