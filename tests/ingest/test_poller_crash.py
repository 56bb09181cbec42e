"""A poller that is killed, at each place where it matters, and the one that comes after it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import ROOT
from ingest.visit import LEASE
from store import looks
from store.engine import engine_for, reading
from store.tables import host, look, outbox, snapshot
from tests.ingest.hostile import answer, serving
from tests.ingest.polling import NO_ROBOTS, counted, watch

SCRIPT = str(Path(__file__).with_name("crashing.py"))


def run(database_url: str, point: str, ahead: float) -> int:
    """Runs the poller in a process of its own; returns how it ended."""
    command = [sys.executable, SCRIPT, database_url, point, str(ahead)]
    return subprocess.run(command, cwd=ROOT, timeout=60, capture_output=True).returncode


@pytest.mark.parametrize(
    ("point", "written"),
    [
        pytest.param("poll-after-fetch", 0, id="case_82-after-fetch"),
        pytest.param("poll-before-commit", 0, id="case_82-in-transaction"),
        pytest.param("poll-after-commit", 1, id="case_82-after-commit"),
    ],
)
def test_killed(database_url: str, point: str, written: int) -> None:
    """What was committed stands whole, what was not left nothing; the next poller, once the lease is over, goes on."""
    engine = engine_for(database_url)
    with serving(NO_ROBOTS | {"/a": answer(body=b"text")}) as server:
        watch(engine, server.url("/a"))
        assert run(database_url, point, 0) == -signal.SIGKILL
        with reading(engine) as connection:
            rows = [counted(table)(connection) for table in (snapshot, look, outbox)]
            assert rows == [written] * 3
            assert counted(host, host.c.lease_until.is_not(None))(connection) == 1
        assert run(database_url, "-", LEASE.total_seconds() + 10) == 0
    with reading(engine) as connection:
        assert (counted(snapshot)(connection), counted(outbox)(connection)) == (1, 1)
        assert counted(look, look.c.outcome == looks.NEW)(connection) == 1
        assert counted(host, host.c.lease_until.is_not(None))(connection) == 0
    engine.dispose()
