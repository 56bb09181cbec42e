"""A copy of the database that is taken while it runs."""

import shutil
import sqlite3
import threading
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from store.engine import engine_for, reading
from store.migrate import is_current
from store.tables import article, version
from tests.parts.pages import BODY, page
from tests.parts.reading import Desk


def test_case_99_a_copy_taken_while_it_runs_is_whole(sqlite_template: Path, tmp_path: Path, now: datetime) -> None:
    """VACUUM INTO beside readers that write: the copy is sound, of one moment, and opens as a database of this version."""
    shutil.copy(sqlite_template, tmp_path / "live.db")
    engine = engine_for(f"sqlite+pysqlite:///{tmp_path / 'live.db'}")
    desk, stop = Desk(engine, now), threading.Event()
    desk.watch()

    def write() -> None:
        toll = 12
        while not stop.is_set():
            toll += 1
            desk.look(page([each.replace("12", str(toll)) for each in BODY]))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            with sqlite3.connect(tmp_path / "live.db", timeout=30) as live:
                live.execute("VACUUM INTO ?", [str(tmp_path / f"copy-{n}.db")])
            live.close()
    finally:
        stop.set()
        writer.join()
        engine.dispose()
    for n in range(3):
        copy = engine_for(f"sqlite+pysqlite:///{tmp_path / f'copy-{n}.db'}")
        with reading(copy) as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert is_current(connection)
            numbers = connection.execute(sa.select(version.c.number).order_by(version.c.number)).scalars().all()
            assert [*range(1, len(numbers) + 1)] == numbers
            assert len(numbers) == connection.execute(sa.select(article.c.versions)).scalar_one()
        copy.dispose()
