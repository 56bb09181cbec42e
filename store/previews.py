"""Dry runs: what somebody may want to watch, fetched and read once, shown, and forgotten after an hour.

``asked`` (the poller fetches) → ``fetched`` (a reader reads) → ``read``, or ``refused`` with the reason.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from store import hosts, outbox
from store.articles import host_id
from store.hosts import Hold
from store.snapshots import Bytes
from store.tables import outbox as work
from store.tables import preview
from store.views.listing import shown_url

LIFE = timedelta(hours=1)
MOST = 20
"""Dry runs at once: each may hold a page's bytes until it is read."""
HOPS = 2
"""So often may a page name a feed elsewhere that is fetched in its place."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page to be fetched for a dry run."""

    id: int
    url: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What was fetched for a dry run. Empty *url*: *body* is an OPML document that somebody sent."""

    id: int
    url: str
    final_url: str
    hops: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A dry run as it may be shown. *found* is what a reader made of it, null until then."""

    id: int
    url: str
    state: str
    reason: str
    status: int
    found: Mapping[str, Any] | None
    created_at: datetime
    expires_at: datetime


def ask(connection: sa.Connection, *, url: str, host_name: str, now: datetime) -> int | None:
    """A dry run of a URL, to be fetched at once; returns its id, None where there are too many already."""
    row = {"url": url, "host_id": host_id(connection, host_name), "next_check_at": now}
    return _made(connection, row, now)


def ask_list(connection: sa.Connection, body: bytes, now: datetime) -> int | None:
    """A dry run of an OPML document, to be read at once; returns its id, None where there are too many already."""
    made = _made(connection, {"state": "fetched", "body": zlib.compress(body)}, now)
    if made is not None:
        _owe(connection, made, now)
    return made


def _made(connection: sa.Connection, row: Mapping[str, Any], now: datetime) -> int | None:
    forget(connection, now)
    if connection.execute(sa.select(sa.func.count()).select_from(preview)).scalar_one() >= MOST:
        return None
    values = {**row, "created_at": now, "expires_at": now + LIFE}
    return int(connection.execute(preview.insert().values(values).returning(preview.c.id)).scalar_one())


def _owe(connection: sa.Connection, preview_id: int, now: datetime) -> int:
    payload = {"preview": preview_id}
    return outbox.owe(connection, "preview", subject=f"preview:{preview_id}", payload=payload, now=now)


def due(connection: sa.Connection, host: int, now: datetime) -> list[Asked]:
    """What is to be fetched from one host, oldest first."""
    mine = sa.and_(preview.c.host_id == host, preview.c.next_check_at <= now, preview.c.state == "asked")
    rows = connection.execute(sa.select(preview.c.id, preview.c.url).where(mine).order_by(preview.c.id))
    return [Asked(row.id, row.url) for row in rows]


def fetched(
    connection: sa.Connection, hold: Hold, asked: Asked, came: Bytes | None, reason: str, status: int, now: datetime
) -> list[int]:
    """Keeps what came, or why nothing did; returns the ids of the work owed. Nothing where the host is not held any
    more, or the dry run is gone."""
    looked = preview.update().where(preview.c.id == asked.id, preview.c.state == "asked", preview.c.url == asked.url)
    if not hosts.still_held(connection, hold):
        return []
    values: dict[str, Any] = {"next_check_at": None, "status": status}
    if came is None:
        values |= {"state": "refused", "reason": reason}
    else:
        kept = {"content-type": came.headers.get("content-type", "")}
        values |= {"state": "fetched", "final_url": came.url, "headers": kept, "body": zlib.compress(came.body)}
    found = connection.execute(looked.values(values)).rowcount
    return [_owe(connection, asked.id, now)] if found and came is not None else []


def load(connection: sa.Connection, preview_id: int) -> Kept | None:
    """What was fetched; None once it is read or forgotten."""
    row = connection.execute(sa.select(preview).where(preview.c.id == preview_id)).first()
    if row is None or row.body is None:
        return None
    content_type = (row.headers or {}).get("content-type", "")
    return Kept(row.id, row.url, row.final_url, row.hops, content_type, zlib.decompress(row.body))


def read(connection: sa.Connection, preview_id: int, found: Mapping[str, Any], reason: str) -> None:
    """Keeps what a reader made of it, and forgets the bytes."""
    state = "refused" if reason else "read"
    values = {"state": state, "reason": reason, "found": dict(found), "body": None}
    connection.execute(preview.update().where(preview.c.id == preview_id).values(values))


def go_on(connection: sa.Connection, preview_id: int, *, url: str, host_name: str, now: datetime) -> None:
    """Fetches the feed that a page names in its place."""
    there = {"url": url, "host_id": host_id(connection, host_name), "state": "asked", "next_check_at": now}
    moved = {**there, "hops": preview.c.hops + 1, "body": None, "final_url": "", "status": 0}
    connection.execute(preview.update().where(preview.c.id == preview_id).values(moved))


def get(connection: sa.Connection, preview_id: int, now: datetime) -> PreviewRow | None:
    """One dry run; None for one that is forgotten. One that its readers died of is refused."""
    row = connection.execute(sa.select(preview).where(preview.c.id == preview_id, preview.c.expires_at > now)).first()
    if row is None:
        return None
    state, reason = row.state, row.reason
    if state == "fetched":
        parked = sa.and_(work.c.subject == f"preview:{preview_id}", work.c.state == "parked")
        died = connection.execute(sa.select(work.c.reason).where(parked).limit(1)).scalar()
        state, reason = ("refused", str(died)) if died is not None else (state, reason)
    found = row.found if state != "fetched" else None
    known = {"id": row.id, "url": shown_url(row.url), "state": state, "reason": reason, "status": row.status}
    return PreviewRow(**known, found=found, created_at=row.created_at, expires_at=row.expires_at)


def address(connection: sa.Connection, preview_id: int) -> str:
    """The URL as it was given, credentials and all: for watching, never for showing."""
    return str(connection.execute(sa.select(preview.c.url).where(preview.c.id == preview_id)).scalar_one())


def drop(connection: sa.Connection, preview_id: int) -> None:
    """Forgets one."""
    connection.execute(preview.delete().where(preview.c.id == preview_id))


def forget(connection: sa.Connection, now: datetime) -> int:
    """Forgets those whose hour is over; returns how many."""
    return connection.execute(preview.delete().where(preview.c.expires_at <= now)).rowcount
