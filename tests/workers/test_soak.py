"""What must stay flat however long it runs, scaled to seconds."""

import os
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from redis import Redis
from rq.serializers import JSONSerializer

from store.engine import reading
from tests.parts.pages import BODY, page
from tests.parts.reading import Desk
from workers import queue

LOOKS = 20


def descriptors() -> int:
    """How many files and sockets this process holds open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def resident() -> int:
    """Bytes of memory in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def log_size(engine: sa.Engine) -> int:
    """Bytes of SQLite's write-ahead log; PostgreSQL keeps its own house."""
    if engine.dialect.name != "sqlite":
        return 0
    with reading(engine):
        return Path(f"{engine.url.database}-wal").stat().st_size


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="counted in /proc")
def test_case_100_a_reader_stays_as_it_is(engine: sa.Engine, now: datetime) -> None:
    """After three times as many looks, half of them changes, a reader holds no more files, hardly more memory, and the
    database's log is no larger than SQLite lets it grow between two checkpoints."""
    desk = Desk(engine, now)

    def look(times: range) -> None:
        for n in times:
            desk.look(page([BODY[0].replace("12", str(12 + n // 2)), *BODY[1:]], nonce=str(n)))

    look(range(LOOKS))
    open_before, held_before = descriptors(), resident()
    look(range(LOOKS, 3 * LOOKS))
    assert desk.article().versions > LOOKS
    assert descriptors() <= open_before + 2
    assert resident() - held_before < 48 << 20
    assert log_size(engine) < 8 << 20


def test_case_100_redis_keeps_nothing(valkey: str) -> None:
    """However many jobs went through, the same few keys are left."""
    connection = Redis.from_url(valkey)
    counts = []
    for jobs in (5, 40):
        for n in range(jobs):
            queue.ring(queue.queue(queue.DELIVER, connection), [n])
        allowed: queue.Allowed = {"workers.jobs.deliver": lambda ids: None}
        bell = queue.queue(queue.DELIVER, connection, allowed)
        terms = {"job_class": queue.only(allowed), "serializer": JSONSerializer}
        worker = queue.DeliverWorker([bell], connection=connection, **terms)  # type: ignore[arg-type]
        worker.work(burst=True, logging_level="CRITICAL")
        counts.append(connection.dbsize())
    assert counts[1] <= counts[0] + 1
    connection.close()
