"""Only our own jobs run, whatever stands in the queue."""

import json
import pickle
import zlib
from pathlib import Path

import pytest
from redis import Redis
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from workers import queue


@pytest.fixture
def bell(valkey: str) -> Redis:
    """A connection to an empty server."""
    return queue.connect(valkey)


def work_off(connection: Redis, allowed: queue.Allowed) -> None:
    """One worker of the deliver kind until the queue is empty."""
    worker = queue.DeliverWorker(
        [queue.queue(queue.DELIVER, connection, allowed)],
        connection=connection,
        job_class=queue.only(allowed),
        serializer=JSONSerializer,
    )
    worker.work(burst=True, logging_level="CRITICAL")


def test_a_job_brings_its_ids(bell: Redis) -> None:
    """What was rung for arrives, and Redis keeps nothing of it."""
    seen: list[list[int]] = []
    queue.ring(queue.queue(queue.DELIVER, bell), [3, 1, 2])
    work_off(bell, {"workers.jobs.deliver": seen.append})
    assert seen == [[3, 1, 2]]
    assert list(bell.keys("rq:job:*")) == []


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(lambda mark: json.dumps(["os.system", None, [f"touch {mark}"], {}]).encode(), id="json os.system"),
        pytest.param(lambda mark: json.dumps(["system", "os", [f"touch {mark}"], {}]).encode(), id="json instance"),
        pytest.param(lambda mark: pickle.dumps(("os.system", None, (f"touch {mark}",), {})), id="pickle"),
        pytest.param(lambda mark: b"\x00\xff not a job", id="rubbish"),
    ],
)
def test_case_111_a_forged_job_is_not_run(bell: Redis, payload: object, tmp_path: Path) -> None:
    """A function that is not ours is refused, and the worker goes on with what is."""
    mark = tmp_path / "ran"
    seen: list[list[int]] = []
    bell.hset(
        "rq:job:forged",
        mapping={
            "data": zlib.compress(payload(mark)),  # type: ignore[operator]
            "created_at": "2026-03-02T09:00:00.000000Z",
            "origin": "deliver",
            "status": "queued",
            "timeout": "60",
            "success_callback_name": "os.getcwd",
            "failure_callback_name": "os.abort",
            "webhooks": json.dumps([{"url": "http://127.0.0.1:9/", "events": ["failed"]}]),
        },
    )
    bell.rpush("rq:queue:deliver", "forged")
    queue.ring(queue.queue(queue.DELIVER, bell), [1])
    work_off(bell, {"workers.jobs.deliver": seen.append})
    assert not mark.exists()
    assert seen == [[1]]


def test_a_job_abandoned_long_ago_ends_no_worker(bell: Redis) -> None:
    """A killed worker's job whose execution has expired is swept away, and the worker that sweeps goes on."""
    seen: list[list[int]] = []
    ours = queue.queue(queue.DELIVER, bell, {"workers.jobs.deliver": seen.append})
    abandoned = ours.enqueue("workers.jobs.deliver", args=([1],))
    bell.delete(ours.key)
    abandoned.set_status(JobStatus.STARTED)
    bell.zadd(ours.started_job_registry.key, {f"{abandoned.id}:gone": 1})
    bell.zadd(f"rq:executions:{abandoned.id}", {"gone": 1e12})
    queue.ring(ours, [2])
    work_off(bell, {"workers.jobs.deliver": seen.append})
    assert seen == [[2]]
    assert list(bell.keys("rq:job:*")) + list(bell.keys("rq:executions:*")) + list(bell.keys("rq:wip:*")) == []
    assert not bell.exists(ours.registry_cleaning_key)
