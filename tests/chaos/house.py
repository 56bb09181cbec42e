"""The service under chaos: the real `up` with its real roles, in a folder of its own, and ways to hurt them."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from config.clock import now
from config.crash import NOTES, POINTS, VARIABLE
from config.settings import ROOT
from ingest.urls import host_of, site_of
from store import feeds
from store.engine import engine_for, writing
from store.migrate import migrate
from store.tables import endpoint
from workers.signing import new_secret

CONFIGURATION = """
data_dir = "d"
[web]
port = 0
[work]
readers = {workers}
deliverers = {workers}
[fetch]
per_host_delay = "20ms"
total_timeout = "2s"
read_timeout = "1s"
obey_robots = false
allow_networks = ["127.0.0.1/32"]
[deliver]
timeout = "2s"
schedule = {waits}
allow_networks = ["127.0.0.1/32"]
[schedule]
feed_min = "500ms"
feed_max = "2s"
article_min = "250ms"
article_max = "500ms"
confirm_text = "100ms"
confirm_gone = "500ms"
backoff_max = "1s"
"""
INJECTED = Path(__file__).with_name("injected")
TYPES = (
    *("article.facts_changed", "article.corrected", "article.settled", "article.withdrawn", "article.restored"),
    *("article.variants", "article.version_created", "feed.failing", "feed.recovered"),
)
ROLES = ("poll", "work read", "work deliver", "valkey-server", "web")
WAITS = [f"{wait}ms" for wait in (200, 300, 500)] + ["500ms"] * 100


class House:
    """One service: *verbs* are its commands, `up` or the roles. *patches* are those of `injected/patches.py`;
    *database_url* is SQLite in the folder unless given."""

    def __init__(
        self,
        folder: Path,
        *,
        patches: str = "",
        database_url: str = "",
        workers: int = 2,
        verbs: Sequence[str] = ("up",),
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        written = CONFIGURATION.format(waits=str(WAITS).replace("'", '"'), workers=workers)
        if database_url:
            written += f'[database]\nurl = "{database_url}"\n'
        (folder / "writethru.toml").write_text(written)
        self.database_url = database_url or f"sqlite+pysqlite:///{folder / 'd' / 'writethru.db'}"
        self.engine = engine_for(self.database_url)
        self.notes = folder / "notes"
        self.notes.write_bytes(b"x" * len(POINTS))
        self._environ = {"PATH": os.environ["PATH"], "HOME": str(folder), NOTES: str(self.notes)}
        self._environ |= {VARIABLE: ",".join(POINTS), "WRITETHRU_TEST_PATCHES": patches, "PYTHONPATH": str(INJECTED)}
        self._log = (folder / "log").open("ab")
        self._verbs = verbs
        self._lock = threading.Lock()
        self._started: list[subprocess.Popen[bytes]] = []

    def prepare(self, hook_url: str, feed_urls: list[str]) -> None:
        """The tables, an endpoint that wants to hear everything, and the feeds."""
        migrate(self.engine)
        with writing(self.engine) as connection:
            row = {"url": hook_url, "secret": new_secret(), "types": list(TYPES), "created_at": now()}
            connection.execute(endpoint.insert().values(row))
            for url in feed_urls:
                feeds.add(connection, url=url, host_name=host_of(url), site=site_of(url), now=now())

    def start(self) -> None:
        """Starts its commands; they go on by themselves."""
        with self._lock:
            self._begin_all()

    def _begin_all(self) -> None:
        self._started = [
            subprocess.Popen(
                [sys.executable, str(ROOT / "writethru"), verb],
                cwd=self.folder, env=self._environ, stdout=self._log, stderr=self._log, start_new_session=True,
            )
            for verb in self._verbs
        ]  # fmt: skip

    def revive(self) -> int:
        """Starts it again where it gave up by itself, as a service manager does; how many commands."""
        with self._lock:
            gone = [each for each in self._started if each.poll() is not None]
            if gone:
                self._end_all()
                self._begin_all()
            return len(gone)

    def stop(self) -> list[int]:
        """Ends it as an operator would; the exit codes."""
        for each in self._started:
            each.terminate()
        return [each.wait(60) for each in self._started]

    def close(self) -> None:
        """Leaves nothing behind that runs."""
        if any(each.poll() is None for each in self._started):
            self.kill_all()
        self.engine.dispose()
        self._log.close()

    def logged(self, last: int = 4000) -> str:
        """The end of what the service logged."""
        return (self.folder / "log").read_bytes()[-last:].decode(errors="replace")

    # ── What hurts ──

    def pids(self, role: str) -> list[int]:
        """The processes in one of ROLES."""
        lines: dict[int, str] = {}
        for each in self._started:
            if each.poll() is None:
                lines |= {each.pid: command_of(each.pid)} | below(each.pid)
        if role == "valkey-server":
            return [pid for pid, line in lines.items() if role in line]
        return [pid for pid, line in lines.items() if line.rstrip().endswith(f"writethru {role}")]

    def horses(self) -> list[int]:
        """The readers' work-horses that live now."""
        return [pid for reader in self.pids("work read") for pid in below(reader)]

    def kill(self, role: str) -> int:
        """Kills every process in a role; how many."""
        found = self.horses() if role == "horse" else self.pids(role)
        for pid in found:
            _signal(pid, signal.SIGKILL)
        return len(found)

    def kill_all(self) -> None:
        """Kills every command, and with it everything."""
        with self._lock:
            self._end_all()

    def restart(self) -> None:
        """Kills everything and starts anew."""
        with self._lock:
            self._end_all()
            self._begin_all()

    def _end_all(self) -> None:
        left = {pid: "" for each in self._started for pid in below(each.pid)}
        for pid in list(left):
            left |= below(pid)
        for each in self._started:
            each.kill()
            each.wait()
        for pid in left:
            _signal(pid, signal.SIGKILL)  # a stopped one does not hear that its parent is gone
        deadline = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() for pid in left) and time.monotonic() < deadline:
            time.sleep(0.02)

    def stall(self, role: str, seconds: float) -> int:
        """Stops the processes of a role for a while, as a machine that swaps does; how many."""
        found = self.pids(role)
        for pid in found:
            self.stall_one(pid, seconds)
        return len(found)

    def stall_one(self, pid: int, seconds: float) -> None:
        """The same for one process."""
        _signal(pid, signal.SIGSTOP)
        timer = threading.Timer(seconds, _signal, (pid, signal.SIGCONT))
        timer.daemon = True
        timer.start()

    def without_valkey(self, seconds: float) -> None:
        """Kills the queue and keeps the next one from starting for so long."""
        with (self.folder / "d" / "valkey" / "lock").open("r+") as lock:
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                self.kill("valkey-server")
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(0.005)
            time.sleep(seconds)

    # ── Crash points ──

    def arm(self, point: str) -> None:
        """Lets the next process that passes a point die there."""
        with self.notes.open("r+b") as notes:
            notes.seek(POINTS.index(point))
            notes.write(b"\0")

    def armed(self) -> set[str]:
        """The points at which nobody has died yet."""
        return {point for point, byte in zip(POINTS, self.notes.read_bytes(), strict=True) if byte == 0}

    def rows(self, query: sa.Select[tuple[object, ...]]) -> list[sa.Row[tuple[object, ...]]]:
        """What a query finds now."""
        with self.engine.connect().execution_options(reads=True) as connection:
            return list(connection.execute(query))


def below(parent: int) -> dict[int, str]:
    """The children of a process: pid → command line."""
    return {pid: command_of(pid) for pid in _children(parent)}


def command_of(pid: int) -> str:
    """A process's command line; empty for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _children(parent: int) -> list[int]:
    tasks = Path(f"/proc/{parent}/task")
    try:
        threads = list(tasks.iterdir())
    except OSError:
        return []
    found: list[int] = []
    for thread in threads:
        with suppress(OSError):
            found += [int(pid) for pid in (thread / "children").read_text().split()]
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
