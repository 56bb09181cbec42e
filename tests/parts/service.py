"""The service as an operator starts it: the front door in a process of its own, on a folder of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from config.settings import ROOT
from tests.parts.waiting import alive, pids_below, until

DOOR = (sys.executable, str(ROOT / "writethru"))


class Service:
    """One command that stays, with what it says in files."""

    def __init__(self, folder: Path, *command: str, **settings: str) -> None:
        self.folder = folder
        environ = {"PATH": os.defpath, "WRITETHRU_DATA_DIR": str(folder / "var")}
        environ |= {f"WRITETHRU_{name}": value for name, value in settings.items()}
        with (folder / "said").open("wb") as said, (folder / "logged").open("wb") as logged:
            self.process = subprocess.Popen([*DOOR, *command], cwd=folder, env=environ, stdout=said, stderr=logged)

    @property
    def said(self) -> str:
        """Its stdout so far."""
        return (self.folder / "said").read_text()

    @property
    def logged(self) -> str:
        """Its stderr so far."""
        return (self.folder / "logged").read_text()

    def children(self, *words: str) -> list[int]:
        """The pids of its children; those whose command line holds all of *words*."""
        return [pid for pid, line in pids_below(self.process.pid).items() if all(word in line for word in words)]

    def child(self, *words: str, other_than: int = 0) -> int:
        """Waits for such a child."""

        found: list[int] = []

        def seen() -> list[int]:  # a child that is about to exec may be seen once and not again
            found.extend(pid for pid in self.children(*words) if pid != other_than)
            return found

        until(seen, 60)
        return found[-1]

    def wait_for_line(self, start: str) -> str:
        """Waits until it says a line that starts so; the rest of that line. Fails early when it has ended."""

        def line() -> str | None:
            found = [each for each in self.said.splitlines() if each.startswith(start)]
            assert found or self.process.poll() is None, self.logged
            return found[0] if found else None

        until(line, 60)
        return (line() or "").removeprefix(start).strip()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Asks it to stop; its exit code. Raises AssertionError where a child outlives it."""
        pids = self.children()
        self.process.send_signal(number)
        code = self.process.wait(60)
        assert [pid for pid in pids if alive(pid)] == []
        return code

    def kill(self) -> list[int]:
        """Ends it with -9; the pids of the children that it had."""
        pids = self.children()
        self.process.kill()
        self.process.wait()
        return pids
