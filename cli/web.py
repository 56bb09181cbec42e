"""`web`: the pages and the API, in this process."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from cli import say

if TYPE_CHECKING:
    import sqlalchemy as sa

    from config.settings import Settings


def web(context: typer.Context) -> None:
    """Serves the pages and the API. Stays until Ctrl-C."""
    import asyncio

    from cli.migration import migrated
    from cli.roles import address_of
    from config.clock import now
    from config.log import configure
    from store.engine import engine_for
    from web.serving import serve

    settings: Settings = context.obj
    configure(settings.log, role="web")
    migrated(settings)
    engine = engine_for(settings.database_url)
    try:
        _refuse_open_doors(engine, settings)
        with _bound(settings.web.host, settings.web.port) as listener:
            url = address_of(settings.web.host, listener.getsockname()[1])

            def ready() -> None:
                say.line(f"Writethru is at {url}")
                sys.stdout.flush()

            asyncio.run(serve(engine, settings, now, listener, ready))
    finally:
        engine.dispose()


def _refuse_open_doors(engine: "sa.Engine", settings: "Settings") -> None:
    """Ends the verb where others could come in and there is no token to ask them for."""
    from store.engine import reading
    from store.tokens import any_token
    from web.doors import is_loopback

    if is_loopback(settings.web.host):
        return
    with reading(engine) as connection:
        if any_token(connection):
            return
    say.fail(
        f"web.host {settings.web.host} can be reached from elsewhere and there is no token yet; "
        "make one with `./writethru token add`, or bind 127.0.0.1",
        code=2,
    )


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound there; to any free port for 0. Ends the verb where it cannot be had."""
    try:
        family, kind, number, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, number)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as taken:
        say.fail(f"cannot listen on {host} port {port} ({taken.strerror}); set web.host and web.port")
    with listener:
        yield listener
