"""Articles, the keys that recognise them again, and the entries that name them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.engine import insert
from store.tables import alias, article, entry, feed, host


@dataclass(frozen=True, slots=True)
class Known:
    """An article as a reader needs it. *versions* is the number of its latest version, 0 before the first;
    *pending* is a text that waits for one more look, *slots* are its known rotating places, *same_at* is when a page
    was last read that showed the latest version's text, *stood* on how many pages in a row it did, *gate*
    is the fingerprint by which such a page is known without extracting it."""

    id: int
    url: str
    canonical: str
    site: str
    title: str
    language: str
    marker: str
    availability: str
    watch: str
    versions: int
    pending: Mapping[str, Any] | None
    slots: Any
    held_until: datetime | None
    restamped: int
    same_at: datetime | None
    stood: int
    gate: str
    created_at: datetime
    gone_since: datetime | None
    gone_reason: str


def host_id(connection: sa.Connection, name: str) -> int:
    """The row of a host ("host:port"), made where it is new."""
    connection.execute(insert(connection, host).values(name=name).on_conflict_do_nothing())
    return int(connection.execute(sa.select(host.c.id).where(host.c.name == name)).scalar_one())


def add(
    connection: sa.Connection,
    *,
    url: str,
    host_name: str,
    site: str,
    title: str,
    keys: Mapping[str, str],
    now: datetime,
) -> int:
    """A new article, due at once; returns its id, or that of the one that has a key of *keys* already. *keys* maps each
    alias key to its kind (``url``, ``canonical``)."""
    row = {"url": url, "host_id": host_id(connection, host_name), "site": site, "title": title}
    key = connection.execute(
        article.insert().values(row | {"next_check_at": now, "created_at": now})
    ).inserted_primary_key
    assert key is not None
    name(connection, int(key[0]), keys, now)
    return _first(connection, int(key[0]), keys)


def _first(connection: sa.Connection, article_id: int, keys: Mapping[str, str]) -> int:
    """Two feeds may find one story at the same moment: whose name was written first has it."""
    named = by_keys(connection, list(keys))
    other = next((found for found in named.values() if found != article_id), None)
    if other is None:
        return article_id
    connection.execute(article.delete().where(article.c.id == article_id))
    return other


def name(connection: sa.Connection, article_id: int, keys: Mapping[str, str], now: datetime) -> None:
    """Lets the article be recognised by further keys; a key that is already another article's stays there."""
    for key, kind in keys.items():
        row = {"key": key, "article_id": article_id, "kind": kind, "created_at": now}
        connection.execute(insert(connection, alias).values(row).on_conflict_do_nothing())


def by_keys(connection: sa.Connection, keys: Sequence[str]) -> dict[str, int]:
    """Which of *keys* name an article, and which one."""
    found = connection.execute(sa.select(alias.c.key, alias.c.article_id).where(alias.c.key.in_(keys))).all()
    return {row.key: int(row.article_id) for row in found}


def known(connection: sa.Connection, article_id: int, *, lock: bool = False) -> Known | None:
    """One article; with *lock*, held until the end of the transaction."""
    columns = [article.c[field] for field in Known.__dataclass_fields__]
    query = sa.select(*columns).where(article.c.id == article_id)
    row = connection.execute(query.with_for_update(key_share=True) if lock else query).first()
    return Known(**row._mapping) if row else None


def note(connection: sa.Connection, article_id: int, **columns: Any) -> None:
    """Sets columns of one article."""
    connection.execute(article.update().where(article.c.id == article_id).values(columns))


def visible(connection: sa.Connection, article_id: int) -> None:
    """Its text could be read: no wall stands before it. A withdrawn page stays so: what is read now may have been
    fetched before it went."""
    walled = sa.and_(article.c.id == article_id, article.c.availability.in_(("paywalled", "blocked")))
    connection.execute(article.update().where(walled).values(availability="ok"))


def look_by(connection: sa.Connection, article_id: int, when: datetime) -> None:
    """Brings the next look forward to *when*, unless it comes sooner or the article is no longer watched."""
    later = sa.or_(article.c.next_check_at.is_(None), article.c.next_check_at > when)
    watched = article.c.watch != "ended"
    connection.execute(article.update().where(article.c.id == article_id, later, watched).values(next_check_at=when))


def not_before(connection: sa.Connection, article_id: int, when: datetime) -> None:
    """Puts the next look off to *when*, unless it comes later anyway."""
    sooner = sa.and_(article.c.id == article_id, article.c.next_check_at < when)
    connection.execute(article.update().where(sooner).values(next_check_at=when))


def merge(connection: sa.Connection, duplicate: int, into: int) -> None:
    """Lets every name of *duplicate* name *into*. The duplicate, which has no version, stays as a record of the merge
    and is not watched any more."""
    connection.execute(alias.update().where(alias.c.article_id == duplicate).values(article_id=into))
    connection.execute(entry.update().where(entry.c.article_id == duplicate).values(article_id=into))
    note(connection, duplicate, watch="ended", availability="moved", next_check_at=None, last_reason=f"same-as:{into}")


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as a feed listed it before."""

    guid: str
    link: str
    title: str
    article_id: int | None


def entries(connection: sa.Connection, feed_id: int, guids: Sequence[str]) -> dict[str, Listed]:
    """Those of *guids* that this feed listed before."""
    columns = (entry.c.guid, entry.c.link, entry.c.title, entry.c.article_id)
    rows = connection.execute(sa.select(*columns).where(entry.c.feed_id == feed_id, entry.c.guid.in_(guids)))
    return {row.guid: Listed(**row._mapping) for row in rows}


def list_entry(connection: sa.Connection, feed_id: int, row: Mapping[str, Any], now: datetime) -> None:
    """Keeps an entry's latest link, title and article; its first sighting stays."""
    fresh = {"link": row["link"], "title": row["title"], "article_id": row["article_id"]}
    statement = insert(connection, entry).values({**row, "feed_id": feed_id, "first_seen_at": now})
    connection.execute(statement.on_conflict_do_update(index_elements=["feed_id", "guid"], set_=fresh))


def tags(connection: sa.Connection, article_id: int) -> list[str]:
    """The tags of the feeds that list the article, sorted."""
    query = sa.select(feed.c.tags).join(entry, entry.c.feed_id == feed.c.id).where(entry.c.article_id == article_id)
    return sorted({tag for row in connection.execute(query).scalars() for tag in row or ()})
