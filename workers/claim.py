"""One at a time: a lock file that says who holds it, and that the kernel releases when the holder ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

TRIES = 4
"""A fifth of a second: `holder` takes the lock too, for a moment, to see whether it is free."""


class Claimed(Exception):  # noqa: N818 - an answer, not a fault
    """Somebody else holds it. *pid* is theirs, 0 where it is not known (yet)."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"held by process {pid}")
        self.pid = pid


@contextmanager
def claim(path: Path) -> Iterator[None]:
    """Holds the lock file for the duration. Raises Claimed where another process does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        if not any(_locked(file) for _ in range(TRIES)):
            raise Claimed(_written(path))
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(0.05)
        return False
    return True


def holder(path: Path) -> int | None:
    """The pid of the process that holds the lock file, 0 where it is not known, None where nobody can be seen to."""
    try:
        with path.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (FileNotFoundError, PermissionError):
        return None
    except BlockingIOError:
        return _written(path)
    return None


def _written(path: Path) -> int:
    text = path.read_text().strip()
    return int(text) if text.isdecimal() else 0
