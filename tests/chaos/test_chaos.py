"""The whole service under every fault there is, with leases of seconds: nothing is lost and nothing doubled.

The same runs for as long as you like, with real leases, is ``./writethru bench chaos --minutes N [--seed S]``.
"""

import sys
import time
from datetime import timedelta
from itertools import islice

import pytest

from config.settings import Settings
from ingest.poller import TICK
from ingest.visit import Desk
from store import outbox
from tests.chaos.faults import ON_SQLITE, episodes, inject, settle
from tests.chaos.run import Run, running
from tests.parts.postgres import cluster
from workers.deliverer import SLACK
from workers.relay import ROUND

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills and counts through /proc")

SEED = 7
AT_ONCE = 11
RECOVERED = 90.0
"""Seconds, so that a test does not hang; with leases of four seconds it takes five."""
ON_POSTGRES = (
    *("postgres:terminate", "crash:read-in-transaction", "postgres:restart", "crash:poll-before-commit", "store:busy"),
    *("crash:deliver-in-transaction", "postgres:terminate", "kill:work read"),
)


def suffer(run: Run, faults: list[tuple[float, str]]) -> None:
    """Lets these happen one after the other, and waits until what existed then is done."""
    for wait, fault in faults:
        time.sleep(wait)
        inject(run, fault)
    settle(run, RECOVERED)
    assert run.recover(RECOVERED), run.house.logged()


def test_case_82_to_93_nothing_is_lost_and_nothing_doubled() -> None:
    """Every fault happens once: versions are the history, alerts its factual pairs, each told once and received, what
    came twice has a cause, nothing is held at the end and the database is sound."""
    with running(seed=SEED) as run:
        for episode in islice(episodes(SEED, ON_SQLITE, AT_ONCE), len(ON_SQLITE) // AT_ONCE + 1):
            suffer(run, [(step.wait / 2, step.fault) for step in episode])
        assert [] == run.end(RECOVERED), f"seed {SEED}: {run.faults}\n{run.house.logged()}"
        assert set(run.faults) >= set(ON_SQLITE)


def test_case_93_on_postgresql() -> None:
    """The same on PostgreSQL, where backends are terminated and the server crashes."""
    with cluster() as server, running(seed=SEED, articles=4, hosts=2, cluster=server) as run:
        suffer(run, [(0.5, fault) for fault in ON_POSTGRES])
        assert [] == run.end(RECOVERED), run.house.logged()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_seed_gives_its_schedule_back(seed: int) -> None:
    """The same faults in the same order after the same waits; and all of them before one comes again."""
    first, again = (list(islice(episodes(seed, ON_SQLITE, 7), 20)) for _ in range(2))
    assert first == again
    happened = [step.fault for episode in first for step in episode]
    assert set(happened[: len(ON_SQLITE)]) == set(ON_SQLITE)
    assert first != list(islice(episodes(seed + 1, ON_SQLITE, 7), 20))


def test_killed_work_is_found_within_a_minute() -> None:
    """The real leases, and the round in which the relay or the poller finds that one has ended, leave room for it."""
    settings = Settings()
    desk = Desk(settings, *(None,) * 5)  # type: ignore[arg-type]
    found = {
        "a host": desk.lease + timedelta(seconds=TICK),
        "a page": outbox.LEASE + timedelta(seconds=ROUND),
        "an endpoint": settings.deliver.timeout + SLACK + timedelta(seconds=ROUND),
        "a job that Redis forgot": outbox.RING_AGAIN + timedelta(seconds=ROUND),
    }
    assert {name: wait for name, wait in found.items() if wait > timedelta(seconds=55)} == {}
