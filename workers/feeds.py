"""A feed's snapshot: its entries, the articles they mean, and the new ones among them."""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from config.crash import crash_here
from config.settings import Settings
from ingest.discover import feed_named_by
from ingest.feeds import parse_feed
from ingest.model import ParsedFeed, ParseError
from ingest.page import extract
from ingest.urls import clean, host_of, site_of
from store import articles, feeds, snapshots
from store.outbox import Work
from store.snapshots import Kept
from workers import refusing
from workers.entries import indexed, meant, url_key
from workers.prepared import Nothing, Prepared
from workers.sites import Sites

URL_LIMIT = 2048
"""Characters; a longer link is no page's."""


@dataclass(frozen=True, slots=True)
class FeedRead:
    """A feed that parsed."""

    work: Work
    feed_id: int
    url: str
    parsed: ParsedFeed
    outcome: str = "read"

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Lists every entry and adds the articles that are new. Tells nothing."""
        linked = (entry for entry in self.parsed.entries if entry.link and len(clean(entry.link)) <= URL_LIMIT)
        entries = [replace(entry, guid=indexed(entry.guid)) for entry in linked]
        listed = articles.entries(connection, self.feed_id, [entry.guid for entry in entries])
        by_key = articles.by_keys(connection, [url_key(entry.link) for entry in entries])
        new = 0
        # In one order whatever the feed's: two feeds that list the same stories must not wait for each other.
        for each in sorted(meant(entries, listed, by_key, self.url), key=lambda each: each.key):
            entry, article_id = each.entry, each.article_id
            if article_id is None:
                article_id = watch(connection, entry.link, entry.title, now)
                new += 1
            elif each.key not in by_key:
                articles.name(connection, article_id, {each.key: "url"}, now)
            row = {"guid": entry.guid, "link": entry.link, "title": entry.title, "published": entry.published}
            articles.list_entry(connection, self.feed_id, row | {"article_id": article_id}, now)
        title = self.parsed.title or site_of(self.url)
        feeds.was_read(connection, self.feed_id, title=title, new=new, now=now)
        crash_here("feed-listed")
        return False


@dataclass(frozen=True, slots=True)
class FeedRefused:
    """Bytes that are no feed."""

    work: Work
    feed_id: int
    outcome: str
    fetched_at: datetime
    settings: Settings

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Notes why; the feed is looked at again later."""
        refusing.feed(connection, self.feed_id, self.outcome, self.fetched_at, self.settings.schedule, now)
        return False


@dataclass(frozen=True, slots=True)
class FeedElsewhere:
    """What was added as a feed is a page that names its feed, or an article."""

    work: Work
    feed_id: int
    named: str
    page_url: str
    outcome: str

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Watches what was meant in its place."""
        if self.named:
            feeds.move(connection, self.feed_id, url=self.named, host_name=host_of(self.named), now=now)
            return False
        watch(connection, self.page_url, "", now)
        feeds.pause(connection, self.feed_id, feeds.ARTICLE)
        return False


def watch(connection: sa.Connection, url: str, title: str, now: datetime) -> int:
    """Watches an article from now on; returns its id."""
    names = {url_key(url): "url"}
    return articles.add(
        connection, url=clean(url), host_name=host_of(url), site=site_of(url), title=title, keys=names, now=now
    )


def prepare(connection: sa.Connection, work: Work, settings: Settings, sites: Sites) -> Prepared:
    """Parses the feed's snapshot."""
    kept = snapshots.load(connection, work.snapshot_id) if work.snapshot_id else None
    if kept is None or kept.feed_id is None:
        return Nothing(work)
    content_type = kept.headers.get("content-type", "")
    try:
        parsed = parse_feed(kept.body, content_type, kept.url)
    except ParseError as error:
        if feeds.is_unread(connection, kept.feed_id):
            elsewhere = _elsewhere(connection, work, kept, content_type, sites)
            if elsewhere is not None:
                return elsewhere
        return FeedRefused(work, kept.feed_id, error.reason, kept.fetched_at, settings)
    return FeedRead(work, kept.feed_id, kept.url, parsed)


def _elsewhere(
    connection: sa.Connection, work: Work, kept: Kept, content_type: str, sites: Sites
) -> FeedElsewhere | None:
    assert kept.feed_id is not None
    page = extract(kept.body, kept.url, content_type=content_type, memory=sites.memory(connection, site_of(kept.url)))
    named = feed_named_by(kept.body, content_type, kept.url)
    if named and named != kept.url and (page.front_page or page.verdict != "article"):
        return FeedElsewhere(work, kept.feed_id, named, "", "names-a-feed")
    if page.verdict == "article":
        return FeedElsewhere(work, kept.feed_id, "", kept.url, "is-an-article")
    return FeedElsewhere(work, kept.feed_id, named, "", "names-a-feed") if named and named != kept.url else None
