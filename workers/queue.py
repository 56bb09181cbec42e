"""The doorbell: RQ queues whose jobs carry ids and nothing else, and workers that run only what they were given.

RQ's JSON serializer alone still runs a forged ``os.system`` job, so a job's function is looked up in a table of ours
and never imported by name.
"""

import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Any

import structlog
from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, SimpleWorker, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

READ = "read"
DELIVER = "deliver"
JOB_TIMEOUT = 60
"""Seconds for a whole batch. A batch begins no new page, and an endpoint's turn no new POST, after 20; a page may take
``work.page_cpu`` and a POST ``deliver.timeout``, which settings keep below the rest."""
RESULT_TTL = 0
"""Nothing of a job is kept in Redis: the truth is in SQL."""
GRACE = 8.0
"""Seconds after a SIGTERM until what still runs is ended; its lease does the rest."""
WORKER_TTL = 45
MAINTENANCE = 30

Allowed = Mapping[str, Callable[..., Any]]
log = structlog.get_logger()


def connect(url: str) -> Redis:
    """A connection that tries again by itself for a moment."""
    retry = Retry(ExponentialBackoff(cap=1, base=0.05), 3)
    return Redis.from_url(url, socket_connect_timeout=5, health_check_interval=30, retry=retry)


def only(allowed: Allowed) -> type[Job]:
    """A Job class that runs exactly the functions of *allowed*, by their name in the job, and calls nothing back."""

    class AllowedJob(Job):
        """A job that brings ids to a function of ours."""

        @property
        def func(self) -> Callable[..., Any]:
            """Raises PermissionError for a name that is not ours."""
            ours = allowed.get(self.func_name or "")
            if self.instance is not None or ours is None:
                raise PermissionError(f"not a job of ours: {self.func_name!r}")
            return ours

        def restore(self, raw_data: dict[Any, Any]) -> Any:
            """Drops what a forged job could have us call or post to."""
            for name in (b"success_callback_name", b"failure_callback_name", b"stopped_callback_name", b"webhooks"):
                raw_data.pop(name, None)
            return super().restore(raw_data)

    return AllowedJob


def queue(name: str, connection: Redis, allowed: Allowed | None = None) -> Queue:
    """A queue whose jobs are JSON."""
    return Queue(name, connection=connection, job_class=only(allowed or {}), serializer=JSONSerializer)


def ring(bell: Queue, ids: Sequence[int]) -> None:
    """Queues one job for *ids*. Raises redis.exceptions.RedisError where nobody hears it."""
    bell.enqueue(
        f"workers.jobs.{bell.name}",
        args=(list(ids),),
        job_timeout=JOB_TIMEOUT,
        result_ttl=RESULT_TTL,
        failure_ttl=RESULT_TTL,
        description=bell.name,
    )


def ring_softly(bell: Queue, ids: Sequence[int]) -> bool:
    """Rings; where nobody hears it, the relay will ring again."""
    try:
        ring(bell, ids)
    except RedisError as error:
        log.warning("bell unheard", queue=bell.name, error=str(error))
        return False
    return True


class _Stopping:
    """What both kinds of worker do on a signal: remember it, and after eight seconds ask again, which is final."""

    max_connection_wait_time = 5.0
    on_stop: Callable[[], None]
    connection: Redis
    queues: list[Queue]

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Finish or release; then the second signal."""
        self.on_stop()
        again = threading.Timer(GRACE, os.kill, (os.getpid(), signal.SIGTERM))
        again.daemon = True
        again.start()
        super().request_stop(signum, frame)  # type: ignore[misc]

    def clean_registries(self) -> None:
        """RQ's own sweep, after what it trips over (3.0): a job abandoned for so long that the record of its execution
        has expired before it. That ends the worker, for every worker anew, with the lock on sweeping left behind."""
        for each in self.queues:
            registry = each.started_job_registry
            for job_id in registry.get_expired_job_ids():
                self.connection.delete(Job.key_for(job_id), f"rq:executions:{job_id}")
        super().clean_registries()  # type: ignore[misc]


class ReadWorker(_Stopping, Worker):
    """Forks a work-horse for each batch of pages."""


class DeliverWorker(_Stopping, SimpleWorker):
    """Sends in its own process: it parses nothing that comes from outside."""


AnyWorker = ReadWorker | DeliverWorker


def run(hire: Callable[[], AnyWorker], tell: Callable[[], None] = lambda: None) -> None:
    """Works until a signal says stop; a lost Redis is waited for. *hire* makes a fresh worker, *tell* is called when
    the signal comes."""
    stop = threading.Event()

    def stopping() -> None:
        stop.set()
        tell()

    def early(_signum: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)  # RQ listens to signals only once it works; nothing has been taken yet

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, early)
    while not stop.is_set():
        try:
            worker = hire()
            worker.on_stop = stopping
            worker.work(logging_level="WARNING")
        except RedisError as error:
            log.warning("doorbell lost", error=str(error))
        # Not wait(): a signal between two workers finds the old worker's reaction still in place.
        stop.wait(1)
