"""`watch` as an operator meets it: each fact change as one line, until Ctrl-C."""

import json
import signal
from datetime import datetime
from pathlib import Path

import pytest

from store.engine import engine_for, writing
from store.migrate import migrate
from tests.parts.rows import Newsroom
from tests.parts.service import Service
from tests.parts.waiting import until


@pytest.mark.parametrize("as_json", [False, True], ids=["for people", "json"])
def test_each_change_is_one_line(tmp_path: Path, now: datetime, as_json: bool) -> None:
    """A change that was there before is not told; one that comes is, and Ctrl-C ends with exit code 0."""
    engine = engine_for(f"sqlite+pysqlite:///{tmp_path / 'var' / 'writethru.db'}")
    migrate(engine)
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.story()
    watching = Service(tmp_path, "watch", *(["--json"] if as_json else []))
    try:
        until(lambda: "watching" in watching.logged or watching.process.poll() is not None)
        assert watching.process.poll() is None, watching.logged
        with writing(engine) as connection:
            newsroom = Newsroom(connection, now)
            version = newsroom.version(made, "x", number=3)
            newsroom.change(made, version, before="15", after="17", subject="people \x1b[31mkilled")
        until(lambda: "17" in watching.said)
        watching.process.send_signal(signal.SIGINT)
        assert 0 == watching.process.wait(30)
        (line,) = watching.said.splitlines()
    finally:
        watching.kill()
        engine.dispose()
    if as_json:
        assert ("15", "17") == (json.loads(line)["before"], json.loads(line)["after"])
    else:
        assert "casualty  15 → 17  people \\x1b[31mkilled  critical  Bridge collapse (v3)" in line
