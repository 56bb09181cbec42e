"""`poll`: the poller, with the relay that rings for its work beside it."""

import signal
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import sqlalchemy as sa

    from config.settings import Settings
    from workers.relay import Relay


def poll(context: typer.Context) -> None:
    """Looks at feeds and articles when they are due, and rings for what came. Stays until Ctrl-C."""
    from cli.migration import migrated
    from config.clock import now
    from config.log import configure
    from store.engine import engine_for
    from workers import queue
    from workers.relay import Relay
    from workers.valkey import url_for

    settings: Settings = context.obj
    configure(settings.log, role="poll")
    migrated(settings)
    engine = engine_for(settings.database_url)
    _compare_clocks(engine)
    bell = queue.connect(url_for(settings))
    relay = Relay(engine, queue.queue(queue.READ, bell), queue.queue(queue.DELIVER, bell), settings, now)
    relay.start()
    try:
        _run(engine, settings, relay)
    finally:
        relay.stop()
        engine.dispose()


def _compare_clocks(engine: "sa.Engine") -> None:
    """Warns where the last day's answers say that this clock is so far off that webhooks will be refused."""
    import structlog

    from cli.clocks import skew_now, words
    from config.clock import now
    from ingest.skew import is_off
    from store.engine import reading

    with reading(engine) as connection:
        skew = skew_now(connection, now())
    if skew is not None and is_off(skew):
        structlog.get_logger().warning("this machine's clock is wrong", skew_seconds=round(skew), why=words(skew))


def _run(engine: "sa.Engine", settings: "Settings", relay: "Relay") -> None:
    import asyncio
    import os
    import socket
    import uuid

    from config.clock import now
    from ingest.fetching.fetch import Fetcher
    from ingest.poller import poll as poll_until

    async def until_stopped() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        owner = f"poller@{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        fetcher = Fetcher(settings.fetch, settings.user_agent)
        await poll_until(engine, settings, fetcher, relay.ring, now, stop, owner=owner)

    asyncio.run(until_stopped())
