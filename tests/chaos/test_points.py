"""The crash points: each stands in the code once, and the real command obeys the variable that arms them."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.crash import NOTES, POINTS, VARIABLE
from config.settings import ROOT

FLOORS = ("config", "facts", "store", "ingest", "workers", "web", "demo", "cli")

PASSES = """
import os, sys
from config import crash
crash.arm_from(os.environ)
for each in sys.argv[1:]:
    print(each, flush=True)
    crash.crash_here(each)
"""


def run(points: str, *passes: str, notes: Path | None = None) -> tuple[int, int]:
    """Passes these points in a process of its own: how it ended, and how many it came to."""
    environ = {"PYTHONPATH": str(ROOT), VARIABLE: points} | ({NOTES: str(notes)} if notes else {})
    done = subprocess.run([sys.executable, "-c", PASSES, *passes], env=environ, capture_output=True, text=True)
    return done.returncode, len(done.stdout.split())


def test_each_point_stands_in_the_code() -> None:
    """What can be armed is what is there."""
    code = [path.read_text(encoding="utf-8") for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    named = [name for text in code for name in re.findall(r'crash_here\("([a-z-]+)"\)', text)]
    assert set(POINTS) == set(named)


@pytest.mark.parametrize(
    ("points", "passes", "ended"),
    [
        pytest.param("", ["before-post"], (0, 1), id="unset"),
        pytest.param("before-post", ["after-mark", "before-post", "after-mark"], (-signal.SIGKILL, 2), id="the first"),
        pytest.param("before-post:2", ["before-post"] * 3, (-signal.SIGKILL, 2), id="the second"),
        pytest.param("after-mark:9, before-post", ["before-post"], (-signal.SIGKILL, 1), id="several"),
    ],
)
def test_a_named_point_ends_its_own_process(points: str, passes: list[str], ended: tuple[int, int]) -> None:
    """By SIGKILL, at the pass that was asked for."""
    assert run(points, *passes) == ended


def test_a_point_that_fired_leaves_a_note_and_fires_once(tmp_path: Path) -> None:
    """The next process passes, until the note is cleared."""
    notes = tmp_path / "notes"
    assert run("before-post", "before-post", notes=notes) == (-signal.SIGKILL, 1)
    assert notes.read_bytes().strip(b"\0") == b"x"
    assert run("before-post", "before-post", notes=notes) == (0, 1)
    notes.write_bytes(bytes(len(POINTS)))
    assert run("before-post", "before-post", notes=notes) == (-signal.SIGKILL, 1)


def test_the_command_refuses_a_point_that_is_not_there(tmp_path: Path) -> None:
    """A typing error must not be a run that proves nothing."""
    environ = {"PATH": os.defpath, "WRITETHRU_DATA_DIR": str(tmp_path), VARIABLE: "befor-post"}
    command = [sys.executable, str(ROOT / "writethru"), "feeds"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "'befor-post' is no crash point" in done.stderr
    assert len(done.stderr.splitlines()) == 1
