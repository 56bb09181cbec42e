"""What a reader needs of its machine, read off its settings."""

import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from psycopg import pq
from redis import ConnectionPool

from config.settings import Settings
from workers.confine import Needs


def needs_of(settings: Settings, redis_url: str) -> Needs:
    """What a reader needs of the machine: its database, the doorbell, and room for temporary files."""
    url = sa.make_url(settings.database_url)
    folders = [settings.data_dir, Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/dev/null")]
    sql: frozenset[int] | None = frozenset()
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or ".")
        folders += [file.absolute().parent, file.resolve().parent]  # SQLite's log stands beside what a link leads to
    else:
        sql = _postgres_ports(url)
    bell: dict[str, Any] = ConnectionPool.from_url(redis_url).connection_kwargs
    rings = frozenset() if "path" in bell else frozenset({int(bell.get("port", 6379))})
    return Needs(None if sql is None else sql | rings, tuple(folders))


def _postgres_ports(url: sa.URL) -> frozenset[int] | None:
    """Those that libpq may dial for a URL; None where a service file says it."""
    said = {option.keyword: option.val for option in pq.Conninfo.get_defaults()}  # the environment's among them
    if "service" in url.query or said.get(b"service"):
        return None
    hosts, named = _values(url, "host"), _values(url, "port")
    if not url.host and hosts and all(host.startswith("/") for host in hosts):
        return frozenset()  # sockets in folders
    ports = [str(url.port or ""), *named, *(host.rpartition(":")[2] for host in hosts if ":" in host)]
    found = frozenset(int(port) for port in ports if port.isdigit())
    return found or frozenset({int(said.get(b"port") or 5432)})


def _values(url: sa.URL, name: str) -> list[str]:
    value = url.query.get(name, ())
    return [part for each in ([value] if isinstance(value, str) else value) for part in each.split(",")]
