"""Named crash points: where a test may kill the process, free when none is armed.

A test arms them for the real command by ``WRITETHRU_TEST_CRASH=point[:nth][,point…]``: the point ends its own process
by SIGKILL at its *nth* pass (1 unless given). With ``WRITETHRU_TEST_CRASH_NOTES=file`` a point that fires sets its byte
in that file, one a point, and fires once for all processes: a harness sees which points fired, and arms one again by
clearing its byte.
"""

import fcntl
import os
import signal
from collections.abc import Mapping
from pathlib import Path

VARIABLE, NOTES = "WRITETHRU_TEST_CRASH", "WRITETHRU_TEST_CRASH_NOTES"

POINTS = (
    *("poll-leased", "poll-after-fetch", "poll-before-commit", "poll-after-commit"),
    *("relay-marked", "relay-rung"),
    *("read-leased", "read-prepared", "read-in-transaction", "read-committed", "feed-listed", "transition-told"),
    *("deliver-leased", "before-post", "after-post", "deliver-in-transaction", "after-mark"),
)
"""Every point, in the order in which an article passes them."""

_armed: dict[str, int] = {}
_notes: list[int] = []


def arm(points: Mapping[str, int], notes: Path | None = None) -> None:
    """Arms crash points: name → how many more passes before this process kills itself (1 = the next one). *notes* is
    the file where a point that fires sets its byte."""
    _armed.update(points)
    if notes is not None:  # opened now: a work-horse may open nothing
        _notes[:] = [os.open(notes, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)]


def arm_from(environ: Mapping[str, str]) -> None:
    """Arms what the environment names. Raises ValueError, in one line, for a point that does not exist."""
    written = environ.get(VARIABLE, "")
    if written:
        notes = environ.get(NOTES)
        arm(dict(_point(each.strip()) for each in written.split(",")), Path(notes) if notes else None)


def _point(written: str) -> tuple[str, int]:
    name, _, nth = written.partition(":")
    if name not in POINTS or (nth and not nth.isdecimal()):
        raise ValueError(f"{VARIABLE}: {written!r} is no crash point; there are {', '.join(POINTS)}")
    return name, int(nth or 1)


def crash_here(name: str) -> None:
    """Ends this process by SIGKILL when the point *name* is armed and its passes are used up."""
    if name not in _armed:
        return
    _armed[name] -= 1
    if _armed[name] <= 0 and _is_first(name):
        os.kill(os.getpid(), signal.SIGKILL)


def _is_first(name: str) -> bool:
    """Whether no process crashed at this point before; notes that this one does."""
    at = POINTS.index(name)
    for notes in _notes:
        fcntl.lockf(notes, fcntl.LOCK_EX, 1, at)
        first = os.pread(notes, 1, at) in (b"", b"\0")
        os.pwrite(notes, b"x", at)
        fcntl.lockf(notes, fcntl.LOCK_UN, 1, at)
        return first
    return True
