"""Waits for what other processes do. The limit is there to end a test that hangs, not to time anything."""

import subprocess
import time
from collections.abc import Callable


def until(true: Callable[[], object], limit: float = 30) -> None:
    """Returns when *true* is. Raises AssertionError after *limit* seconds."""
    last = time.monotonic() + limit
    while not true():
        assert time.monotonic() < last, f"waited {limit} s in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and was not reaped yet does not."""
    return _ps("stat", "-p", str(pid))[:1] not in ("", "Z", "X")


def states_below(parent: int) -> str:
    """The states of a process's children, a letter each; Z is a zombie."""
    lines = _ps("ppid,stat", "-A").splitlines()
    return "".join(line.split()[1][0] for line in lines if int(line.split()[0]) == parent)


def pids_below(parent: int) -> dict[int, str]:
    """A process's children: pid → command line."""
    rows = [line.split(maxsplit=2) for line in _ps("ppid,pid,args", "-A", "-ww").splitlines()]
    return {int(row[1]): row[2] for row in rows if int(row[0]) == parent}


def _ps(columns: str, *which: str) -> str:
    names = [part for column in columns.split(",") for part in ("-o", f"{column}=")]
    return subprocess.run(["ps", *names, *which], capture_output=True, text=True, check=False).stdout.strip()
