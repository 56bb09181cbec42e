"""A dry run read: what would be watched, which entries there are, what of a page would be kept and what stripped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from config.settings import Settings
from ingest.discover import feed_named_by
from ingest.extraction.page import extract
from ingest.feeds import parse_feed
from ingest.model import Block, Page, ParsedFeed, ParseError
from ingest.subscriptions import subscriptions
from ingest.urls import host_of, shown, site_of
from store import previews
from store.events import plain
from store.outbox import Work
from store.previews import HOPS, Kept
from workers.prepared import Nothing, Prepared
from workers.sites import Sites

ENTRIES, FEEDS, BLOCKS = 30, 500, 80
"""What a dry run shows at most: entries of a feed, feeds of a list, paragraphs kept and paragraphs left out."""
LONG = 300
"""Characters of a text that it shows."""


@dataclass(frozen=True, slots=True)
class PreviewRead:
    """A dry run that was read; with a *reason* nothing of it can be watched."""

    work: Work
    preview_id: int
    found: Mapping[str, Any]
    reason: str = ""
    outcome: str = "read"

    def write(self, connection: sa.Connection, now: datetime) -> bool:  # noqa: ARG002
        """Keeps what is shown. Tells nothing."""
        previews.read(connection, self.preview_id, plain(self.found), self.reason)
        return False


@dataclass(frozen=True, slots=True)
class PreviewElsewhere:
    """A page that names its feed: that one is fetched in its place."""

    work: Work
    preview_id: int
    url: str
    outcome: str = "names-a-feed"

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Goes on there."""
        previews.go_on(connection, self.preview_id, url=self.url, host_name=host_of(self.url), now=now)
        return False


def prepare(connection: sa.Connection, work: Work, settings: Settings, sites: Sites) -> Prepared:  # noqa: ARG001
    """Parses what was fetched for a dry run."""
    kept = previews.load(connection, int(work.payload["preview"]))
    if kept is None:
        return Nothing(work)
    if not kept.url:
        return _list(work, kept)
    try:
        parsed = parse_feed(kept.body, kept.content_type, kept.final_url)
    except ParseError as error:
        return _page(connection, work, kept, sites, error.reason)
    return PreviewRead(work, kept.id, _of_feed(parsed, kept))


def _list(work: Work, kept: Kept) -> Prepared:
    try:
        listed, refused = subscriptions(kept.body)
    except ParseError as error:
        return PreviewRead(work, kept.id, {}, error.reason)
    feeds = [{"url": each.url, "title": _cut(each.title), "tags": list(each.tags)[:10]} for each in listed[:FEEDS]]
    told = {"kind": "list", "feeds": feeds, "count": len(listed), "refused": len(refused)}
    return PreviewRead(work, kept.id, told, "" if feeds else "not-opml")


def _page(connection: sa.Connection, work: Work, kept: Kept, sites: Sites, no_feed: str) -> Prepared:
    url = kept.final_url
    page = extract(kept.body, url, content_type=kept.content_type, memory=sites.memory(connection, site_of(url)))
    named = feed_named_by(kept.body, kept.content_type, url)
    is_article = page.verdict == "article" and not page.front_page
    if named and named not in (url, kept.url) and not is_article and kept.hops < HOPS:
        return PreviewElsewhere(work, kept.id, named)
    reason = "" if page.verdict == "article" else page.verdict if page.blocks else no_feed
    return PreviewRead(work, kept.id, _of_page(page, named), reason)


def _of_feed(parsed: ParsedFeed, kept: Kept) -> dict[str, Any]:
    shown_entries = [
        {"title": _cut(each.title), "link": shown(each.link), "published": each.published}
        for each in parsed.entries[:ENTRIES]
    ]
    told = {"kind": "feed", "title": _cut(parsed.title), "site": site_of(kept.url), "language": parsed.language}
    return told | {"entries": shown_entries, "count": len(parsed.entries), "cut": parsed.cut}


def _of_page(page: Page, named: str) -> dict[str, Any]:
    kept = [block for block in page.blocks if block.kept]
    left = [block for block in page.blocks if not block.kept]
    return {
        "kind": "article",
        "title": _cut(page.headline),
        "byline": _cut(page.byline),
        "published": page.published,
        "modified": page.modified,
        "language": page.language,
        "marker": page.marker,
        "verdict": page.verdict,
        "names_feed": shown(named) if named else "",
        "kept": _blocks(kept),
        "kept_count": len(kept),
        "stripped": _blocks(left),
        "stripped_count": len(left),
    }


def _blocks(blocks: Sequence[Block]) -> list[dict[str, str]]:
    return [{"text": _cut(block.text), "rule": block.rule} for block in blocks[:BLOCKS]]


def _cut(text: str) -> str:
    written = " ".join(text.split())
    return written if len(written) <= LONG else written[: LONG - 1].rstrip() + "…"
