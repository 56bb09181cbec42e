"""Snapshots: bytes as they were fetched, compressed, with what is needed to read them again."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.looks import Kind
from store.tables import outbox, snapshot, version

KEPT_HEADERS = (
    "content-type", "content-language", "content-length", "content-encoding", "date", "last-modified", "etag",
    "cache-control", "age", "expires", "link", "location", "server", "via", "x-robots-tag", "retry-after",
)  # fmt: skip
"""Headers that say something about the body or how it came; the rest would outweigh small pages."""

HEADER_LIMIT = 1000
"""Characters of a header that are kept."""

MOST = 50
"""Snapshots of a page that are kept beside those of its versions: one whose bytes move at every look is no archive."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One snapshot. *url* is the one that answered, after redirects; *sha256* is of *body*, in hex."""

    id: int
    feed_id: int | None
    article_id: int | None
    fetched_at: datetime
    url: str
    status: int
    headers: Mapping[str, str]
    sha256: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Bytes:
    """What a fetch brought, on its way in."""

    url: str
    status: int
    headers: Mapping[str, str]
    sha256: str
    body: bytes


def keep(connection: sa.Connection, kind: Kind, key: int, came: Bytes, now: datetime) -> int:
    """Keeps what came for a feed or an article; returns its id."""
    headers = {name: came.headers[name][:HEADER_LIMIT] for name in KEPT_HEADERS if name in came.headers}
    row: dict[str, Any] = {f"{kind}_id": key, "fetched_at": now, "url": came.url, "status": came.status}
    row |= {"headers": headers, "sha256": came.sha256, "body": zlib.compress(came.body)}
    made = connection.execute(snapshot.insert().values(row)).inserted_primary_key
    assert made is not None
    return int(made[0])


def load(connection: sa.Connection, snapshot_id: int) -> Kept | None:
    """One snapshot with its body as it was; None once it is forgotten."""
    row = connection.execute(sa.select(snapshot).where(snapshot.c.id == snapshot_id)).first()
    if row is None:
        return None
    return Kept(
        row.id, row.feed_id, row.article_id, row.fetched_at, row.url, row.status,
        row.headers or {}, row.sha256, zlib.decompress(row.body),
    )  # fmt: skip


def lately(connection: sa.Connection, since: datetime, limit: int) -> list[tuple[str, datetime, Mapping[str, str]]]:
    """(url, fetched_at, headers) of the newest snapshots, none from before *since*."""
    columns = sa.select(snapshot.c.url, snapshot.c.fetched_at, snapshot.c.headers)
    newest = columns.where(snapshot.c.fetched_at >= since).order_by(snapshot.c.id.desc()).limit(limit)
    return [(row.url, row.fetched_at, row.headers or {}) for row in connection.execute(newest)]


def latest_id(connection: sa.Connection, kind: Kind, key: int) -> int | None:
    """The newest snapshot of a feed or an article."""
    mine = snapshot.c[f"{kind}_id"] == key
    found = connection.execute(sa.select(sa.func.max(snapshot.c.id)).where(mine)).scalar()
    return None if found is None else int(found)


def forget(connection: sa.Connection, before: datetime, most: int = MOST) -> int:
    """Deletes snapshots from before then and those behind the newest *most* of a page, but none that made a version, is
    the newest or is still to be read; returns how many."""
    newer = snapshot.alias()
    same = sa.or_(newer.c.article_id == snapshot.c.article_id, newer.c.feed_id == snapshot.c.feed_id)
    succeeded = sa.exists().where(same, newer.c.id > snapshot.c.id)
    made = sa.exists().where(version.c.snapshot_id == snapshot.c.id)
    owed = sa.exists().where(outbox.c.snapshot_id == snapshot.c.id, outbox.c.state == "owed")
    crowded = [snapshot.c.id.in_(_behind(page, most)) for page in (snapshot.c.article_id, snapshot.c.feed_id)]
    unneeded = sa.or_(sa.and_(snapshot.c.fetched_at < before, succeeded), *crowded)
    return connection.execute(snapshot.delete().where(unneeded, ~made, ~owed)).rowcount


def _behind(page: sa.Column[Any], most: int) -> sa.Select[tuple[int]]:
    """The ids of a page's snapshots behind its newest."""
    nth = sa.func.row_number().over(partition_by=page, order_by=snapshot.c.id.desc()).label("nth")
    numbered = sa.select(snapshot.c.id, nth).where(page.is_not(None)).subquery()
    return sa.select(numbered.c.id).where(numbered.c.nth > most)
