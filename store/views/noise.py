"""How noisy a feed is: looks at its articles that brought other bytes, against the versions that these made."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from store.tables import entry, look, version

SPAN = timedelta(days=7)
NEWEST = 30
"""Articles of a feed that its noise is measured on."""


@dataclass(frozen=True, slots=True)
class Noise:
    """*changed*: looks that brought other bytes than the one before; *made*: versions that came of them."""

    changed: int
    made: int

    @property
    def share(self) -> float | None:
        """The part of the looks with other bytes that made no version, 0–1; None before there was one."""
        return max(0.0, 1 - self.made / self.changed) if self.changed else None


def noise_of(connection: sa.Connection, feed_id: int, now: datetime) -> Noise:
    """The noise of a feed's newest 30 articles in the last seven days; the first look at an article is none."""
    listed = sa.select(entry.c.article_id).where(entry.c.feed_id == feed_id, entry.c.article_id.is_not(None))
    ids = {*connection.scalars(listed.order_by(entry.c.id.desc()).limit(NEWEST))}
    if not ids:
        return Noise(0, 0)
    since = now - SPAN
    news = sa.and_(look.c.article_id.in_(ids), look.c.outcome == "200-new", look.c.from_at >= since)
    changed = sa.select(sa.func.coalesce(sa.func.sum(look.c.count), 0)).where(news)
    recent = sa.and_(version.c.article_id.in_(ids), version.c.seen_new_at >= since)
    first = sa.func.sum(sa.case((version.c.number == 1, 1), else_=0))
    made, begun = connection.execute(sa.select(sa.func.count(), first).where(recent)).one()
    looked = int(connection.execute(changed).scalar_one()) - int(begun or 0)
    return Noise(max(0, looked), made - int(begun or 0))
