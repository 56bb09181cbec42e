"""What an article's versions rest on: the bytes as fetched, the chain of records, and every look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store import versions
from store.tables import article, entry, feed, look, snapshot, version
from store.versions import Draft, sha256_of, unpack_text
from store.views.listing import Cut, Listing, newest_first, shown_url


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """Bytes as they were fetched, without the bytes. *url* is the one that answered; *sha256* is of the body."""

    id: int
    fetched_at: datetime
    url: str
    status: int
    headers: Mapping[str, str]
    sha256: str


@dataclass(frozen=True, slots=True)
class LookRow:
    """*count* looks in a row that ended alike: ``200-new``, ``200-same``, ``304`` or ``failed`` with a *reason*."""

    id: int
    from_at: datetime
    to_at: datetime
    count: int
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Link:
    """A version's place in the chain. *text_holds*: the kept text still has the hash that was written beside it;
    *chain_holds*: the record and the chain of the version before still give its chain."""

    number: int
    chain: str
    text_holds: bool
    chain_holds: bool
    size: int


def snapshot_row(connection: sa.Connection, snapshot_id: int) -> SnapshotRow | None:
    """One snapshot; None once it is forgotten."""
    columns = [snapshot.c[name] for name in SnapshotRow.__slots__]
    row = connection.execute(sa.select(*columns).where(snapshot.c.id == snapshot_id)).first()
    if row is None:
        return None
    return SnapshotRow(row.id, row.fetched_at, shown_url(row.url), row.status, row.headers or {}, row.sha256)


def looks_of(connection: sa.Connection, article_id: int, cut: Cut) -> Listing[LookRow]:
    """Every look at an article, run by run, the last one first. Raises CursorError."""
    counted = look.c.count.label("n")
    query = sa.select(look.c.id, look.c.from_at, look.c.to_at, counted, look.c.outcome, look.c.reason)
    mine = query.where(look.c.article_id == article_id)
    return newest_first(connection, mine, look.c.id, cut, _look)


def _look(row: Any) -> LookRow:
    return LookRow(row.id, row.from_at, row.to_at, row.n, row.outcome, row.reason)


def links(connection: sa.Connection, article_id: int, first: int, last: int) -> Iterator[Link]:
    """Checks the chain from version *first* to *last*, one version at a time, as far as the caller reads."""
    for number in range(first, last + 1):
        found = link(connection, article_id, number)
        if found is None:
            return
        yield found


def link(connection: sa.Connection, article_id: int, number: int) -> Link | None:
    """Checks one version against its own record and the chain of the version before."""
    before = version.alias()
    query = (
        sa.select(version, article.c.url, snapshot.c.sha256.label("snapshot_sha256"), before.c.chain.label("previous"))
        .join(article, article.c.id == version.c.article_id)
        .outerjoin(snapshot, snapshot.c.id == version.c.snapshot_id)
        .outerjoin(before, sa.and_(before.c.article_id == article_id, before.c.number == number - 1))
        .where(version.c.article_id == article_id, version.c.number == number)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    text = unpack_text(row.text)
    chain = versions.chain(row.previous or "", _draft(row, text))
    return Link(number, row.chain, sha256_of(text) == row.sha256, chain == row.chain, len(text))


def _draft(row: Any, text: str) -> Draft:
    """The record of a version as it was when it was written."""
    same = {name: getattr(row, name) for name in ("article_id", "number", "fingerprint", "headline", "snapshot_id")}
    dated = {name: getattr(row, name) for name in ("published", "modified", "seen_new_at")}
    taken = row.snapshot_sha256 or ""
    return Draft(**same, **dated, article_url=row.url, text=text, snapshot_sha256=taken, blocks=b"", columns={})


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes an article: the names of the feeds that list it, and their tags."""

    names: tuple[str, ...]
    tags: tuple[str, ...]


def outlet_of(connection: sa.Connection, article_id: int) -> Outlet:
    """The feeds that list an article, by age; both empty for one that was added by its address."""
    listed = sa.select(entry.c.feed_id).where(entry.c.article_id == article_id)
    rows = connection.execute(
        sa.select(feed.c.title, feed.c.tags).where(feed.c.id.in_(listed)).order_by(feed.c.id)
    ).all()
    names = dict.fromkeys(row.title for row in rows if row.title)
    tags = {str(tag) for row in rows for tag in row.tags or ()}
    return Outlet(tuple(names), tuple(sorted(tags)))
