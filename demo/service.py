"""Writethru itself as the demo runs it: ``up`` as a child, in a folder of its own, set to look often."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from config.load import load
from config.settings import Settings
from ingest.urls import host_of, site_of
from store import endpoints, feeds, snapshots
from store.engine import engine_for, reading, writing
from store.migrate import migrate
from store.rules import TYPES, Rule
from store.views.versions import version_by
from workers.supervise import Child, spawn

FRONT_DOOR = Path(__file__).resolve().parent.parent / "writethru"
LOG = "up.log"
WAITS = {  # seconds at speed 1
    "fetch.per_host_delay": 0.1,
    "schedule.feed_min": 2,
    "schedule.feed_max": 4,
    "schedule.article_min": 1,
    "schedule.article_max": 2,
    "schedule.confirm_text": 1,
    "schedule.confirm_gone": 5,
}
_LEAST = 0.02  # seconds, at any speed
_TO_A_LOG = ("/bin/sh", "-c", 'log=$1; shift; exec "$@" >>"$log" 2>&1', "demo")


def configuration(folder: Path, speed: float, port: int) -> str:
    """The demo's ``writethru.toml``: loopback is allowed, and every wait is *speed* times shorter."""
    lines = [f"data_dir = {_quoted(folder)}", f"web.port = {port}"]
    lines += [f'{name} = "{max(seconds / speed, _LEAST) * 1000:.0f}ms"' for name, seconds in WAITS.items()]
    lines += [f'{section}.allow_networks = ["127.0.0.1/32"]' for section in ("fetch", "deliver")]
    return "\n".join(["# Written by ./writethru demo.", *lines, ""])


def free_port() -> int:
    """A port of loopback that nobody listens on at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """``up`` with its folder. *environ* is what the child gets, without settings of the operator's own."""

    def __init__(self, folder: Path, speed: float, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.file = folder / "writethru.toml"
        self.file.write_text(configuration(folder, speed, free_port()), "utf-8")
        self.settings: Settings = load({}, self.file, {})
        self._environ = {name: value for name, value in environ.items() if not name.startswith("WRITETHRU_")}
        self._up: subprocess.Popen[bytes] | None = None

    def prepare(self, feed_urls: Iterable[str], endpoint_url: str, secret: str, now: datetime) -> None:
        """Makes the tables, watches the feeds and adds the endpoint, which hears of every version too."""
        engine = engine_for(self.settings.database_url)
        try:
            migrate(engine)
            with writing(engine) as connection:
                for url in feed_urls:
                    feeds.add(connection, url=url, host_name=host_of(url), site=site_of(url), now=now)
                endpoints.add(connection, url=endpoint_url, secret=secret, rule=Rule(types=TYPES), now=now)
        finally:
            engine.dispose()

    def start(self) -> None:
        """Starts ``up``; what it logs goes to a file of the folder. It ends when this thread does."""
        command = (sys.executable, str(FRONT_DOOR), "--config", str(self.file), "up")
        argv = (*_TO_A_LOG, str(self.folder / LOG), *command)
        self._up = spawn(Child("up", argv, self._environ, when_orphaned=signal.SIGTERM))

    @property
    def ended(self) -> bool:
        """Whether it was started and runs no more."""
        return self._up is not None and self._up.poll() is not None

    def last_words(self) -> str:
        """The last line of its log."""
        try:
            written = (self.folder / LOG).read_text("utf-8", "replace").split("\n")
        except OSError:
            written = []
        return next((line for line in reversed(written) if line.strip()), "it said nothing")

    def answers(self) -> bool:
        """Whether the web process accepts connections."""
        with closing(socket.socket()) as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", self.settings.web.port)) == 0

    def moments(self, article: int, number: int) -> tuple[datetime, datetime] | None:
        """When the text of this version was first seen, and when the look was fetched that made it believed."""
        engine = engine_for(self.settings.database_url)
        try:
            with reading(engine) as connection:
                version = version_by(connection, article, number)
                look = snapshots.load(connection, version.snapshot_id) if version and version.snapshot_id else None
        finally:
            engine.dispose()
        return (version.seen_at, look.fetched_at) if version and look else None

    def ask_to_stop(self) -> None:
        """Asks it to end with everything it started; asking again insists."""
        if self._up is not None and self._up.poll() is None:
            self._up.send_signal(signal.SIGTERM)


def _quoted(path: Path) -> str:
    """A path as a TOML string."""
    return '"' + os.fspath(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
