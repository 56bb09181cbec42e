"""Feeds: added by a person, read by a reader."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from store.articles import host_id
from store.engine import insert
from store.tables import entry, feed

NAMES, ARTICLE = "names-a-feed", "is-an-article"
"""Why what was added as a feed is paused: something else is watched in its place."""


def add(
    connection: sa.Connection, *, url: str, host_name: str, site: str, tags: Sequence[str] = (), now: datetime
) -> tuple[int, bool]:
    """Watches a feed from now on; returns its id and whether it is new. A known one is resumed and keeps its tags
    beside the new ones."""
    row = {"url": url, "host_id": host_id(connection, host_name), "site": site, "tags": sorted(set(tags))}
    statement = insert(connection, feed).values(**row, next_check_at=now, created_at=now)
    made = connection.execute(statement.on_conflict_do_nothing(index_elements=["url"]).returning(feed.c.id)).first()
    if made is not None:
        return int(made.id), True
    known = connection.execute(sa.select(feed.c.id, feed.c.tags).where(feed.c.url == url)).one()
    merged = sorted({*(known.tags or ()), *tags})
    connection.execute(feed.update().where(feed.c.id == known.id).values(tags=merged, paused=False))
    return int(known.id), False


ENTRIES = 20_000
"""So many entries of a feed are remembered, its newest; what it lists now is never more than a thousand."""


def was_read(connection: sa.Connection, feed_id: int, *, title: str, warning: str) -> None:
    """Notes the feed's title, and what is odd about it."""
    connection.execute(feed.update().where(feed.c.id == feed_id).values(title=title, warning=warning))


def brought(connection: sa.Connection, feed_id: int, now: datetime) -> None:
    """Notes that the feed brought new articles."""
    connection.execute(feed.update().where(feed.c.id == feed_id).values(last_new_at=now, unchanged=0))


def new_since(connection: sa.Connection, feed_id: int, since: datetime) -> int:
    """How many entries a feed listed for the first time since then."""
    fresh = sa.and_(entry.c.feed_id == feed_id, entry.c.first_seen_at > since)
    return int(connection.execute(sa.select(sa.func.count()).select_from(entry).where(fresh)).scalar_one())


def forget_entries(connection: sa.Connection, feed_id: int) -> int:
    """Forgets all but a feed's newest entries; returns how many went. Their articles stay."""
    mine = sa.select(entry.c.id).where(entry.c.feed_id == feed_id).order_by(entry.c.id.desc())
    last = connection.execute(mine.offset(ENTRIES).limit(1)).scalar()
    if last is None:
        return 0
    return connection.execute(entry.delete().where(entry.c.feed_id == feed_id, entry.c.id <= last)).rowcount


def is_unread(connection: sa.Connection, feed_id: int) -> bool:
    """Whether nothing was ever read from it, so that it may turn out to be something else than a feed."""
    never = sa.and_(feed.c.id == feed_id, feed.c.title == "", feed.c.last_new_at.is_(None))
    return connection.execute(sa.select(feed.c.id).where(never)).first() is not None


def move(connection: sa.Connection, feed_id: int, *, url: str, host_name: str, now: datetime) -> bool:
    """Watches another URL in its place, at once. False when that URL is a feed of its own already: then this one is
    paused, and ``named_by`` says which feed that is."""
    taken = connection.execute(sa.select(feed.c.id).where(feed.c.url == url)).first()
    there = {"url": url, "host_id": host_id(connection, host_name), "etag": None, "last_modified": None}
    moved = {**there, "snapshot_sha256": "", "failures": 0, "last_reason": "", "next_check_at": now}
    values = {"paused": True, "last_reason": NAMES, "final_url": url} if taken else moved
    connection.execute(feed.update().where(feed.c.id == feed_id).values(values))
    return taken is None


def named_by(connection: sa.Connection, feed_id: int) -> int | None:
    """The feed that is watched in place of a page which names it."""
    other = feed.alias()
    named = sa.and_(other.c.url == feed.c.final_url, other.c.id != feed.c.id)
    found = sa.select(other.c.id).join_from(feed, other, named).where(feed.c.id == feed_id, feed.c.last_reason == NAMES)
    return connection.execute(found).scalar()


def by_url(connection: sa.Connection, url: str) -> int | None:
    """The feed at *url* that is watched, or was; none for what turned out to be an article."""
    found = sa.select(feed.c.id).where(feed.c.url == url, feed.c.last_reason != ARTICLE)
    return connection.execute(found).scalar()


def pause(connection: sa.Connection, feed_id: int, reason: str) -> None:
    """Looks at it no more until it is added again."""
    connection.execute(feed.update().where(feed.c.id == feed_id).values(paused=True, last_reason=reason))


def refused(connection: sa.Connection, feed_id: int, reason: str, failures: int, not_before: datetime) -> None:
    """Notes why its bytes could not be read, how often in a row that was, and puts the next look off."""
    mine = feed.c.id == feed_id
    connection.execute(feed.update().where(mine).values(last_reason=reason, failures=failures))
    connection.execute(feed.update().where(mine, feed.c.next_check_at < not_before).values(next_check_at=not_before))
