"""The relay: what it rings for, whatever happens to it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import Settings
from store import outbox
from store.engine import engine_for, writing
from tests.parts.waiting import until
from workers import queue
from workers.relay import Relay


def test_a_round_that_fails_is_not_the_last_one(
    tmp_path: Path, sqlite_template: Path, valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault that nobody foresaw costs a round and not the relay: without it nothing would ever be rung for again."""
    monkeypatch.setattr("workers.relay.ROUND", 0.02)
    engine = engine_for(f"sqlite+pysqlite:///{shutil.copy(sqlite_template, tmp_path)}")
    faults = [OverflowError("date value out of range"), OSError("disk full")]

    def clock() -> datetime:
        if faults:
            raise faults.pop()
        return datetime.now(UTC)

    bell = queue.connect(valkey)
    read, deliver = queue.queue(queue.READ, bell), queue.queue(queue.DELIVER, bell)
    relay = Relay(engine, read, deliver, Settings(), clock)
    with writing(engine) as connection:
        outbox.owe(connection, "page", subject="article:1", now=datetime.now(UTC))
    relay.start()
    try:
        until(lambda: read.count)
    finally:
        relay.stop()
        engine.dispose()
