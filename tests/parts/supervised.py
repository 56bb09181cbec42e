"""A supervisor in a process of its own, over children that behave as a test asks."""

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from config.settings import ROOT
from tests.parts.waiting import until

CHILDREN = {
    "plain": "pass",
    "stubborn": "signal.signal(signal.SIGTERM, lambda n, f: note('asked'))",
    "talking": "print('said on stdout', flush=True); print('said on stderr', file=sys.stderr)",
    "wrong": "sys.exit(2)",
    "parent": "signal.signal(signal.SIGTERM, signal.SIG_IGN); print(subprocess.Popen(['sleep', '600']).pid, file=open('grandchild', 'w'), flush=True)",
    "leaving": "subprocess.Popen(['true']); note('left'); sys.exit(0)",
    "slow to end": "signal.signal(signal.SIGTERM, lambda n, f: (time.sleep(0.3), note('ended'), sys.exit(0)))",
}
"""What a child does before it writes its pid and sleeps. ``note`` adds a line to the file ``notes``."""

CHILD = """
import signal, subprocess, sys, time, os
def note(what): print(sys.argv[1], what, file=open("notes", "a"), flush=True)
{act}
print(os.getpid(), file=open(sys.argv[1] + ".pid", "a"), flush=True)
while True: time.sleep(600)
"""

SUPERVISOR = """
import sys
from workers.supervise import Child, Supervisor
with Supervisor() as supervisor:
    for position in range(0, len(sys.argv) - 1, 3):
        name, script, stage = sys.argv[position + 1 : position + 4]
        supervisor.keep(Child(name, (sys.executable, "-c", script, name), {"PATH": "/usr/bin:/bin"}, stage=int(stage)))
    sys.exit(supervisor.run())
"""


class Supervised:
    """A supervisor in a process of its own, and the children it keeps."""

    def __init__(self, folder: Path, *children: tuple[str, int]) -> None:
        self.folder = folder
        arguments = [part for act, stage in children for part in (act, CHILD.format(act=CHILDREN[act]), str(stage))]
        self.errors = (folder / "errors").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, *arguments],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT)},
            stderr=self.errors,
        )

    def pids(self, name: str) -> list[int]:
        """The child's runs so far, oldest first."""
        path = self.folder / f"{name}.pid"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def pid(self, name: str, run: int = 1) -> int:
        """Waits for the child's *run*-th start."""
        until(lambda: len(self.pids(name)) >= run)
        return self.pids(name)[run - 1]

    def notes(self) -> list[str]:
        """What the children noted, in order."""
        path = self.folder / "notes"
        return path.read_text().splitlines() if path.exists() else []

    def stderr(self) -> str:
        """All that came out on stderr."""
        return (self.folder / "errors").read_text()

    def stop(self, signals: int = 1) -> int:
        """Asks so many times, a moment apart (equal signals merge), and returns the exit code."""
        for _ in range(signals):
            with suppress(subprocess.TimeoutExpired):
                self.process.send_signal(signal.SIGTERM)
                self.process.wait(0.5)
        return self.process.wait(60)

    def clean_up(self) -> None:
        """Ends what a failed test left."""
        self.process.kill()
        self.process.wait()
        self.errors.close()
