"""What a filter can choose from, and how far the service has come where there is nothing to show."""

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from store.tables import article, fact_change, feed, version

Standing = Literal["nothing", "waiting", "unchanged", "wording", "facts"]


@dataclass(frozen=True, slots=True)
class FeedName:
    """A feed as a choice."""

    id: int
    name: str


def feed_names(connection: sa.Connection, limit: int, *chosen: int) -> tuple[FeedName, ...]:
    """The names of feeds, the last ones added, by name; the *chosen* ones are among them."""
    newest = sa.select(feed.c.id).order_by(feed.c.id.desc()).limit(limit)
    among = sa.or_(feed.c.id.in_(newest), feed.c.id.in_(chosen)) if chosen else feed.c.id.in_(newest)
    rows = connection.execute(sa.select(feed.c.id, feed.c.title, feed.c.site).where(among))
    named = (FeedName(row.id, row.title or row.site or f"feed {row.id}") for row in rows)
    return tuple(sorted(named, key=lambda each: (each.name.casefold(), each.id)))


def feed_tags(connection: sa.Connection, limit: int) -> tuple[str, ...]:
    """The tags that feeds have, by name."""
    rows = connection.execute(sa.select(feed.c.tags).where(feed.c.tags.is_not(None))).scalars()
    return tuple(sorted({str(tag) for tags in rows for tag in tags or ()})[:limit])


def standing(connection: sa.Connection) -> Standing:
    """How far it has come: nothing watched; no text read yet; none changed; wording changed; facts did."""

    def any_row(column: sa.Column[int], *conditions: sa.ColumnElement[bool]) -> bool:
        return connection.execute(sa.select(column).where(*conditions).limit(1)).first() is not None

    if any_row(fact_change.c.id):
        return "facts"
    if any_row(version.c.id, version.c.number > 1):
        return "wording"
    if any_row(version.c.id):
        return "unchanged"
    return "waiting" if any_row(feed.c.id) or any_row(article.c.id) else "nothing"
