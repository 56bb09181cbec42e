"""The workers that the queue knows: they register with it, not with SQL."""

import os
import socket
from collections.abc import Mapping

import redis
from rq import Worker
from rq.worker import BaseWorker

from config.settings import Settings
from workers.queue import DELIVER, READ, queue
from workers.valkey import url_for

SECONDS = 1.0
"""A queue that does not answer in this time is not reachable; a page must not wait longer."""


def workers_alive(settings: Settings) -> Mapping[str, int] | None:
    """How many workers listen to each queue; None when the queue cannot be reached. One that was killed on this machine
    no longer counts; on another one it counts until its registration ends, within a minute and a half."""
    try:
        with redis.Redis.from_url(
            url_for(settings), socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        ) as connection:
            return {name: sum(map(_lives, Worker.all(queue=queue(name, connection)))) for name in (READ, DELIVER)}
    except (redis.RedisError, OSError, ValueError):
        return None


def _lives(worker: BaseWorker) -> bool:
    if not worker.pid or worker.hostname != socket.gethostname():
        return True
    try:
        os.kill(worker.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it runs under another account
    return True
