"""A wrong clock is told where somebody looks: when polling starts, by `doctor` and by `status`."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from cli import doctor
from store import snapshots
from store.engine import engine_for, writing
from store.snapshots import Bytes
from tests.cli.test_doctor import settings
from tests.cli.test_up import once
from tests.parts.rows import Newsroom
from tests.parts.service import Service
from tests.parts.waiting import until

AHEAD = r"\b60[01] s ahead of the sites"


def answered(path: Path, ahead: timedelta, sites: range) -> None:
    """Sites answered just now, their clocks that much behind ours."""
    moment = datetime.now(UTC)
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    with writing(engine) as connection:
        for n in sites:
            made = Newsroom(connection, moment).article(f"http://s{n}.example/")
            date = {"date": format_datetime(moment - ahead, usegmt=True)}
            snapshots.keep(connection, "article", made, Bytes(f"http://s{n}.example/", 200, date, "x", b"x"), moment)
    engine.dispose()


def test_case_81_a_wrong_clock_is_told(tmp_path: Path, sqlite_template: Path) -> None:
    """With a clock ten minutes ahead of the sites, `poll` warns at its start, `doctor` and `status` say so; nobody does
    while it is right."""
    folder = tmp_path / "var"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "writethru.db")
    answered(folder / "writethru.db", timedelta(), range(3))
    assert doctor.clock(settings(folder)).state in ("ok", "hint")
    assert "clock " not in once(tmp_path, "status").stdout
    answered(folder / "writethru.db", timedelta(minutes=10), range(3, 10))
    found = doctor.clock(settings(folder))
    assert "broken" == found.state
    assert re.search(AHEAD, found.found)  # a Date header has no fractions
    assert re.search(AHEAD, once(tmp_path, "status").stdout)
    poller = Service(tmp_path, "poll", REDIS__URL="redis://127.0.0.1:1")
    try:
        until(lambda: "this machine's clock is wrong" in poller.logged, 60)
    finally:
        poller.stop()
