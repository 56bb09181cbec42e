"""One at a time: a lock file that says who holds it, and that the kernel releases when the holder ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Claimed(Exception):  # noqa: N818 - an answer, not a fault
    """Somebody else holds it. *pid* is theirs, 0 where it is not known (yet)."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"held by process {pid}")
        self.pid = pid


@contextmanager
def claim(path: Path) -> Iterator[None]:
    """Holds the lock file for the duration. Raises Claimed at once where another process does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Claimed(_written(path)) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def holder(path: Path) -> int | None:
    """The pid of the process that holds the lock file, 0 where it is not known, None where nobody does."""
    try:
        with path.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return _written(path)
    return None


def _written(path: Path) -> int:
    text = path.read_text().strip()
    return int(text) if text.isdecimal() else 0
