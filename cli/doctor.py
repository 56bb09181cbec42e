"""`doctor`: is everything there that the service needs?"""

import ctypes
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli import say
from config.environment import environment

if TYPE_CHECKING:
    from config.settings import Settings

ENOUGH = 1 << 30
"""Bytes free for months of a hundred articles."""
TOO_LITTLE = 200 << 20
"""Bytes below which the next busy day may fill the disk."""
SKEW = 5
"""Seconds; receivers of webhooks refuse what is 300 s off, leases assume a few."""
OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 35, 0)
"""UPDATE … RETURNING."""
_TIME_ERROR = 5
_TIMEX_BYTES = 512  # struct timex takes 208


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. *advice* says what to do, and is empty where all is well."""

    check: str
    state: Literal["ok", "hint", "broken"]
    found: str
    advice: str = ""


Check = Callable[["Settings"], Finding]


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Checks one by one what the service needs, and says what to do; exit 1 where something is broken."""
    broken = False
    for finding in _findings(context):
        broken = broken or finding.state == "broken"
        if as_json:
            say.row(asdict(finding))
        else:
            advice = f"; {finding.advice}" if finding.advice else ""
            say.line(f"{finding.state:6}  {finding.check}: {finding.found}{advice}")
    raise typer.Exit(int(broken))


def _findings(context: typer.Context) -> Iterator[Finding]:
    from config.load import ConfigError, load

    yield python()
    try:
        settings = load(environment(), context.find_root().params["config"], {})
    except ConfigError as wrong:
        yield Finding("configuration", "broken", str(wrong), "correct it; the rest is not checked")
        return
    yield Finding("configuration", "ok", "can be used")
    for check in CHECKS:
        yield check(settings)


def python() -> Finding:
    """The interpreter, and the SQLite that it brings."""
    running = ".".join(map(str, sys.version_info[:3]))
    found = f"Python {running}, SQLite {sqlite3.sqlite_version}"
    if sys.version_info[:2] < OLDEST_PYTHON or sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return Finding("python", "broken", found, "needs Python 3.11 and SQLite 3.35 or newer")
    return Finding("python", "ok", found)


def folder(settings: "Settings") -> Finding:
    """Whether files can be made there, or the folder itself where it is not there yet. Leaves nothing behind."""
    path = settings.data_dir.absolute()
    try:
        with tempfile.TemporaryFile(dir=_standing(path)) as probe:
            probe.write(b"x" * 4096)
    except OSError as refused:
        advice = "let this account own it, or set another data_dir"
        return Finding("data_dir", "broken", f"{path}: {refused.strerror}", advice)
    return Finding("data_dir", "ok", f"{path} can be written")


def disk(settings: "Settings") -> Finding:
    """Free room where the data lies."""
    return room(shutil.disk_usage(_standing(settings.data_dir.absolute())).free)


def room(free: int) -> Finding:
    """What so many free bytes mean."""
    found = f"{free / (1 << 30):.1f} GiB free"
    if free < TOO_LITTLE:
        return Finding("disk", "broken", found, "make room, or shorten retention.snapshots")
    if free < ENOUGH:
        return Finding("disk", "hint", found, "1 GiB or more is comfortable")
    return Finding("disk", "ok", found)


def _standing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def database(settings: "Settings") -> Finding:
    """Whether it can be reached and has this version's tables."""
    import sqlalchemy as sa

    from cli.migration import FOLDER, advice
    from store.engine import engine_for, reading
    from store.migrate import is_current

    try:
        url = sa.make_url(settings.database_url)
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
            return Finding("database", "ok", f"{url.database} is not there yet; the first start makes it")
        engine = engine_for(settings.database_url)
        with reading(engine) as connection:
            current = is_current(connection)
        engine.dispose()
    except sa.exc.ArgumentError as wrong:
        return Finding("database", "broken", str(wrong), "correct database.url")
    except sa.exc.DBAPIError as error:
        cause = " ".join(str(error.orig).split())
        return Finding("database", "broken", f"{url!r}: {cause}", advice(settings))
    except OSError as refused:
        return Finding("database", "broken", f"{refused.filename}: {refused.strerror}", FOLDER)
    if not current:
        return Finding(
            "database", "hint", f"{url!r} has another version's tables", "the next start brings them up to date"
        )
    return Finding("database", "ok", f"{url!r} has this version's tables")


def queue(settings: "Settings") -> Finding:
    """Whether the doorbell can ring: the configured server answers, or there is one to embed."""
    from workers import valkey

    if settings.redis.url is not None:
        return _configured_queue(settings.redis.url.get_secret_value())
    if valkey.answers(valkey.folder_of(settings)):
        return Finding("queue", "ok", "the embedded server is running")
    try:
        program = valkey.binary()
    except valkey.ValkeyError as missing:
        return Finding("queue", "broken", "none", str(missing))
    number = ".".join(map(str, valkey.version(program)))
    return Finding("queue", "ok", f"{program.name} {number} will be embedded")


def _configured_queue(url: str) -> Finding:
    from redis import Redis
    from redis.exceptions import RedisError

    from workers.valkey import OLDEST

    try:
        with Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            number = str(client.info("server")["redis_version"])
    except (RedisError, ValueError) as error:
        return Finding(
            "queue", "broken", f"redis.url: {error}", "start it, or correct redis.url, or unset it to embed one"
        )
    if tuple(int(part) for part in number.split(".")[:2]) < OLDEST:
        return Finding("queue", "broken", f"Redis {number}", "needs Valkey, or Redis 6.2 or newer")
    return Finding("queue", "ok", f"answers, and speaks Redis {number}")


def clock(settings: "Settings") -> Finding:
    """This machine's clock against the queue's, which all machines share, and the sites' that answered, and what the
    kernel says of it."""
    from redis import Redis
    from redis.exceptions import RedisError

    from config.clock import now

    if settings.redis.url is not None:
        try:
            with Redis.from_url(settings.redis.url.get_secret_value(), socket_connect_timeout=5) as client:
                off = now().timestamp() - client.time()[0]
        except (RedisError, ValueError):
            off = 0.0  # said by the queue's own line
        if abs(off) > SKEW:
            return Finding("clock", "broken", f"{off:+.0f} s off the queue's", "synchronise both by NTP")
    off_sites = _off_the_sites(settings)
    if off_sites:
        return Finding("clock", "broken", off_sites, "synchronise it by NTP")
    if not _synchronised():
        return Finding("clock", "hint", f"{now():%Y-%m-%d %H:%M:%S} UTC, not synchronised", "run chrony or timesyncd")
    return Finding("clock", "ok", f"{now():%Y-%m-%d %H:%M:%S} UTC")


def _off_the_sites(settings: "Settings") -> str:
    """What the answers that were kept say against this clock; nothing where they agree or cannot be read."""
    import sqlalchemy as sa

    from cli.clocks import skew_now, words
    from config.clock import now
    from ingest.skew import is_off
    from store.engine import engine_for, reading

    url = sa.make_url(settings.database_url)
    try:
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
            return ""
        engine = engine_for(settings.database_url)
        with reading(engine) as connection:
            skew = skew_now(connection, now())
        engine.dispose()
    except (sa.exc.DBAPIError, OSError):
        return ""  # said by the database's own line
    return words(skew) if skew is not None and is_off(skew) else ""


def _synchronised() -> bool:
    """What the kernel knows (adjtimex(2), which without modes only reads); true where it cannot be asked."""
    if sys.platform != "linux":
        return True
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return bool(state != _TIME_ERROR)


def contact(settings: "Settings") -> Finding:
    """Whether the sites that are watched can reach the operator."""
    if settings.fetch.contact:
        return Finding("contact", "ok", settings.user_agent)
    advice = "set fetch.contact to an address or URL where sites can reach you"
    return Finding("contact", "hint" if _is_loopback(settings.web.host) else "broken", "none", advice)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def port(settings: "Settings") -> Finding:
    """Whether the web role can listen, or does already."""
    from cli.roles import address_of, held
    from workers.claim import holder

    host, number = settings.web.host, settings.web.port
    try:
        held(host, number).close()
    except OSError as taken:
        owner = holder(settings.data_dir / "up.lock")
        if owner is not None:
            return Finding("port", "ok", f"{address_of(host, number)} is served by the running service ({owner})")
        return Finding("port", "broken", f"{host} port {number}: {taken.strerror}", "set web.host and web.port")
    return Finding("port", "ok", f"{host} port {number} is free")


def names(settings: "Settings") -> Finding:
    """Whether the model that facts.ner asks for is there."""
    from ingest.entities import MISSING, is_installed

    if not settings.facts.ner:
        return Finding("names", "ok", "read by rules")
    if not is_installed():
        return Finding("names", "broken", "facts.ner is set", MISSING)
    return Finding("names", "ok", "read by rules and spaCy")


CHECKS: tuple[Check, ...] = (folder, disk, database, queue, clock, contact, port, names)
"""In the order in which they are told."""
