"""The supervisor over real processes that crash, linger, refuse and are orphaned."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.settings import ROOT
from tests.parts.supervised import CHILD, CHILDREN, Supervised
from tests.parts.waiting import alive, states_below, until

Supervise = Callable[..., Supervised]


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Supervise]:
    """Starts supervisors that end with the test."""
    started: list[Supervised] = []

    def start(*children: tuple[str, int]) -> Supervised:
        started.append(Supervised(tmp_path, *children))
        return started[-1]

    yield start
    for each in started:
        each.clean_up()


def test_killed_child_is_restarted(supervise: Supervise) -> None:
    """A child killed with -9 is started again; its neighbour is left alone."""
    service = supervise(("plain", 1), ("talking", 1))
    neighbour = service.pid("talking")
    os.kill(service.pid("plain"), signal.SIGKILL)
    assert alive(service.pid("plain", run=2))
    assert alive(neighbour)
    assert 1 == len(service.pids("talking"))
    assert 0 == service.stop()
    assert not any(alive(pid) for pid in service.pids("plain") + service.pids("talking"))


def test_child_that_ends_is_restarted(supervise: Supervise) -> None:
    """A child that ends by itself comes back as well, again and again."""
    service = supervise(("leaving", 1))
    until(lambda: len(service.notes()) >= 3)
    assert 0 == service.stop()


def test_killed_supervisor_takes_its_children_along(supervise: Supervise) -> None:
    """The supervisor killed with -9 leaves nobody behind, not even a child that ignores SIGTERM."""
    service = supervise(("plain", 1), ("stubborn", 0))
    pids = [service.pid("plain"), service.pid("stubborn")]
    service.process.kill()
    until(lambda: not any(alive(pid) for pid in pids))


def test_what_children_say_goes_to_stderr(supervise: Supervise) -> None:
    """Both outputs of a child come out on the supervisor's stderr."""
    service = supervise(("talking", 1))
    service.pid("talking")
    service.stop()
    assert "said on stdout" in service.stderr()
    assert "said on stderr" in service.stderr()


def test_stages_end_in_order(supervise: Supervise) -> None:
    """What the others stand on ends last."""
    service = supervise(("slow to end", 0), ("stubborn", 1))
    service.pid("slow to end")
    service.pid("stubborn")
    service.process.terminate()
    until(service.notes)
    os.kill(service.pid("stubborn"), signal.SIGKILL)
    assert 0 == service.process.wait(60)
    assert ["stubborn asked", "slow to end ended"] == service.notes()


def test_insisting(supervise: Supervise) -> None:
    """Asked again, the supervisor insists at once; asked a third time, it kills who still is there."""
    service = supervise(("stubborn", 1))
    pid = service.pid("stubborn")
    assert service.stop(signals=3) == 0
    assert not alive(pid)
    assert ["stubborn asked", "stubborn asked"] == service.notes()


def test_stubborn_child_is_killed_in_the_end(supervise: Supervise) -> None:
    """Asked once, the supervisor insists by itself, then kills."""
    service = supervise(("stubborn", 1))
    pid = service.pid("stubborn")
    assert 0 == service.stop()
    assert not alive(pid)
    assert ["stubborn asked", "stubborn asked"] == service.notes()


def test_giving_up(supervise: Supervise) -> None:
    """A child that says "wrong configuration" at its first start ends everything, with its exit code."""
    service = supervise(("plain", 1), ("wrong", 1))
    assert 2 == service.process.wait(60)
    assert not any(alive(pid) for pid in service.pids("plain"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_that_stop(supervise: Supervise, number: signal.Signals) -> None:
    """SIGTERM, Ctrl-C and a closed terminal all end it in order."""
    service = supervise(("plain", 1))
    pid = service.pid("plain")
    service.process.send_signal(number)
    assert 0 == service.process.wait(60)
    assert not alive(pid)


def test_sessions(supervise: Supervise) -> None:
    """Each child leads a session of its own: Ctrl-C in the terminal reaches the supervisor alone."""
    service = supervise(("plain", 1), ("talking", 1))
    pids = [service.pid("plain"), service.pid("talking")]
    assert [os.getsid(pid) for pid in pids] == pids
    service.stop()


def test_killing_takes_the_whole_group(supervise: Supervise) -> None:
    """What a killed child had started itself goes with it."""
    service = supervise(("parent", 1))
    service.pid("parent")
    grandchild = int((service.folder / "grandchild").read_text())
    assert alive(grandchild)
    service.stop(signals=3)
    until(lambda: not alive(grandchild))


def test_no_zombies(supervise: Supervise) -> None:
    """Whatever ends under it is reaped."""
    service = supervise(("leaving", 1), ("plain", 1))
    service.pid("plain")
    until(lambda: len(service.notes()) >= 2)
    until(lambda: "Z" not in states_below(service.process.pid))
    service.stop()


OWNER = """
import sys, time
from workers.supervise import Child, spawn
child = Child("plain", (sys.executable, "-c", sys.argv[1], "plain"), {})
kept = spawn(child, kernel_watches=False)
print("spawned", flush=True)
if sys.argv[2] == "stop":
    sys.stdin.readline()
    kept.terminate()
    sys.exit(kept.wait())
time.sleep(600)
"""


def owner(folder: Path, then: str) -> "subprocess.Popen[bytes]":
    """A process that spawns a child as on a system without a parent-death signal."""
    arguments = [CHILD.format(act=CHILDREN["plain"]), then]
    return subprocess.Popen(
        [sys.executable, "-c", OWNER, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def written_pid(folder: Path) -> int:
    """Waits for the child's pid."""
    until(lambda: (folder / "plain.pid").exists() and (folder / "plain.pid").read_text().strip())
    return int((folder / "plain.pid").read_text())


def test_orphans_die_without_the_kernels_help(tmp_path: Path) -> None:
    """Where the kernel has no parent-death signal, a watcher between the two ends the child."""
    process = owner(tmp_path, "wait")
    pid = written_pid(tmp_path)
    process.kill()
    process.communicate()
    until(lambda: not alive(pid))


def test_watcher_passes_signals_and_the_exit_code_on(tmp_path: Path) -> None:
    """The watcher is as good as the child: asked to stop it passes that on, and ends as the child ended."""
    process = owner(tmp_path, "stop")
    pid = written_pid(tmp_path)
    process.communicate(b"now\n")
    assert 128 + signal.SIGTERM == process.returncode
    assert not alive(pid)
