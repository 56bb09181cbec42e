"""The roles of the service as children to keep: poller, readers, deliverers, web."""

import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from cli import say
from config.environment import environment
from config.settings import ROOT, Settings
from workers.supervise import Child

WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # where a service that listens everywhere is asked


def environ_for(context: typer.Context, settings: Settings, redis_url: str) -> dict[str, str]:
    """What the children are started with: this process's environment, the same configuration file, one queue."""
    environ = environment() | {
        "WRITETHRU_DATA_DIR": str(settings.data_dir.absolute()),
        "WRITETHRU_REDIS__URL": redis_url,
    }
    environ.pop("WRITETHRU_REDIS__URL_FILE", None)
    named: Path | None = context.find_root().params.get("config")
    if named is not None:
        environ["WRITETHRU_CONFIG"] = str(named.absolute())
    return environ


def role(name: str, environ: Mapping[str, str], *verb: str) -> Child:
    """One role: the front door with a verb, run by the Python that runs this. It speaks through the log alone."""
    argv = (sys.executable, str(ROOT / "writethru"), *verb)
    return Child(name, argv, environ, stdout=subprocess.DEVNULL)


def check_extras(settings: Settings) -> None:
    """Ends the verb in one line where the settings ask for an extra that is not installed."""
    from ingest.entities import MISSING, is_installed

    if settings.facts.ner and not is_installed():
        say.fail(f"facts.ner: {MISSING}")


def workers(environ: Mapping[str, str], readers: int, deliverers: int) -> list[Child]:
    """So many readers and deliverers, each in a process of its own."""
    counts = {"read": readers, "deliver": deliverers}
    return [role(f"{queue} {n + 1}", environ, "work", queue) for queue, count in counts.items() for n in range(count)]


def held(host: str, port: int) -> socket.socket:
    """A socket bound to the port, or to any free one for 0: while it is open nobody is given that port, and on Linux a
    child may listen there all the same. Raises OSError where nobody could."""
    family, kind, number, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    place = socket.socket(family, kind, number)
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(address)
    except OSError:
        place.close()
        raise
    return place


def answers(host: str, port: int) -> bool:
    """Whether somebody accepts connections there."""
    try:
        socket.create_connection((WILDCARDS.get(host, host), port), timeout=1).close()
    except OSError:
        return False
    return True


def address_of(host: str, port: int) -> str:
    """The URL to open in a browser."""
    reached = WILDCARDS.get(host, host)
    return f"http://[{reached}]:{port}/" if ":" in reached else f"http://{reached}:{port}/"
