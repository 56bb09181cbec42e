"""Writethru as a person runs it: the real command, in an empty folder, against a newsroom on loopback."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.settings import ROOT
from demo.newsroom import Newsroom
from demo.score import is_first
from demo.sink import Received, Sink
from tests.parts.waiting import until
from workers.signing import new_secret

LIMIT = 120.0
"""Seconds until a test that waits in vain ends; nothing here measures time."""

CONFIGURATION = """
data_dir = "data"
{database}
[web]
port = 0
[fetch]
per_host_delay = "50ms"
allow_networks = ["127.0.0.1/32"]
[deliver]
allow_networks = ["127.0.0.1/32"]
[schedule]
feed_min = "500ms"
feed_max = "1s"
article_min = "300ms"
article_max = "600ms"
confirm_text = "200ms"
confirm_gone = "1s"
"""


@dataclass(slots=True)
class House:
    """One running service, its newsroom and its subscriber."""

    folder: Path
    newsroom: Newsroom
    sink: Sink

    def verb(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command, run to its end from the house's folder."""
        command = [sys.executable, str(ROOT / "writethru"), *words]
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        return subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, timeout=LIMIT)

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """What a listing prints with --json."""
        done = self.verb(*words, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def read_all(self) -> None:
        """Waits until the first version of every story was told."""
        until(lambda: len([each for each in self.sink.received if is_first(each)]) >= len(self.newsroom.stories), LIMIT)

    def article(self, slug: str) -> dict[str, Any]:
        """One article as `articles --json` has it."""
        return next(row for row in self.rows("articles") if row["url"] == self.newsroom.article_url(slug))

    def told(self, slug: str, kind: str = "") -> list[Received]:
        """The genuine webhooks about a story, of one type or of all but version_created."""
        url = self.newsroom.article_url(slug)
        about = [each for each in self.sink.received if each.body["data"].get("article", {}).get("url") == url]
        return [each for each in about if (each.body["type"] == kind if kind else not is_opt_in(each))]

    def looked(self, slug: str, times: int) -> None:
        """Waits until the story's page was fetched so often at its present stage."""
        until(lambda: self.newsroom.looks(slug) >= times, LIMIT)


def is_opt_in(received: Received) -> bool:
    """Whether it tells of a version, changed facts or not."""
    return bool(received.body["type"] == "article.version_created")


@pytest.fixture
def open_house(
    request: pytest.FixtureRequest,
) -> Iterator[Callable[[Newsroom, str], House]]:
    """Starts `up` in an empty folder, subscribes the sink and watches every feed of the newsroom."""
    started: list[subprocess.Popen[bytes]] = []

    def start(newsroom: Newsroom, database_url: str = "") -> House:
        folder = Path(tempfile.mkdtemp(prefix="wtsys-", dir="/tmp"))
        request.addfinalizer(lambda: subprocess.run(["rm", "-rf", str(folder)], check=True))
        request.addfinalizer(lambda: stop(started))
        database = f'[database]\nurl = "{database_url}"' if database_url else ""
        (folder / "writethru.toml").write_text(CONFIGURATION.format(database=database))
        newsroom.__enter__()
        request.addfinalizer(newsroom.__exit__)
        sink = Sink(new_secret())
        sink.__enter__()
        request.addfinalizer(sink.__exit__)
        house = House(folder, newsroom, sink)
        environ = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        log = (folder / "up.log").open("wb")
        up = [sys.executable, str(ROOT / "writethru"), "up"]
        started.append(subprocess.Popen(up, cwd=folder, env=environ, stdout=log, stderr=log))
        log.close()
        until(lambda: "Writethru is at" in (folder / "up.log").read_text(), LIMIT)
        types = "article.facts_changed,article.corrected,article.settled,article.withdrawn,article.restored,"
        types += "article.variants,article.version_created,feed.failing"
        added = house.verb("endpoint", "add", sink.url, "--secret", sink._secret, "--types", types)
        assert added.returncode == 0, added.stderr
        for key in newsroom.outlets:
            done = house.verb("add", newsroom.feed_url(key))
            assert done.returncode == 0, done.stderr
        return house

    yield start


def stop(started: list[subprocess.Popen[bytes]]) -> None:
    """Ends what was started, as an operator would."""
    for process in started:
        process.send_signal(signal.SIGTERM)
    for process in started:
        process.wait(40)
    started.clear()
