"""The harness finds bugs: each mutant of the product breaks a promise under faults that the product itself survives
(``test_chaos`` lets all of them happen to it)."""

import time

import pytest

from tests.chaos.faults import inject, lease, settle
from tests.chaos.run import running

MUTANTS = [
    pytest.param("second-transaction", ["crash:poll-after-commit"], "P1", id="the job in a second transaction"),
    pytest.param("slow,no-uniqueness", ["valkey:the same job 100 times"] * 2, "P1", id="no uniqueness"),
    pytest.param("marked-before-the-post", ["crash:before-post"], "P3", id="acknowledged before the POST"),
    pytest.param("half-gzip", ["source:half-gzip"] * 8, "P1", id="half gzip accepted"),
    pytest.param("lease-without-fence", ["stall:the sender"], "P4", id="lease without fence"),
    pytest.param("forgetful-relay", ["crash:relay-marked"], "P1", id="relay that forgets"),
    pytest.param("body-made-anew", ["receiver:500"], "P3", id="body made anew for each attempt"),
]


@pytest.mark.parametrize(("mutant", "faults", "promise"), MUTANTS)
def test_a_mutant_is_found_out(mutant: str, faults: list[str], promise: str) -> None:
    """The promise that the bug breaks is named among those that do not hold."""
    workers = 2 if promise == "P4" or "uniqueness" in mutant else 1
    with running(articles=2, hosts=1, patches=f"haste,{mutant}", workers=workers, verbs=("work", "poll")) as run:
        for fault in faults:
            inject(run, fault)
        settle(run, 10)
        time.sleep(lease(run) + 1)
        broken = run.broken_after(4)
    assert [each for each in broken if each.startswith(promise)], broken
