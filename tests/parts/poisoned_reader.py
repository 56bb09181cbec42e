"""A real reader process whose pages do what their payload says: ``fine``, ``spin``, ``eat``, ``die``, ``fail``,
``break out``.

python poisoned_reader.py REDIS_URL, with settings in the environment.
"""

import ctypes
import errno
import os
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from config.load import load
from config.settings import Settings
from store.outbox import Work
from workers import reader
from workers.jobs import run_reader
from workers.prepared import Nothing, Prepared
from workers.sites import Sites


def _refused(act: Callable[[], object]) -> str:
    try:
        act()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "done"


OUT: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "privileges": lambda _: Path("/proc/self/status").read_text().partition("NoNewPrivs:\t")[2][0],
    "dial": lambda told: _refused(lambda: socket.create_connection(("127.0.0.1", told["port"]), 5)),
    "listen": lambda _: _refused(lambda: socket.create_server(("127.0.0.1", 0))),
    "start": lambda _: _refused(lambda: os.execv("/bin/true", ["true"])),
    "write": lambda told: _refused(lambda: Path(told["file"]).write_text("x")),
    "signal": lambda _: _refused(lambda: os.kill(1, 0)),
}
"""What somebody would try who got his own code to run where pages are parsed."""


def do(connection: sa.Connection, work: Work, settings: Settings, sites: Sites) -> Prepared:
    """Stands where a page is parsed."""
    match work.payload["do"]:
        case "spin":
            while True:
                pass
        case "eat":
            bytearray(3 << 30)
        case "die":
            ctypes.string_at(0)
        case "fail":
            raise RuntimeError("a rule broke")
        case "break out":
            return Nothing(work, " ".join(f"{name}:{attempt(work.payload)}" for name, attempt in OUT.items()))
    return Nothing(work, "fine")


if __name__ == "__main__":
    reader.PREPARE["page"] = do
    run_reader(load(os.environ, None, {}), sys.argv[1])
