"""Feeds that list much: read in parts, bounded in what they add, warned of."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from store import feeds as kept
from store.engine import reading
from store.tables import article, entry, feed
from tests.parts.reading import Desk
from workers import feeds

TOPICS = ("bridge", "storm", "vaccine", "museum", "harbour", "strike")


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader on an empty store."""
    return Desk(engine, now)


def listing(first: int, count: int) -> bytes:
    """A feed of numbered stories."""
    items = "".join(
        f"<item><guid isPermaLink='false'>g{n}</guid><link>http://courier.example/{TOPICS[n % 6]}-{n}</link>"
        f"<title>{TOPICS[n % 6]} {n}</title></item>"
        for n in range(first, first + count)
    )
    return f"<rss version='2.0'><channel><title>Courier</title>{items}</channel></rss>".encode()


def counted(desk: Desk, table: sa.Table) -> int:
    """How many rows a table has."""
    with reading(desk.engine) as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def warning(desk: Desk) -> str:
    """What the feed is warned of."""
    with reading(desk.engine) as connection:
        return str(connection.execute(sa.select(feed.c.warning)).scalar_one())


def test_case_50_the_first_thousand_entries_count(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a feed lists beyond its thousandth entry is left out, with a warning until it lists fewer."""
    monkeypatch.setattr("ingest.feeds.MAX_ENTRIES", 60)
    assert desk.feed(listing(0, 70)) == "read"
    assert (60, "too-many-entries") == (counted(desk, article), warning(desk))
    desk.feed(listing(0, 10))
    assert (60, "") == (counted(desk, article), warning(desk))


def test_a_feed_cut_short_is_read_again_and_adds_nothing_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part is a transaction of its own; where one fails the rest is left, and the next
    reading completes it."""
    written = feeds.Entries.write
    calls: list[int] = []

    def failing(self: feeds.Entries, connection: sa.Connection, now: datetime) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("a rule broke")
        return written(self, connection, now)

    monkeypatch.setattr(feeds, "PART", 20)
    monkeypatch.setattr(feeds.Entries, "write", failing)
    assert desk.feed(listing(0, 70)) == "read"
    assert (2 + 4, 70, 70) == (len(calls), counted(desk, article), counted(desk, entry))


def test_a_feed_adds_so_many_articles_a_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fresh links at every fetch stop adding articles once the day's number is reached; the next day they go on."""
    monkeypatch.setattr(feeds, "NEW_A_DAY", 50)
    for first in (0, 30, 60):
        desk.feed(listing(first, 30))
    assert (50, "too-many-new") == (counted(desk, article), warning(desk))
    desk.now += timedelta(days=1, minutes=5)
    desk.feed(listing(60, 30))
    assert (80, "") == (counted(desk, article), warning(desk))


def test_a_feed_remembers_its_newest_entries(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Older ones are forgotten; their articles stay."""
    monkeypatch.setattr(kept, "ENTRIES", 40)
    desk.feed(listing(0, 30))
    desk.feed(listing(30, 30))
    assert (60, 40) == (counted(desk, article), counted(desk, entry))
