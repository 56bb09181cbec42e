"""One page's trouble is its own: real work-horses that spin, eat memory and crash."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from rq import Queue

from config.settings import ROOT
from store import outbox
from store.engine import reading, writing
from store.tables import outbox as table
from tests.parts.waiting import until
from tests.workers.test_confine import LANDLOCK
from workers import queue

SCRIPT = Path(__file__).parents[1] / "parts" / "poisoned_reader.py"


@pytest.fixture
def reader(database_url: str, valkey: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A reader process that allows a page one second and 512 MiB."""
    environ = {
        "PATH": os.environ["PATH"],
        "WRITETHRU_DATABASE__URL": database_url,
        "WRITETHRU_DATA_DIR": str(tmp_path),
        "WRITETHRU_WORK__PAGE_CPU": "1s",
        "WRITETHRU_WORK__PAGE_MEMORY": str(512 << 20),
    }
    process = subprocess.Popen([sys.executable, str(SCRIPT), valkey], env=environ)
    yield process
    process.terminate()
    process.wait(20)


def owe(connection: sa.Connection, number: int, do: str) -> int:
    """One page that does something."""
    return outbox.owe(connection, "page", subject=f"article:{number}", payload={"do": do}, now=datetime.now(UTC))


def states(engine: sa.Engine) -> dict[int, tuple[str, int, str]]:
    """id → (state, charges, reason)."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(table.c.id, table.c.state, table.c.charges, table.c.reason)).all()
    return {row.id: (row.state, row.charges, row.reason) for row in rows}


def until_done(engine: sa.Engine, bell: Queue, ids: list[int]) -> None:
    """Rings as the relay would, until nothing is owed."""
    for _ in range(240):
        with writing(engine) as connection:
            connection.execute(table.update().values(rung_at=None))
            due = outbox.to_ring(connection, datetime.now(UTC), 100)
        if not any(state[0] == "owed" for state in states(engine).values()):
            return
        if bell.count == 0:
            suspects = [key for key, charges in due if charges]
            sound = [key for key, charges in due if not charges]
            for batch in ([sound] if sound else []) + [[key] for key in suspects]:
                queue.ring(bell, batch)
        time.sleep(0.25)


def test_case_61_62_96_poison_is_charged_alone(engine: sa.Engine, valkey: str, reader: subprocess.Popen[bytes]) -> None:
    """Among 30 pages, those that spin, eat, crash and fail are parked with their reasons; the others are all read."""
    deeds = {5: "spin", 11: "eat", 17: "die", 23: "fail"}
    with writing(engine) as connection:
        ids = {number: owe(connection, number, deeds.get(number, "fine")) for number in range(30)}
    until_done(engine, queue.queue(queue.READ, queue.connect(valkey)), list(ids.values()))
    came = states(engine)
    parked = {number: came[key][2] for number, key in ids.items() if came[key][0] == "parked"}
    assert {number: reason.partition(":")[0] for number, reason in parked.items()} == {
        5: "killed by signal 24",
        11: "out-of-memory",
        17: "killed by signal 11",
        23: "error",
    }
    fine = [came[key] for number, key in ids.items() if number not in deeds]
    assert fine == [("done", 0, "fine")] * 26
    assert reader.poll() is None


def test_case_111_a_hostile_parser_gets_nowhere(
    engine: sa.Engine, valkey: str, reader: subprocess.Popen[bytes]
) -> None:
    """Code of somebody else's inside a real work-horse cannot dial, listen, start a program, signal or write elsewhere;
    the page after it is read and stored."""
    if LANDLOCK < 6:
        pytest.skip(f"this kernel has Landlock {LANDLOCK}, not 6")
    scratch = Path(tempfile.gettempdir())  # which a reader needs, and may write to
    folder = next(each for each in (Path("/dev/shm"), Path.home(), ROOT) if scratch not in (each, *each.parents))
    outside = folder / f"written-by-a-horse-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told = {"do": "break out", "port": listening.getsockname()[1], "file": str(outside)}
        with writing(engine) as connection:
            ids = [
                outbox.owe(connection, "page", subject=f"article:{n}", payload=each, now=datetime.now(UTC))
                for n, each in enumerate((told, {"do": "fine"}))
            ]
        until_done(engine, queue.queue(queue.READ, queue.connect(valkey)), ids)
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert [
        "privileges:1 dial:EACCES listen:EACCES start:EACCES write:EACCES signal:EPERM",
        "fine",
    ] == [states(engine)[key][2] for key in ids]
    assert not outside.exists()


def test_case_85_a_reader_stops_when_told(engine: sa.Engine, valkey: str, reader: subprocess.Popen[bytes]) -> None:
    """SIGTERM while idle ends it with exit code 0."""
    connection = queue.connect(valkey)
    until(lambda: connection.scard("rq:workers"))
    reader.terminate()
    assert reader.wait(10) == 0
