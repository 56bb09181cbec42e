"""The harness finds bugs: each mutant of the product breaks a promise under faults that the product itself survives
(``test_chaos`` lets all of them happen to it)."""

import sys
import time

import pytest

from tests.chaos.faults import inject, settle
from tests.chaos.run import running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills and counts through /proc")

LOST, AT_ONCE = 6.0, 0.0
"""Seconds until something is missing for good (leases of four have ended by then), or what came is wrong at once."""
MUTANTS = [
    pytest.param("second-transaction", "crash:poll-after-commit", LOST, "P1", id="the job in a second transaction"),
    pytest.param("slow,no-uniqueness", "valkey:the same job 100 times", AT_ONCE, "P1", id="no uniqueness"),
    pytest.param("marked-before-the-post", "crash:before-post", LOST, "P3", id="acknowledged before the POST"),
    pytest.param("half-gzip", "source:half-gzip", AT_ONCE, "P1", id="half gzip accepted"),
    pytest.param("lease-without-fence", "stall:the sender", LOST, "P4", id="lease without fence"),
    pytest.param("forgetful-relay", "crash:relay-marked", LOST, "P1", id="relay that forgets"),
    pytest.param("body-made-anew", "receiver:500", AT_ONCE, "P3", id="body made anew for each attempt"),
]


@pytest.mark.parametrize(("mutant", "fault", "wait", "promise"), MUTANTS)
def test_a_mutant_is_found_out(mutant: str, fault: str, wait: float, promise: str) -> None:
    """The promise that the bug breaks is named among those that do not hold."""
    two = 2 if mutant in ("lease-without-fence", "slow,no-uniqueness") else 1
    with running(articles=2, hosts=1, patches=f"haste,{mutant}", workers=two, verbs=("work", "poll")) as run:
        for _ in range(8 if fault.startswith("source") else 1):
            inject(run, fault)
        settle(run, 60)
        time.sleep(wait)
        broken = run.broken_after(3)
    assert [each for each in broken if each.startswith(promise)], broken
