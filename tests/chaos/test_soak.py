"""A service at work holds no more than it did. The full length is ``./writethru bench soak --minutes N``."""

import sys
import time

import pytest

from tests.chaos.census import Census, census, grown
from tests.chaos.run import running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills and counts through /proc")

COUNTS = 16


def test_case_100_nothing_grows() -> None:
    """Memory, descriptors, WAL and Valkey's keys stay as they are while texts come in and alerts go out."""
    counts: list[Census] = []
    with running(workers=1) as run:
        for _ in range(COUNTS):
            time.sleep(0.7)
            counts.append(census(run.house))
        assert run.stages > COUNTS
        assert [] == run.broken_after(10)
    assert [] == grown(counts), counts
    assert counts[-1]["poll: descriptors"] > 0
    assert counts[-1]["valkey: keys"] > 0
