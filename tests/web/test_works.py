"""The works page: what waits, who is alive, what fails, and honesty about who died."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import sqlalchemy as sa

from config.settings import Settings
from store import outbox
from store.engine import writing
from store.tables import article, role
from tests.parts.rows import Newsroom
from tests.parts.waiting import until
from tests.web.test_pages import text_of
from web.workers import workers_alive

ROOT = Path(__file__).resolve().parents[2]


def test_an_empty_service_says_what_is_missing(client: httpx.Client) -> None:
    """Nobody alive, nothing watched, and no word that all is well."""
    seen = text_of(client.get("/works"))
    for part in ("Poller not seen lately", "Readers unknown", "the queue cannot be reached", "Add a feed"):
        assert part in seen


def test_what_waits_and_what_fails(client: httpx.Client, engine: sa.Engine, now: datetime, story: int) -> None:
    """Queue depth and age, lateness, reasons, hosts with looks planned against what the pause allows."""
    late = now - timedelta(minutes=9)
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        newsroom.feed("https://dead.example/", failures=2, last_reason="dns", next_check_at=late, interval=0.5)
        outbox.owe(connection, "page", subject="article:1", now=late)
        gone = {"availability": "withdrawn", "failures": 2, "last_reason": "http-410"}
        connection.execute(article.update().where(article.c.id == story).values(gone))
    seen = text_of(client.get("/works"))
    for part in (
        "Poller 1 alive",
        "Pages to read 1 the oldest waits for 9 min",
        "Looks due 1 1 of feeds, 0 of articles; up to 9 min late",
        "dns 1",
        "too many: intervals lengthen",
        "1, by 9 min",
    ):
        assert part in seen
    told = client.get("/works.json").json()
    assert {"dns": 1} == told["works"]["failing"]
    assert (1, None, "harbour.example:443") == (told["works"]["owed"], told["workers"], told["hosts"][0]["name"])


def test_a_poller_that_missed_two_heartbeats_is_silent(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """It is said before the process counts as gone."""
    with writing(engine) as connection:
        Newsroom(connection, now).role("poller")
        connection.execute(role.update().values(seen_at=now - timedelta(seconds=12)))
    assert "silent for 12 s" in text_of(client.get("/works"))


def test_a_killed_worker_counts_no_more(valkey: str, tmp_path: Path) -> None:
    """A worker of this machine that was killed is missed at once, though the queue still knows it."""
    settings = Settings.model_validate({"redis": {"url": valkey}})
    environ = {"PYTHONPATH": str(ROOT), "WRITETHRU_DATA_DIR": str(tmp_path), "PATH": os.environ["PATH"]}
    code = "import sys; from config.settings import Settings; from workers.jobs import run_deliverer; run_deliverer(Settings(), sys.argv[1])"
    worker = subprocess.Popen([sys.executable, "-c", code, valkey], env=environ, stderr=subprocess.DEVNULL)
    try:
        until(lambda: (workers_alive(settings) or {}).get("deliver") == 1)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert {"read": 0, "deliver": 0} == workers_alive(settings)
