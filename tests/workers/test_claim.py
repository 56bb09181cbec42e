"""One at a time, and nobody keeps a lock after death."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import ROOT
from workers.claim import Claimed, claim, holder

HOLDER = """
import sys; from pathlib import Path; from workers.claim import claim
with claim(Path(sys.argv[1])): print("held", flush=True); sys.stdin.read()
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock file in a folder that is not there yet."""
    return tmp_path / "data" / "up.lock"


def another(lock: Path) -> "subprocess.Popen[bytes]":
    """Another process that holds it until its stdin is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)],
        env={"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert b"held\n" == process.stdout.readline()
    return process


def test_free(lock: Path) -> None:
    """Nobody holds what was never claimed, nor what was let go."""
    assert holder(lock) is None
    with claim(lock):
        pass
    assert holder(lock) is None


def test_second_is_told_who_holds_it(lock: Path) -> None:
    """The second one is refused at once, with the first one's pid."""
    first = another(lock)
    assert first.pid == holder(lock)
    with pytest.raises(Claimed) as refused, claim(lock):
        pass
    assert first.pid == refused.value.pid
    first.communicate()


def test_released_by_kill(lock: Path) -> None:
    """kill -9 releases it, and the pid that it left behind is not believed."""
    first = another(lock)
    first.kill()
    first.communicate()
    assert str(first.pid) == lock.read_text()
    assert holder(lock) is None
    with claim(lock):
        assert lock.read_text() != str(first.pid)
