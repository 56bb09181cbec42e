"""A reader is killed at the worst moments; what it was reading is one version and one alert all the same."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from config.settings import ROOT
from store import outbox, snapshots
from store.engine import engine_for, reading, writing
from store.snapshots import Bytes
from tests.parts.reading import URL, Desk
from workers.limits import Hand
from workers.reader import Reader

READ = """
import sys
from datetime import datetime
from config import crash
from config.settings import Settings
from store.engine import engine_for
from workers.limits import Hand
from workers.reader import Reader
url, point, work, now = sys.argv[1:]
crash.arm({point: 1})
Reader(engine_for(url), Settings(), "reader@killed", Hand(), lambda: datetime.fromisoformat(now)).read([int(work)])
"""
PAGE = (
    "<html lang=en><body><article><h1>Ferry aground</h1><p>At least {toll} people were hurt when the ferry ran aground"
    " off Merrow, the harbour master said on Monday.</p><p>The ferry had left the pier at noon with nobody but its crew"
    " and a party of ramblers from the valley aboard, and the sea was calm.</p></article></body></html>"
)


@pytest.fixture
def desk(tmp_path: Path, sqlite_template: Path, now: datetime) -> Iterator[Desk]:
    """An article with its first version."""
    shutil.copy(sqlite_template, tmp_path / "writethru.db")
    engine = engine_for(f"sqlite+pysqlite:///{tmp_path / 'writethru.db'}")
    desk = Desk(engine, now)
    desk.look(PAGE.format(toll=12).encode())
    yield desk
    engine.dispose()


@pytest.mark.parametrize(
    ("point", "versions"),
    [
        pytest.param("read-leased", 1, id="leased"),
        pytest.param("read-prepared", 1, id="computed"),
        pytest.param("read-in-transaction", 1, id="in its transaction"),
        pytest.param("read-committed", 2, id="committed"),
    ],
)
def test_case_83_a_killed_reader_loses_and_doubles_nothing(desk: Desk, point: str, versions: int) -> None:
    """What was committed stands whole, what was not left nothing; once the lease is over the next one does the rest."""
    body, later = PAGE.format(toll=17).encode(), desk.now + timedelta(minutes=5)
    with writing(desk.engine) as connection:
        came = Bytes(URL, 200, {"content-type": "text/html"}, "new", body)
        kept = snapshots.keep(connection, "article", desk.article_id, came, later)
        work = outbox.owe(connection, "page", subject=f"article:{desk.article_id}", snapshot_id=kept, now=later)
    command = [sys.executable, "-c", READ, str(desk.engine.url), point, str(work), later.isoformat()]
    assert subprocess.run(command, cwd=ROOT, timeout=60).returncode == -signal.SIGKILL
    assert desk.article().versions == versions
    for wait in (1.0, outbox.LEASE.total_seconds() + 1):  # who died holds it until its lease ends
        moment = later + timedelta(seconds=wait)
        Reader(desk.engine, desk.settings, "reader@next", Hand(), lambda at=moment: at).read([work])  # type: ignore[misc]
        assert desk.article().versions == (2 if wait > 1 else versions)
    assert [kind for kind, _ in desk.alerts()] == ["article.facts_changed"]
    with reading(desk.engine) as connection:
        assert outbox.outcome(connection, work)[0] == "done"
