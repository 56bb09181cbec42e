"""What follows from a page or a feed that could be fetched and not be believed: a health event, never a version."""

from datetime import datetime

import sqlalchemy as sa

from config.settings import Schedule
from ingest.schedule import FAILING_AFTER, failure_wait
from store import articles, feeds, looks, outbox
from store.articles import Known

_AVAILABILITY = {"paywall": "paywalled", "blocked": "blocked", "consent": "blocked"}


def article(
    connection: sa.Connection, known: Known, reason: str, seen_at: datetime, schedule: Schedule, now: datetime
) -> None:
    """The article was not seen at *seen_at*: its text, and what waits to be confirmed, stay as they were."""
    failures = looks.refuse(connection, "article", known.id, seen_at, reason)
    gone = known.availability == "withdrawn"  # a wall at its address does not bring it back
    availability = known.availability if gone else _AVAILABILITY.get(reason, known.availability)
    articles.note(connection, known.id, last_reason=reason, availability=availability, failures=failures)
    if failures == 1 and known.versions:  # it was an article until now: perhaps it still is
        articles.look_by(connection, known.id, now + schedule.confirm_text)
        return
    wait = failure_wait(schedule, schedule.article_min, failures=failures)
    articles.not_before(connection, known.id, now + wait)


def feed(
    connection: sa.Connection, feed_id: int, reason: str, seen_at: datetime, schedule: Schedule, now: datetime
) -> None:
    """The feed could not be read at *seen_at*; what it listed before stays watched."""
    failures = looks.refuse(connection, "feed", feed_id, seen_at, reason)
    later = now + failure_wait(schedule, schedule.feed_min, failures=failures)
    feeds.refused(connection, feed_id, reason, failures, later)
    if failures == FAILING_AFTER:
        told = {"feed": feed_id, "to": "failing", "reason": reason}
        outbox.owe(connection, "transition", subject=f"feed:{feed_id}", payload=told, now=now)
