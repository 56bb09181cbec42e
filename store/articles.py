"""Articles, the keys that recognise them again, and the entries that name them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
    is the fingerprint by which such a page is known without extracting it, *address* where it is looked at since its
    link changed."""

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
    paused: bool
    warning: str
    address: str

    @property
    def place(self) -> str:
        """Where it is looked at."""
        return self.address or self.url


NAMES = 50
"""So many names has an article; of more, the oldest but the first are forgotten. A link with a number of its own at
every fetch must not fill the table: its guid knows it."""

SHARED = "shared"
"""The kind of a name that several different texts claimed as theirs: it names nobody."""

_WHOLE = 500
"""Names asked for at once: SQLite takes 32,766 parameters in a statement, and planning longer lists costs more than
asking again."""


def host_id(connection: sa.Connection, name: str) -> int:
    """The row of a host ("host:port"), made where it is new."""
    found = sa.select(host.c.id).where(host.c.name == name)
    known = connection.execute(found).scalar()
    if known is None:
        connection.execute(insert(connection, host).values(name=name).on_conflict_do_nothing())
        known = connection.execute(found).scalar_one()
    return int(known)


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
    """Lets the article be recognised by further keys; a key that is already another article's stays there, and one that
    several claimed is had again only by the address itself (``url``)."""
    if not keys:
        return
    statement = insert(connection, alias)
    own = sa.and_(alias.c.kind == SHARED, statement.excluded.kind == "url")
    taken = {name: statement.excluded[name] for name in ("article_id", "kind", "created_at")}
    statement = statement.on_conflict_do_update(index_elements=["key"], set_=taken, where=own)
    named = {"article_id": article_id, "created_at": now}
    connection.execute(statement, [{"key": key, "kind": keys[key], **named} for key in sorted(keys)])


def forget_names(connection: sa.Connection, article_id: int) -> None:
    """Keeps an article's first name and its newest ones, ``NAMES`` in all."""
    mine = sa.select(alias.c.id).where(alias.c.article_id == article_id)
    newest = mine.order_by(alias.c.id.desc()).limit(NAMES - 1)
    first = sa.select(sa.func.min(alias.c.id)).where(alias.c.article_id == article_id)
    kept = sa.or_(alias.c.id.in_(newest), alias.c.id.in_(first))
    connection.execute(alias.delete().where(alias.c.article_id == article_id, ~kept))


def disbelieve(connection: sa.Connection, key: str) -> None:
    """Lets a canonical address that several different texts claim name nobody; an address of an article's own, which a
    feed or a person gave, stays its name."""
    claimed = sa.and_(alias.c.key == key, alias.c.kind == "canonical")
    connection.execute(alias.update().where(claimed).values(kind=SHARED))


def by_keys(connection: sa.Connection, keys: Sequence[str]) -> dict[str, int]:
    """Which of *keys* name an article, and which one."""
    found: dict[str, int] = {}
    for at in range(0, len(keys), _WHOLE):
        named = sa.and_(alias.c.key.in_(keys[at : at + _WHOLE]), alias.c.kind != SHARED)
        rows = connection.execute(sa.select(alias.c.key, alias.c.article_id).where(named))
        found |= {row.key: int(row.article_id) for row in rows}
    return found


def named_since(connection: sa.Connection, article_id: int, keys: Sequence[str]) -> tuple[datetime, str] | None:
    """When and by what (``guid``, ``number``) the article was taken to be called so; None where it was called so by
    nothing of the kind."""
    guessed = sa.and_(alias.c.key.in_(keys), alias.c.article_id == article_id, alias.c.kind.in_(("guid", "number")))
    row = connection.execute(sa.select(alias.c.created_at, alias.c.kind).where(guessed).limit(1)).first()
    return (row.created_at, row.kind) if row else None


def called(connection: sa.Connection, ids: Sequence[int], keys: Collection[str]) -> set[int]:
    """Which of these articles have one of *keys* for a name."""
    if not ids:
        return set()
    rows = connection.execute(sa.select(alias.c.article_id, alias.c.key).where(alias.c.article_id.in_(ids)))
    return {row.article_id for row in rows if row.key in keys}


def claiming(connection: sa.Connection, article_id: int, urls: Sequence[str]) -> list[int]:
    """Other articles whose page calls one of *urls* its canonical address, or was redirected there. What became part of
    another is none of them."""
    claims = sa.or_(article.c.canonical.in_(urls), article.c.final_url.in_(urls))
    others = sa.and_(claims, article.c.id != article_id, article.c.availability != "moved")
    return list(connection.execute(sa.select(article.c.id).where(others).order_by(article.c.id).limit(20)).scalars())


@dataclass(frozen=True, slots=True)
class Watched:
    """What an article is called, and where it is looked at."""

    title: str
    place: str


def watched(connection: sa.Connection, ids: Iterable[int]) -> dict[int, Watched]:
    """What articles are called and where they are looked at, by id."""
    wanted, found = sorted(set(ids)), dict[int, Watched]()
    columns = (article.c.id, article.c.title, article.c.url, article.c.address)
    for at in range(0, len(wanted), _WHOLE):
        some = sa.select(*columns).where(article.c.id.in_(wanted[at : at + _WHOLE]))
        found |= {row.id: Watched(row.title, row.address or row.url) for row in connection.execute(some)}
    return found


def known(connection: sa.Connection, article_id: int, *, lock: bool = False, wait: bool = True) -> Known | None:
    """One article; with *lock*, held until the end of the transaction. With *wait* false None also where another
    transaction holds it: who holds one article already must not wait for a second."""
    columns = [article.c[field] for field in Known.__dataclass_fields__]
    query = sa.select(*columns).where(article.c.id == article_id)
    row = connection.execute(query.with_for_update(key_share=True, skip_locked=not wait) if lock else query).first()
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
    watched = sa.and_(article.c.watch != "ended", sa.not_(article.c.paused))
    connection.execute(article.update().where(article.c.id == article_id, later, watched).values(next_check_at=when))


def not_before(connection: sa.Connection, article_id: int, when: datetime) -> None:
    """Puts the next look off to *when*, unless it comes later anyway."""
    sooner = sa.and_(article.c.id == article_id, article.c.next_check_at < when)
    connection.execute(article.update().where(sooner).values(next_check_at=when))


def look_at(connection: sa.Connection, article_id: int, url: str, host_name: str, now: datetime) -> None:
    """Looks at it under another address from now on, at once unless it is paused or ended; the URL it is kept under
    stays. An empty *url* is back to that one."""
    there = {"address": url, "host_id": host_id(connection, host_name), "etag": None, "last_modified": None}
    note(connection, article_id, **there, snapshot_sha256="", gate="")
    look_by(connection, article_id, now)


def take_names(connection: sa.Connection, keys: Sequence[str], link: str, of: int, to: int) -> None:
    """Gives names that one article was wrongly called by, and the entries that link there, to another one."""
    mine = sa.and_(alias.c.key.in_(keys), alias.c.article_id == of)
    connection.execute(alias.update().where(mine).values(article_id=to, kind="url"))
    connection.execute(entry.update().where(entry.c.article_id == of, entry.c.link == link).values(article_id=to))


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
