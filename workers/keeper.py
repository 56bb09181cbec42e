"""Waits until the embedded server's folder is free, then becomes the server.

Run as a script by its path, isolated, so that it needs no package:

    python -I -S keeper.py FOLDER SOCKET SERVER [ARGUMENT…]

The lock goes over to the server itself, so "locked" means "a server is alive here", whoever started it and whatever
became of them: a second keeper waits, and takes over with the data kept when the first server is gone.
"""

import errno
import fcntl
import os
import re
import shutil
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

LOG = "valkey.log"
_UNREADABLE = re.compile(
    r"Bad file format reading|AOF loading aborted|AOF MANIFEST FILE ERROR|Unable to obtain the AOF|handle RDB format"
)


def _main(folder: Path, socket: Path, server: list[str]) -> None:
    try:
        _take_over(folder, socket)
        os.execv(server[0], server)
    except OSError as wrong:
        _say(folder, f"{wrong.strerror}: {wrong.filename or server[0]}")


def _take_over(folder: Path, socket: Path) -> None:
    _make_private(folder)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    _make_private(socket.parent)
    set_aside_unreadable(folder)
    (folder / LOG).write_bytes(b"")
    os.set_inheritable(lock, True)


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, "somebody else's, or a link", str(folder))
    folder.chmod(0o700)


def _say(folder: Path, why: str) -> NoReturn:
    with suppress(OSError):
        (folder / LOG).write_text(why)
    sys.exit(f"the embedded Valkey did not start: {why}")


def set_aside_unreadable(folder: Path) -> bool:
    """Moves the queue's file away when the last server could not read it (damage, or a newer server wrote it).

    Nothing is lost: what is owed stands in the database, and the relay rings again.
    """
    record = folder / LOG
    kept = folder / "appendonlydir"
    if not kept.exists() or not record.exists() or not _UNREADABLE.search(record.read_text(errors="replace")):
        return False
    away = folder / "appendonlydir.unreadable"
    shutil.rmtree(away, ignore_errors=True)
    kept.rename(away)
    return True


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
