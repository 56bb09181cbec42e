"""The workers that the queue knows: they register with it, not with SQL."""

from collections.abc import Mapping

import redis
from rq import Worker

from config.settings import Settings
from workers.queue import DELIVER, READ, queue
from workers.valkey import url_for

SECONDS = 1.0
"""A queue that does not answer in this time is not reachable; a page must not wait longer."""


def workers_alive(settings: Settings) -> Mapping[str, int] | None:
    """How many workers listen to each queue; None when the queue cannot be reached. A worker that was killed counts
    until its registration ends, within a minute and a half."""
    try:
        with redis.Redis.from_url(
            url_for(settings), socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        ) as connection:
            return {name: len(Worker.all(queue=queue(name, connection))) for name in (READ, DELIVER)}
    except (redis.RedisError, OSError, ValueError):
        return None
