"""What follows from a page or a feed that could be fetched and not be believed: a health event, never a version."""

from datetime import datetime

import sqlalchemy as sa

from config.settings import Schedule
from store import articles, feeds, looks
from store.articles import Known

SLOWER = 4
"""What refuses is looked at again after so many times the shortest wait: a wall does not come down in a minute."""
_AVAILABILITY = {"paywall": "paywalled", "blocked": "blocked", "consent": "blocked"}


def article(
    connection: sa.Connection, known: Known, reason: str, seen_at: datetime, schedule: Schedule, now: datetime
) -> None:
    """The article was not seen at *seen_at*: its text, and what waits to be confirmed, stay as they were."""
    looks.refuse(connection, "article", known.id, reason, seen_at)
    availability = _AVAILABILITY.get(reason, known.availability)
    articles.note(connection, known.id, last_reason=reason, availability=availability)
    articles.not_before(connection, known.id, now + min(schedule.article_min * SLOWER, schedule.article_max))


def feed(
    connection: sa.Connection, feed_id: int, reason: str, seen_at: datetime, schedule: Schedule, now: datetime
) -> None:
    """The feed could not be read at *seen_at*; what it listed before stays watched."""
    looks.refuse(connection, "feed", feed_id, reason, seen_at)
    feeds.refused(connection, feed_id, reason, now + min(schedule.feed_min * SLOWER, schedule.feed_max))
