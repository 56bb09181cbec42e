"""A sender is killed at the worst moments; what it was sending arrives all the same."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from config import clock
from store import deliveries
from store.deliveries import Attempt, Decision
from store.engine import engine_for, reading, writing
from store.tables import attempt, endpoint
from tests.parts.delivering import add_endpoint, deliverer, standing, states, tell_many
from tests.parts.receiver import Asked, receiver

ROOT = Path(__file__).parent.parent.parent


def send(database_url: str, point: str = "", passes: int = 1) -> int:
    """Runs a sender to its end; the exit code, negative for a signal."""
    command = [sys.executable, "-m", "tests.parts.sender", database_url, point, str(passes)]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, timeout=60).returncode


def let_leases_end(engine: sa.Engine) -> None:
    """What 45 seconds do: nobody holds anything, and what was rung for may be rung for again."""
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with writing(engine) as connection:
        held = endpoint.update().where(endpoint.c.lease_until.is_not(None))
        connection.execute(held.values(lease_until=long_ago, rung_at=long_ago))


@pytest.mark.parametrize(
    ("point", "twice"),
    [
        pytest.param("before-post", 0, id="before the POST"),
        pytest.param("after-post", 1, id="after the POST"),
        pytest.param("after-mark", 0, id="after the mark"),
    ],
)
def test_case_84_a_killed_sender_loses_nothing(engine: sa.Engine, database_url: str, point: str, twice: int) -> None:
    """Each alert arrives, in order; at most the one in the killed sender's hands arrives twice, with the same bytes."""
    now = datetime.now(UTC) - timedelta(seconds=1)
    with receiver() as hook:
        added = add_endpoint(engine, hook.url, now)
        told = tell_many(engine, now, 5)
        assert send(database_url, point, passes=3) == -signal.SIGKILL
        killed_at = len(hook.got)
        assert send(database_url) == 0
        assert len(hook.got) == killed_at, "the lease of the dead holds until it ends"
        let_leases_end(engine)
        assert send(database_url) == 0
    assert hook.ids() == told[:3] + told[2:3] * twice + told[3:]
    assert len({request.body for request in hook.got}) == 5
    assert states(engine, told) == ["delivered"] * 5
    assert standing(engine, added.id).failures == 0


def test_case_92_what_was_sent_is_noted_once_the_store_is_back(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that is locked for longer than a writer waits, just after the POST, is no reason to send twice."""
    monkeypatch.setattr("store.engine.BUSY_SECONDS", 0.1)
    path = tmp_path / "writethru.db"
    shutil.copy(sqlite_template, path)
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    now = datetime.now(UTC) - timedelta(seconds=1)

    def lock_and_say(asked: Asked) -> None:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.8, other.execute, ["COMMIT"]).start()
        asked.say(200)

    with receiver() as hook:
        add_endpoint(engine, hook.url, now)
        told = tell_many(engine, now, 2)
        hook.replies.append(lock_and_say)
        deliverer(engine, clock.now).due()
        assert hook.ids() == told
    assert states(engine, told) == ["delivered"] * 2
    with reading(engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(attempt)).scalar_one() == 2
    engine.dispose()
    other.close()


@pytest.mark.parametrize("committed", [pytest.param(True, id="it was"), pytest.param(False, id="it was not")])
def test_an_attempt_is_noted_once(engine: sa.Engine, committed: bool) -> None:
    """Noted again because nobody knows whether it was committed, it stands there once."""
    now = datetime.now(UTC)
    added = add_endpoint(engine, "http://a.example/", now)
    [told] = tell_many(engine, now, 1)
    with writing(engine) as connection:
        held = deliveries.lease(connection, added.id, "d1", now, timedelta(seconds=30))
        assert held is not None
        [sent] = deliveries.take(connection, held, now, timedelta(seconds=30), 1)
    came, good = Attempt(now, 200, "", 0.1, ""), Decision("delivered")
    for again in [False, True] if committed else [True]:
        with writing(engine) as connection:
            assert deliveries.record(connection, held, sent, came, good, again=again)
    with reading(engine) as connection:
        assert len(deliveries.attempts(connection, [sent.id])[sent.id]) == 1
    assert states(engine, [told]) == ["delivered"]
