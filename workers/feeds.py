"""A feed's snapshot: its entries, the articles they mean, and the new ones among them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from config.crash import crash_here
from config.settings import Settings
from ingest.discover import feed_named_by
from ingest.extraction.page import extract
from ingest.feeds import parse_feed
from ingest.model import ParsedFeed, ParseError
from ingest.urls import clean, host_of, site_of
from store import articles, feeds, snapshots
from store.outbox import Work
from store.snapshots import Kept
from workers import refusing
from workers.entries import Meant, Named, distinct, meant, names_of
from workers.prepared import Nothing, Prepared
from workers.sites import Sites

URL_LIMIT = 2048
"""Characters; a longer link is no page's."""


PART = 25
"""Entries in one transaction: a feed of 1,000 must not keep other writers waiting."""

NEW_A_DAY = 2_000
"""New articles that one feed may add within a day. The largest agencies publish about 1,000; what has 1,000 fresh links
at every fetch is no news feed."""

DAY = timedelta(days=1)
CUT, FLOODED = "too-many-entries", "too-many-new"
"""Warnings of a feed: it lists more than a thousand entries; it added as many articles as a day allows."""


@dataclass(frozen=True, slots=True)
class FeedRead:
    """A feed that parsed. It is written in parts, each of which can be written again."""

    work: Work
    feed_id: int
    url: str
    parsed: ParsedFeed
    entries: Sequence[Named]
    outcome: str = "read"

    def parts(self) -> Iterator[Prepared]:
        """Its entries, some at a time, and last what closes the work."""
        beside = frozenset(key for each in self.entries for key in each.links)
        for at in range(0, len(self.entries), PART):
            yield Entries(self.work, self.feed_id, self.entries[at : at + PART], beside)
        yield self

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Notes what the feed is called, and what is odd about it."""
        cut = CUT if self.parsed.cut else ""
        flooded = FLOODED if feeds.new_since(connection, self.feed_id, now - DAY) >= NEW_A_DAY else ""
        title = self.parsed.title or site_of(self.url)
        feeds.was_read(connection, self.feed_id, title=title, warning=flooded or cut)
        feeds.forget_entries(connection, self.feed_id)
        crash_here("feed-listed")
        return False


@dataclass(frozen=True, slots=True)
class Entries:
    """Some of a feed's entries. *beside* are the links of all of them: what one means depends on what else is there."""

    work: Work
    feed_id: int
    entries: Sequence[Named]
    beside: Collection[str]
    outcome: str = "part"

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Lists the entries and adds the articles that are new, as many as the feed may add. Tells nothing."""
        room = NEW_A_DAY - feeds.new_since(connection, self.feed_id, now - DAY)
        found = self._meant(connection)
        new = [each for each in found if each.article_id is None]
        left_out = {id(each) for each in new[max(room, 0) :]}  # a feed lists its newest first
        # In one order whatever the feed's: two feeds that list the same stories must not wait for each other.
        for each in sorted(found, key=lambda each: min(each.named.names)):
            if id(each) not in left_out:
                self._list(connection, each, now)
        if new:
            feeds.brought(connection, self.feed_id, now)
        crash_here("feed-listed")
        return False

    def _list(self, connection: sa.Connection, each: Meant, now: datetime) -> None:
        entry, article_id = each.named.entry, each.article_id
        if article_id is None:
            article_id = watch(connection, entry.link, entry.title, now)
        elif each.by != "url":
            _rename(connection, article_id, each, now)
        row = {"guid": entry.guid, "link": entry.link, "title": entry.title, "published": entry.published}
        articles.list_entry(connection, self.feed_id, row | {"article_id": article_id}, now)

    def _meant(self, connection: sa.Connection) -> list[Meant]:
        listed = articles.entries(connection, self.feed_id, [each.entry.guid for each in self.entries])
        by_key = articles.by_keys(connection, [key for each in self.entries for key in each.names])
        numbered = [
            by_key[key] for each in self.entries for key in each.names if key not in each.links and key in by_key
        ]
        linked = articles.called(connection, numbered, self.beside)
        known = {*by_key.values(), *(each.article_id for each in listed.values() if each.article_id)}
        return meant(self.entries, listed, by_key, linked, articles.watched(connection, known))


def _rename(connection: sa.Connection, article_id: int, each: Meant, now: datetime) -> None:
    """Lets an article be called by another link too, and looks at it there where the story moved there."""
    names = {key: each.by if each.moved else kind for key, kind in each.named.names.items()}
    articles.name(connection, article_id, names, now)
    articles.forget_names(connection, article_id)
    if each.moved:
        articles.look_at(connection, article_id, clean(each.named.entry.link), host_of(each.named.entry.link), now)


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
    return articles.add(
        connection, url=clean(url), host_name=host_of(url), site=site_of(url), title=title, keys=names_of(url), now=now
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
    linked = (each for each in parsed.entries if each.link and len(clean(each.link)) <= URL_LIMIT)
    return FeedRead(work, kept.feed_id, kept.url, parsed, distinct(linked, kept.url))


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
