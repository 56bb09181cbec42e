"""`work`: readers and deliverers, in this process or in many."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli import say

if TYPE_CHECKING:
    from config.settings import Settings


class Queue(StrEnum):
    """What a worker takes work from."""

    read = "read"
    deliver = "deliver"


def work(
    context: typer.Context,
    queue: Annotated[Queue | None, typer.Argument(help="one kind only [both, as many as configured]")] = None,
    number: Annotated[int, typer.Option("-n", min=1, help="processes of that kind")] = 1,
) -> None:
    """Works off the queue: `read` turns snapshots into versions, `deliver` sends webhooks. Stays until Ctrl-C."""
    from cli.roles import check_extras
    from config.log import configure

    settings: Settings = context.obj
    configure(settings.log, role=f"work {queue}" if queue else "work")
    if queue is not Queue.deliver:
        check_extras(settings)
    if queue is None and number != 1:
        say.fail("-n counts one kind of worker; write `work read -n N` or `work deliver -n N`", code=2)
    if queue is not None and number == 1 and settings.redis.url is not None:
        _here(queue, settings)
        return
    readers, deliverers = settings.work.readers, settings.work.deliverers
    if queue is not None:
        readers, deliverers = (number, 0) if queue is Queue.read else (0, number)
    raise typer.Exit(_supervised(context, settings, readers, deliverers))


def _here(queue: Queue, settings: "Settings") -> None:
    from cli.migration import migrated
    from workers.jobs import run_deliverer, run_reader
    from workers.valkey import url_for

    migrated(settings)
    run = run_reader if queue is Queue.read else run_deliverer
    run(settings, url_for(settings))


def _supervised(context: typer.Context, settings: "Settings", readers: int, deliverers: int) -> int:
    """The workers as children, and the embedded queue unless one is configured or one lives there already."""
    from cli.migration import migrated
    from cli.roles import environ_for, workers
    from workers import valkey
    from workers.supervise import Supervisor

    try:
        program = valkey.binary() if settings.redis.url is None else None
    except valkey.ValkeyError as missing:
        say.fail(str(missing))
    migrated(settings)
    folder = valkey.folder_of(settings)
    with Supervisor() as supervisor:
        if program is not None:
            supervisor.keep(valkey.child_for(folder, program))
        for worker in workers(environ_for(context, settings, valkey.url_for(settings)), readers, deliverers):
            supervisor.keep(worker)
        code = supervisor.run()
    valkey.tidy(folder)
    return code
