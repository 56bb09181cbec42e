"""The demo as a real process, and what it prints."""

import signal
import subprocess
import sys
import threading
import time
from itertools import islice
from pathlib import Path
from typing import Self

DOOR = Path(__file__).resolve().parents[2] / "writethru"
PATIENCE = 180
"""Seconds until a test gives up; nothing is asserted about how long it took."""


class Playing:
    """A demo that runs, and what it has printed."""

    def __init__(self, folder: Path, *options: str, lines_read: int = 10**6) -> None:
        environ = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "TMPDIR": str(folder), "WRITETHRU_WEB__PORT": "1"}
        command = [sys.executable, str(DOOR), "demo", *options]
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._reader = threading.Thread(target=self._read, args=(lines_read,))
        self._reader.start()

    def _read(self, lines_read: int) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as printed:
            for line in islice(printed, lines_read):
                self.lines.append(line.rstrip("\n"))

    def wait_for(self, text: str) -> str:
        """The first line with this text in it."""
        last = time.monotonic() + PATIENCE
        while time.monotonic() < last:
            ended = self.process.poll() is not None
            if ended:
                self._reader.join()
            for line in list(self.lines):
                if text in line:
                    return line
            assert not ended, "\n".join(["the demo ended early", *self.lines])
            time.sleep(0.05)
        raise AssertionError("\n".join([f"{text!r} was never printed", *self.lines]))

    def ended(self, number: signal.Signals | None = None) -> int:
        """The exit code, once it has ended, by this signal or on its own."""
        if number is not None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join()
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.ended(signal.SIGKILL)
