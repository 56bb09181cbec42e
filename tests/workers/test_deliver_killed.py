"""A sender is killed at the worst moments; what it was sending arrives all the same."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.engine import writing
from store.tables import endpoint
from tests.parts.delivering import add_endpoint, standing, states, tell_many
from tests.parts.receiver import receiver

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
