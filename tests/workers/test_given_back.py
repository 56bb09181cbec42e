"""What is free again at once, though its lease would last longer."""

import resource
import shutil
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.clock import now as clock
from config.settings import Settings
from store import outbox
from store.engine import engine_for, reading, truncate_log, writing
from store.tables import endpoint
from store.tables import outbox as owed
from tests.parts.delivering import add_endpoint, deliverer, tell_many
from tests.parts.receiver import Asked, receiver
from workers import jobs
from workers.housekeeping import sweep


def test_what_a_failed_job_held_is_owed_again_soon(engine: sa.Engine) -> None:
    """What a reader had taken is free after a rest of seconds; what another one holds stays held."""
    now = clock()
    with writing(engine) as connection:
        ids = [outbox.owe(connection, "page", subject=f"article:{n}", now=now) for n in range(3)]
        outbox.to_ring(connection, now, 10)
        outbox.lease(connection, ids[:2], "mine", now)
        outbox.lease(connection, ids[2:], "theirs", now)
    assert jobs.give_back(engine, "mine")
    with writing(engine) as connection:
        assert [] == outbox.to_ring(connection, now, 10)
        soon = clock() + jobs.REST
        assert ids[:2] == [work_id for work_id, _ in outbox.to_ring(connection, soon, 10)]


def test_it_is_given_back_once_the_store_is_back(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that is locked just then is asked again; one that stays away is left to the leases."""
    monkeypatch.setattr("store.engine.BUSY_SECONDS", 0.1)
    path = tmp_path / "writethru.db"
    shutil.copy(sqlite_template, path)
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(jobs, "GIVEN_BACK_WITHIN", 0.3)
    assert not jobs.give_back(engine, "mine")
    monkeypatch.setattr(jobs, "GIVEN_BACK_WITHIN", 30.0)
    threading.Timer(0.5, other.execute, ["COMMIT"]).start()
    assert jobs.give_back(engine, "mine")
    other.close()
    engine.dispose()


def test_the_longest_timeout_holds_an_endpoint_for_less_than_a_minute(engine: sa.Engine) -> None:
    """An endpoint whose sender is killed in mid-POST is free within the minute that is promised."""
    now = datetime.now(UTC)
    held: list[timedelta] = []

    def note_and_say(asked: Asked) -> None:
        with reading(engine) as connection:
            held.append(connection.execute(sa.select(endpoint.c.lease_until)).scalar_one() - now)
        asked.say(200)

    with receiver() as hook:
        add_endpoint(engine, hook.url, now)
        tell_many(engine, now, 1)
        hook.replies.append(note_and_say)
        assert 1 == deliverer(engine, lambda: now, timeout=timedelta(seconds=35)).due()
    assert [timedelta(seconds=55)] == held


def test_the_log_is_emptied_by_the_sweep(tmp_path: Path, sqlite_template: Path) -> None:
    """SQLite's log takes no room after the hourly sweep; while somebody reads, or the disk is full, it is left as it is
    and nothing fails."""
    path = tmp_path / "writethru.db"
    shutil.copy(sqlite_template, path)
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    log = Path(f"{path}-wal")
    with reading(engine) as reader:
        reader.execute(sa.select(owed)).all()
        with writing(engine) as connection:
            outbox.owe(connection, "page", subject="article:1", now=clock())
        assert not truncate_log(engine)
        assert log.stat().st_size > 0
    sweep(engine, Settings().retention, clock())
    assert log.stat().st_size == 0
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE large AS SELECT zeroblob(1000000)")
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, -1))  # a full disk
    assert not truncate_log(engine)
    with reading(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 30_000
    engine.dispose()
