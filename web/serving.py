"""Serves the application until it is asked to stop, and says meanwhile that it lives."""

import asyncio
import os
import signal
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import h11
import sqlalchemy as sa
import structlog
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from config.clock import Clock
from config.settings import Settings
from store.engine import writing
from store.roles import EVERY, beat, leave
from web.app import app
from web.doors import CARRIED
from web.tail import Tail

GRACE = 5
"""Seconds that requests in hand get after the first signal; the role is gone within 10."""
CONNECTIONS = 512
"""Open connections; more are refused with 503."""
HEAD_MAX = 32_768
"""Bytes of a request's head."""
IDLE = 10
"""Seconds that a connection may be idle between two requests."""
ASKED_WITHIN = 20.0
"""Seconds for a whole request, head and body, from its first byte or the connection's beginning; who dawdles is cut,
and cannot hold one of the connections that there are."""

_log = structlog.get_logger(__name__)


class Impatient(H11Protocol):
    """HTTP/1.1 that waits only so long for a request: uvicorn itself waits for ever, once a byte of it has come."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first request is waited for from here on."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """More of a request, or its end."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more is waited for."""
        super().connection_lost(exc)
        self._disarm()

    def send_400_response(self, msg: str) -> None:
        """Refuses what is no request and so never comes to the doors, with the headers of every answer."""
        headers = [*CARRIED.items(), ("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
        refused = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
        for event in (refused, h11.Data(data=msg.encode("ascii")), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self) -> None:
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._disarm()
        elif self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(ASKED_WITHIN, self.transport.abort)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


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
        http=Impatient,
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
