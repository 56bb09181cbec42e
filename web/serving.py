"""Serves the application until it is asked to stop, and says meanwhile that it lives."""

import asyncio
import os
import signal
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa
import structlog
import uvicorn

from config.settings import Settings
from store.engine import writing
from store.roles import EVERY, beat, leave
from web.app import app
from web.desk import Clock
from web.tail import Tail

GRACE = 5
"""Seconds that requests in hand get after the first signal; the role is gone within 10."""
CONNECTIONS = 512
"""Open connections; more are refused with 503."""
HEAD_MAX = 32_768
"""Bytes of a request's head."""
IDLE = 10
"""Seconds that a connection may be idle between two requests."""

_log = structlog.get_logger(__name__)


class _Server(uvicorn.Server):
    """Leaves the signals alone: uvicorn raises them again at the end, so that a good stop would look like a death."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures nothing."""
        yield


async def serve(
    engine: sa.Engine, settings: Settings, clock: Clock, listener: socket.socket, ready: Callable[[], None]
) -> None:
    """Serves on a bound socket until SIGTERM or SIGINT; calls *ready* once connections are accepted."""
    application = app(engine, settings, clock)
    config = uvicorn.Config(
        application,
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=HEAD_MAX,
    )
    server = _Server(config)
    _stop_on_signal(server, application.state.desk.tail)
    listener.listen(config.backlog)
    ready()
    alive = asyncio.create_task(_live(engine, clock))
    await server.serve(sockets=[listener])
    alive.cancel()
    with suppress(asyncio.CancelledError):
        await alive


def _stop_on_signal(server: uvicorn.Server, tail: Tail) -> None:
    """The first signal ends the streams and lets requests in hand finish; the second waits for nothing."""

    def stop() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True
        tail.close()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)


async def _live(engine: sa.Engine, clock: Clock) -> None:
    """The heartbeat; a store that does not answer is tried again."""
    owner = f"web@{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"

    def once() -> None:
        with writing(engine) as connection:
            beat(connection, owner, "web", clock())

    try:
        while True:
            try:
                await asyncio.to_thread(once)
            except sa.exc.SQLAlchemyError:
                _log.warning("the heartbeat found no store", exc_info=True)
            await asyncio.sleep(EVERY.total_seconds())
    finally:
        with suppress(sa.exc.SQLAlchemyError), writing(engine) as connection:
            leave(connection, owner, clock())
