"""`up`: everything in one place."""

import sys
from typing import TYPE_CHECKING

import typer

from cli import say

if TYPE_CHECKING:
    import socket

    from config.settings import Settings
    from workers.supervise import Supervisor

WEB_SECONDS = 60
"""For the first page to be served; until then nothing is said."""


def up(context: typer.Context) -> None:
    """Starts everything in one place, and stays until Ctrl-C: queue (unless redis.url is set), poller, workers, web."""
    from cli.migration import FOLDER
    from config.log import configure
    from workers.claim import Claimed, claim
    from workers.valkey import ValkeyError

    settings: Settings = context.obj
    configure(settings.log, role="up")
    try:
        with claim(settings.data_dir / "up.lock"):
            code = _run(context, settings)
    except Claimed as other:
        say.fail(f"already running on {settings.data_dir} (process {other.pid}); stop it, or set another data_dir")
    except ValkeyError as missing:
        say.fail(str(missing))
    except OSError as refused:
        say.fail(f"{refused.filename}: {refused.strerror}; {FOLDER}")
    raise typer.Exit(code)


def _run(context: typer.Context, settings: "Settings") -> int:
    """In order: what can fail at once, the tables, the queue, the roles."""
    from cli.migration import migrated
    from cli.roles import check_extras, environ_for
    from workers import valkey
    from workers.supervise import Supervisor

    check_extras(settings)
    folder = valkey.folder_of(settings)
    program = valkey.binary() if settings.redis.url is None else None
    place = _place(settings)
    port = place.getsockname()[1]
    if sys.platform != "linux":
        place.close()  # elsewhere it would keep the web role out
    migrated(settings)
    environ = environ_for(context, settings, valkey.url_for(settings)) | {"WRITETHRU_WEB__PORT": str(port)}
    with place, Supervisor() as supervisor:
        if program is not None:
            supervisor.keep(valkey.child_for(folder, program))
            ready = supervisor.wait_for(lambda: valkey.answers(folder), valkey.START_SECONDS)
            if not ready and not supervisor.stopping:
                raise valkey.ValkeyError(f"the embedded Valkey did not start: {valkey.last_words(folder)}")
        _keep_roles(supervisor, settings, environ, port)
        code = supervisor.run()
    valkey.tidy(folder)
    return code


def _keep_roles(supervisor: "Supervisor", settings: "Settings", environ: dict[str, str], port: int) -> None:
    import structlog

    from cli.roles import address_of, answers, role, workers

    supervisor.keep(role("web", environ, "web"))
    supervisor.keep(role("poll", environ, "poll"))
    for worker in workers(environ, settings.work.readers, settings.work.deliverers):
        supervisor.keep(worker)
    if supervisor.wait_for(lambda: answers(settings.web.host, port), WEB_SECONDS):
        say.line(f"Writethru is at {address_of(settings.web.host, port)}")
        sys.stdout.flush()
    elif not supervisor.stopping:
        structlog.get_logger().warning("web does not answer yet", after_seconds=WEB_SECONDS)


def _place(settings: "Settings") -> "socket.socket":
    """Where the web role will listen, chosen now where any port will do, so that a restart keeps it."""
    from cli.roles import held

    host, port = settings.web.host, settings.web.port
    try:
        return held(host, port)
    except OSError as taken:
        say.fail(f"cannot listen on {host} port {port} ({taken.strerror}); set web.host and web.port")
