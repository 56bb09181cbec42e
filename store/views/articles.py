"""Articles as people and programs see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.states import State, state_of
from store.tables import alias, entry
from store.tables import article as table
from store.views.listing import Cut, Listing, newest_first, shown_url


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article. *state* is None before its first version; *versions* is how many it has; *last_reason* is a code,
    empty when the last look went well; *warning* is one too, of what is odd and stops nothing."""

    id: int
    url: str
    canonical: str
    title: str
    site: str
    language: str
    state: State | None
    marker: str
    availability: str
    watch: str
    paused: bool
    warning: str
    versions: int
    first_seen_at: datetime
    last_changed_at: datetime | None
    last_checked_at: datetime | None
    next_check_at: datetime | None
    interval: float
    failures: int
    last_status: int
    last_reason: str
    gone_since: datetime | None
    gone_reason: str


_SAME = [name for name in ArticleRow.__slots__ if name not in ("state", "first_seen_at", "url", "canonical")]
_COLUMNS = [table.c[name] for name in (*_SAME, "url", "canonical", "created_at")]


def _read(row: Any) -> ArticleRow:
    return ArticleRow(
        **{name: getattr(row, name) for name in _SAME},
        url=shown_url(row.url),
        canonical=shown_url(row.canonical),
        first_seen_at=row.created_at,
        state=state_of(row.marker, row.availability, "paused" if row.paused else row.watch, row.failures, row.versions),
    )


def articles(
    connection: sa.Connection,
    cut: Cut,
    *,
    site: str = "",
    feed: int | None = None,
    changed_since: datetime | None = None,
) -> Listing[ArticleRow]:
    """Articles, the last one found first; of one site or one feed where asked, or those of which a new text was first
    seen at *changed_since* or later, whatever else moved. Raises CursorError."""
    query = sa.select(*_COLUMNS)
    if site:
        query = query.where(table.c.site == site)
    if feed is not None:
        query = query.where(table.c.id.in_(sa.select(entry.c.article_id).where(entry.c.feed_id == feed)))
    if changed_since is not None:
        query = query.where(table.c.last_changed_at >= changed_since)
    return newest_first(connection, query, table.c.id, cut, _read)


def article_by(connection: sa.Connection, article_id: int) -> ArticleRow | None:
    """One article."""
    row = connection.execute(sa.select(*_COLUMNS).where(table.c.id == article_id)).first()
    return _read(row) if row else None


def find_article(connection: sa.Connection, url: str, keys: Sequence[str]) -> ArticleRow | None:
    """The article that one of the alias *keys* names, else the one with this URL as given, canonical or final (a
    scan)."""
    known = sa.select(alias.c.article_id).where(alias.c.key.in_(keys)).order_by(alias.c.id).limit(1)
    row = connection.execute(sa.select(*_COLUMNS).where(table.c.id == known.scalar_subquery())).first()
    if row is None:
        named = sa.or_(table.c.url == url, table.c.canonical == url, table.c.final_url == url)
        row = connection.execute(sa.select(*_COLUMNS).where(named).order_by(table.c.id).limit(1)).first()
    return _read(row) if row else None


def feeds_of(connection: sa.Connection, article_id: int) -> tuple[int, ...]:
    """The ids of the feeds that listed this article."""
    listed = sa.select(entry.c.feed_id).where(entry.c.article_id == article_id).distinct().order_by(entry.c.feed_id)
    return tuple(connection.execute(listed).scalars())
