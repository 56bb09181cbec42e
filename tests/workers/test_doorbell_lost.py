"""Redis may be lost at any time (P6): real server, relay and reader; whatever happens to the doorbell, the work is done."""

import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from config.settings import ROOT, Settings
from store import outbox
from store.engine import engine_for, reading, writing
from store.tables import outbox as table
from tests.parts.waiting import until
from workers import queue
from workers.relay import Relay
from workers.valkey import binary

READER = (sys.executable, str(ROOT / "tests/parts/poisoned_reader.py"))


class Works:
    """A server on TCP that a test may break, a relay whose clock can be moved on, and a reader."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder / "valkey"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.server = self.serve()
        self.redis = Redis.from_url(self.url)
        self.later = timedelta()
        self.engine = engine_for(database_url)
        self.environ = {"PATH": os.environ["PATH"], "WRITETHRU_DATA_DIR": str(folder)}
        self.environ["WRITETHRU_DATABASE__URL"] = database_url
        self.reader: subprocess.Popen[bytes] | None = None
        bell = queue.connect(self.url)
        bells = [queue.queue(name, bell) for name in (queue.READ, queue.DELIVER)]
        self.relay = Relay(self.engine, bells[0], bells[1], Settings(), lambda: datetime.now(UTC) + self.later)
        self.relay.start()

    def serve(self) -> subprocess.Popen[bytes]:
        """An empty server at the same address."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        flags = {
            "port": self.port,
            "bind": "127.0.0.1",
            "dir": self.folder,
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        words = [str(word) for name, value in flags.items() for word in (f"--{name}", value)]
        server = subprocess.Popen([str(binary()), *words], stdout=subprocess.DEVNULL, env={"LC_ALL": "C"})
        until(lambda: _answers(self.port))
        return server

    def read(self) -> None:
        """Starts the reader."""
        self.reader = subprocess.Popen([*READER, self.url], env=self.environ)

    def owe(self) -> None:
        """Five more pages to read."""
        with writing(self.engine) as connection:
            for n in range(5):
                owed = {"subject": f"article:{n}", "payload": {"do": "fine"}, "now": datetime.now(UTC)}
                outbox.owe(connection, "page", **owed)  # type: ignore[arg-type]
        self.relay.ring()

    def is_done(self) -> bool:
        """Whether nothing is owed."""
        with reading(self.engine) as connection:
            owed = sa.select(sa.func.count()).select_from(table).where(table.c.state != "done")
            return connection.scalar(owed) == 0

    def end(self) -> None:
        """Ends what was started."""
        self.relay.stop()
        if self.reader is not None:
            self.reader.terminate()
            self.reader.wait(20)
        self.server.kill()  # one that cannot save does not end when it is asked to
        self.server.wait()
        self.redis.close()
        self.engine.dispose()


def _answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def works(sqlite_template: Path, tmp_path: Path) -> Iterator[Works]:
    """A server, a relay, and no reader yet."""
    path = tmp_path / "writethru.db"
    shutil.copy(sqlite_template, path)
    made = Works(tmp_path, f"sqlite+pysqlite:///{path}")
    yield made
    made.end()


def refuses(works: Works) -> str:
    """What the server says to a write; empty where it takes it."""
    try:
        works.redis.set("probe", "x")
    except ResponseError as error:
        return type(error).__name__ + str(error)
    return ""


def out_of_memory(works: Works) -> Callable[[], object]:
    """OOM command not allowed, until there is memory."""
    works.redis.config_set("maxmemory", "1")
    until(lambda: "OutOfMemory" in refuses(works))
    return lambda: works.redis.config_set("maxmemory", "0")


def disk_error(works: Works) -> Callable[[], object]:
    """MISCONF: the server cannot save, and stops taking writes."""
    shutil.rmtree(works.folder)
    works.redis.config_set("save", "3600 1")
    works.redis.set("probe", "x")
    works.redis.bgsave()
    until(lambda: "MISCONF" in refuses(works))
    return lambda: works.redis.config_set("stop-writes-on-bgsave-error", "no")


def killed(works: Works) -> Callable[[], object]:
    """kill -9, and back empty."""
    works.server.kill()
    works.server.wait()

    def back() -> None:
        works.server = works.serve()

    return back


@pytest.mark.parametrize("fault", [out_of_memory, disk_error, killed])
def test_case_86_what_was_owed_meanwhile_is_done(works: Works, fault: Callable[[Works], Callable[[], object]]) -> None:
    """While the server refuses or is gone, work is still owed and nobody dies; once it is back, all is done."""
    works.read()
    works.owe()
    until(works.is_done)
    back = fault(works)
    works.owe()
    works.relay.ring()
    assert not works.is_done()
    back()
    works.later += outbox.RING_AGAIN  # what was rung for just before the fault is rung for again after this
    until(works.is_done, 60)
    assert works.reader is not None
    assert works.reader.poll() is None


def flushed(redis: "Redis") -> None:
    """All gone: FLUSHALL, or a restart without its file."""
    redis.flushall()


def taken(redis: "Redis") -> None:
    """Case 87: popped by a worker that died before it started."""
    redis.lpop("rq:queue:read")


@pytest.mark.parametrize(
    "fault", [pytest.param(flushed, id="case_86-flushall"), pytest.param(taken, id="case_87-vanished")]
)
def test_jobs_that_vanish_are_rung_for_again(works: Works, fault: Callable[["Redis"], None]) -> None:
    """A job that was queued and is no more is queued again after half a minute."""
    works.owe()
    until(lambda: works.redis.llen("rq:queue:read"))
    fault(works.redis)
    assert works.redis.llen("rq:queue:read") == 0
    works.read()
    works.later += outbox.RING_AGAIN
    until(works.is_done, 60)


OLD = {
    "pickled": pickle.dumps(("workers.jobs.read", None, ([1, 2],), {})),
    "another-name": json.dumps(["workers.tasks.read_page", None, [7], {}]).encode(),
    "other-arguments": json.dumps(["workers.jobs.read", None, [{"snapshot": 7}], {"depth": 2}]).encode(),
    "ids-of-no-row": json.dumps(["workers.jobs.read", None, [[999_999]], {}]).encode(),
}


def test_case_97_jobs_of_an_old_format_are_ignored(works: Works) -> None:
    """An upgrade finds another version's jobs in the queue: none is run, none is in the way, the work is rebuilt from
    the database."""
    for name, payload in OLD.items():
        row = {"data": zlib.compress(payload), "created_at": "2026-03-02T09:00:00.000000Z", "origin": "read"}
        works.redis.hset(f"rq:job:{name}", mapping=row | {"status": "queued", "timeout": "60"})  # type: ignore[arg-type]
        works.redis.rpush("rq:queue:read", name)
    works.read()
    works.owe()
    until(works.is_done, 60)
    assert works.redis.llen("rq:queue:read") == 0


def test_the_works_end_without_a_server(works: Works) -> None:
    """The relay ends while nobody hears it."""
    works.server.kill()
    works.server.wait()
    works.relay.ring()
    works.relay.stop()
    with pytest.raises(RedisError):
        works.redis.ping()
