"""A flood on the web role: bounded, answered or refused, and of no consequence to the poller's writing."""

import os
import shutil
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from store import outbox
from store.engine import engine_for, writing
from tests.parts.rows import Newsroom
from tests.parts.service import Service
from tests.parts.waiting import until
from web.serving import CONNECTIONS

THREADS, EACH = 12, 25


@pytest.fixture
def web(tmp_path: Path, sqlite_template: Path) -> Iterator[tuple[Service, str]]:
    """The real web role on a store with a story, and its address."""
    (tmp_path / "var").mkdir()
    shutil.copy(sqlite_template, tmp_path / "var" / "writethru.db")
    engine = engine_for(f"sqlite+pysqlite:///{tmp_path}/var/writethru.db")
    with writing(engine) as connection:
        Newsroom(connection, datetime.now(UTC)).story()
    engine.dispose()
    service = Service(tmp_path, "web", WEB__PORT="0")
    yield service, service.wait_for_line("Writethru is at ").strip("/")
    service.stop()


def resident(pid: int) -> int:
    """Bytes of memory in use."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is counted in /proc")
def test_case_115_a_flood_is_answered_or_refused(web: tuple[Service, str], tmp_path: Path) -> None:
    """Twelve clients that ask without a pause get 200 or 503; memory stays, and meanwhile every transaction of a writer
    comes through."""
    service, base = web
    answers: Counter[int] = Counter()
    before = resident(service.process.pid)

    def ask() -> None:
        with httpx.Client(base_url=base, timeout=60) as client:
            for _ in range(EACH):
                answers[client.get("/api/v1/changes").status_code] += 1

    clients = [threading.Thread(target=ask) for _ in range(THREADS)]
    for each in clients:
        each.start()
    engine = engine_for(f"sqlite+pysqlite:///{tmp_path}/var/writethru.db")
    written = 0
    while any(each.is_alive() for each in clients):
        with writing(engine) as connection:
            outbox.owe(connection, "page", subject=f"article:{written}", now=datetime.now(UTC))
        written += 1
    engine.dispose()
    assert answers.total() == THREADS * EACH
    assert answers.keys() <= {200, 503}
    assert answers[200] > 0
    assert written > 20
    assert resident(service.process.pid) - before < 64 << 20


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is counted in /proc")
def test_case_115_slow_clients_are_bounded(web: tuple[Service, str]) -> None:
    """Clients that begin a head and never end it fill the connections that there are and no more memory; the next one
    is told so at once, and when they are gone the service answers."""
    service, base = web
    address = ("127.0.0.1", int(base.rpartition(":")[2]))
    before = resident(service.process.pid)
    slow = []
    for _ in range(CONNECTIONS):
        line = socket.create_connection(address, timeout=30)
        line.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        slow.append(line)
    until(lambda: httpx.get(f"{base}/livez", timeout=30).status_code == 503)
    assert resident(service.process.pid) - before < 64 << 20
    for line in slow:
        line.close()
    until(lambda: httpx.get(f"{base}/livez", timeout=30).status_code == 200)
