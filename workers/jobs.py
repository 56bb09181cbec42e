"""The jobs that may be run, bound to the settings of this process, and the two workers that run them.

Heavy imports stand at the top of what this module imports, so that they happen before the fork and not in each job.
"""

import os
import socket
import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any

import sqlalchemy as sa
import structlog
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.exc import DBAPIError

from config.clock import now
from config.settings import Settings
from store import outbox
from store.engine import engine_for, writing
from workers import pages, queue
from workers.confine import Needs, confine
from workers.deliverer import Deliverer, client_for
from workers.leash import die_with_parent
from workers.limits import Hand
from workers.needs import needs_of
from workers.reader import Reader

GIVEN_BACK_WITHIN, GIVEN_BACK_AGAIN = 10.0, 0.5
"""Seconds for which a store that is away is asked to take back what a failed job held, and between two tries."""
REST = timedelta(seconds=5)
"""What a failed job held is rung for after this."""

log = structlog.get_logger()


def owner_name(role: str) -> str:
    """Who holds a lease: role, machine, process and a word that no other run shares."""
    return f"{role}@{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def read(settings: Settings, hand: Hand, owner: str, redis_url: str, needs: Needs, ids: Sequence[int]) -> None:
    """The job of queue ``read``: reads the snapshots owed under these outbox ids, inside the work-horse."""
    die_with_parent()  # a fork forgets the wish, and a work-horse without its worker is nobody's
    confine(needs)
    engine = engine_for(settings.database_url)
    bell = queue.queue(queue.DELIVER, queue.connect(redis_url))
    try:
        endpoints = Reader(engine, settings, owner, hand, now).read(ids)
        for endpoint_id in endpoints:
            queue.ring_softly(bell, [endpoint_id])
    except BaseException:
        give_back(engine, owner)
        raise
    finally:
        engine.dispose()


def give_back(engine: sa.Engine, owner: str) -> bool:
    """Frees what a failed job held, and not only when its leases run out. False where the store stays away."""
    last = time.monotonic() + GIVEN_BACK_WITHIN
    while True:
        try:
            with writing(engine) as connection:
                outbox.release_owner(connection, owner, not_before=now() + REST)
        except DBAPIError as error:
            if time.monotonic() > last:
                log.warning("work not given back", error=str(error.orig))
                return False
            time.sleep(GIVEN_BACK_AGAIN)
        else:
            return True


def deliver(settings: Settings, owner: str, stop: Event, ids: Sequence[int]) -> None:
    """The job of queue ``deliver``: sends what is due to these endpoints, one after the other."""
    engine = engine_for(settings.database_url)
    client = client_for(settings)
    try:
        sender = Deliverer(engine, settings.deliver, client, owner, now, stop.is_set)
        for endpoint_id in ids:
            sender.turn(endpoint_id)
    finally:
        engine.dispose()


def after_death(settings: Settings, hand: Hand, owner: str, _job: Job, _pid: int, status: int, _usage: Any) -> None:
    """The work-horse died: the page in its hand is charged, what else it held is free at once."""
    engine = engine_for(settings.database_url)
    reason = f"killed by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {status}"
    guilty = hand.holds
    with writing(engine) as connection:
        parked = guilty and outbox.charge(connection, guilty, reason, now())
        outbox.release_owner(connection, owner, guilty)
    engine.dispose()
    hand.take(0)
    log.warning("work-horse died", outbox=guilty, reason=reason, parked=bool(parked))


def run_reader(settings: Settings, redis_url: str) -> None:
    """A reader: blocks until SIGTERM. Raises NotInstalledError."""
    pages.lexicon("en", ner=settings.facts.ner)  # loaded before the fork: a work-horse lives for one batch
    hand, owner = Hand(), owner_name("reader")
    allowed = {"workers.jobs.read": partial(read, settings, hand, owner, redis_url, needs_of(settings, redis_url))}

    def hire() -> queue.ReadWorker:
        connection = queue.connect(redis_url)
        return queue.ReadWorker(
            [queue.queue(queue.READ, connection, allowed)],
            connection=connection,
            work_horse_killed_handler=partial(after_death, settings, hand, owner),
            **_terms(allowed),
        )

    queue.run(hire, hand.ask_to_stop)


def run_deliverer(settings: Settings, redis_url: str) -> None:
    """A deliverer: blocks until SIGTERM."""
    stop = Event()
    allowed = {"workers.jobs.deliver": partial(deliver, settings, owner_name("deliverer"), stop)}

    def hire() -> queue.DeliverWorker:
        connection = queue.connect(redis_url)
        bell = queue.queue(queue.DELIVER, connection, allowed)
        return queue.DeliverWorker([bell], connection=connection, **_terms(allowed))

    queue.run(hire, stop.set)


def _terms(allowed: queue.Allowed) -> dict[str, Any]:
    return {
        "job_class": queue.only(allowed),
        "serializer": JSONSerializer,
        "worker_ttl": queue.WORKER_TTL,
        "maintenance_interval": queue.MAINTENANCE,
        "default_result_ttl": queue.RESULT_TTL,
        "log_job_description": False,
    }
