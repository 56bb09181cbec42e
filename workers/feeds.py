"""A feed's snapshot: its entries, the articles they mean, and the new ones among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from config.settings import Settings
from ingest.feeds import parse_feed
from ingest.model import FeedEntry, ParsedFeed, ParseError
from ingest.urls import host_of, site_of
from store import articles, snapshots, watching
from store.outbox import Work
from workers.entries import Meant, meant, url_key
from workers.prepared import Nothing, Prepared
from workers.sites import Sites


@dataclass(frozen=True, slots=True)
class FeedRead:
    """A feed that parsed."""

    work: Work
    feed_id: int
    url: str
    parsed: ParsedFeed
    fetched_at: datetime
    outcome: str = "read"

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Lists every entry and adds the articles that are new. Never tells anything."""
        entries = [entry for entry in self.parsed.entries if entry.link]
        listed = articles.entries(connection, self.feed_id, [entry.guid for entry in entries])
        by_key = articles.by_keys(connection, [url_key(entry.link) for entry in entries])
        new = 0
        for each in meant(entries, listed, by_key, self.url):
            article_id = each.article_id
            if article_id is None:
                article_id = _add(connection, each, now)
                new += 1
            else:
                articles.name(connection, article_id, {each.key: "url"}, now)
            row = {"guid": each.entry.guid, "link": each.entry.link, "title": each.entry.title}
            published = each.entry.published
            articles.list_entry(connection, self.feed_id, row | {"published": published, "article_id": article_id}, now)
        watching.feed_read(connection, self.feed_id, title=self.parsed.title, new=new, now=now)
        return False


@dataclass(frozen=True, slots=True)
class FeedRefused:
    """Bytes that are no feed."""

    work: Work
    feed_id: int
    outcome: str
    fetched_at: datetime

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Notes why; the feed is looked at again later."""
        watching.refused(connection, "feed", self.feed_id, self.outcome, self.fetched_at, now)
        return False


def _add(connection: sa.Connection, each: Meant, now: datetime) -> int:
    link = each.entry.link
    names = {each.key: "url"}
    return articles.add(
        connection, url=link, host_name=host_of(link), site=site_of(link), title=each.entry.title, keys=names, now=now
    )


def prepare(connection: sa.Connection, work: Work, settings: Settings, sites: Sites) -> Prepared:  # noqa: ARG001
    """Parses the feed's snapshot."""
    kept = snapshots.load(connection, work.snapshot_id) if work.snapshot_id else None
    if kept is None or kept.feed_id is None:
        return Nothing(work)
    try:
        parsed = parse_feed(kept.body, kept.headers.get("content-type", ""), kept.url)
    except ParseError as error:
        return FeedRefused(work, kept.feed_id, error.reason, kept.fetched_at)
    return FeedRead(work, kept.feed_id, kept.url, _within_reason(parsed), kept.fetched_at)


def _within_reason(parsed: ParsedFeed) -> ParsedFeed:
    """Without links so long that no page can have them (case 16)."""
    kept: Sequence[FeedEntry] = [entry for entry in parsed.entries if len(entry.link) <= 2048]
    return ParsedFeed(parsed.title, parsed.language, tuple(kept))
