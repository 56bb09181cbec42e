"""Feed bytes → entries, by feedparser, which is never handed anything that it could open."""

import html
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from ingest.dates import parse_date
from ingest.extraction.decode import without_illegal_references
from ingest.model import FeedEntry, ParsedFeed, ParseError

MAX_ENTRIES = 1_000
MAX_TITLE = 500
_MAX_GUID = 2_048
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,1000}>")
_SAFE_CHARSET = re.compile(
    r"(?i)charset=[\"']?(?:utf-?(?:8|16|32)|us-ascii|iso-?8859|windows-|cp\d|koi8|gb|big5|euc|shift)"
)
_HARMFUL = re.compile(rb"<!ENTITY\s(?:[^>]{0,500}?(?:&|%|SYSTEM|PUBLIC)|[^>]{500})")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """The feed's entries in its own order, without dates from beyond tomorrow being trusted by anybody: *published* is
    None unless it lies between 1990 and 2099. Raises ParseError: ``empty``, ``not-a-feed`` or ``bad-feed``."""
    head = body[:1000].strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if not head:
        raise ParseError("empty")
    if head.startswith(b"{"):
        return _json_feed(body, url)
    parsed = _parsed(body, content_type)
    if not parsed.get("version") and not parsed.entries:
        raise ParseError("not-a-feed", _what(head))
    return _feed(parsed, url)


def _parsed(body: bytes, content_type: str) -> Any:
    """feedparser's result. Whatever it raises is a broken feed; a signal or a lack of memory is not."""
    headers = {"content-type": content_type} if _SAFE_CHARSET.search(content_type) else {}
    try:
        return feedparser.parse(
            io.BytesIO(_without_entities(without_illegal_references(body))),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except MemoryError:
        raise
    except Exception as error:
        raise ParseError("bad-feed", f"{type(error).__name__}: {error}"[:200]) from error


def _without_entities(body: bytes) -> bytes:
    """A body without entity declarations that refer to others or to files; plain ones, as in old feeds, stay."""
    declared = body.count(b"<!ENTITY")
    if not declared or (declared <= 20 and not _HARMFUL.search(body)):
        return body
    start, end = body.find(b"<!DOCTYPE"), body.find(b"]>", max(body.find(b"<!DOCTYPE"), 0))
    return body[:start] + body[end + 2 :] if 0 <= start < end else body


def _what(head: bytes) -> str:
    return "a web page" if re.search(rb"(?i)<!doctype html|<html", head) else "no known feed format"


def _feed(parsed: Any, url: str) -> ParsedFeed:
    feed = parsed.get("feed") or {}
    entries = (_entry(each, url) for each in parsed.entries[:MAX_ENTRIES])
    return ParsedFeed(
        _title(feed),
        _plain(feed.get("language"))[:20].lower(),
        tuple(entry for entry in entries if entry),
        cut=len(parsed.entries) > MAX_ENTRIES,
    )


def _entry(each: dict[str, Any], url: str) -> FeedEntry | None:
    """An entry, or None for one that has neither an address nor an id nor a title."""
    link = _link(each, url)
    title = _title(each)
    guid = _plain(each.get("id"))[:_MAX_GUID] or link or title
    if not guid:
        return None
    return FeedEntry(guid, link, title, _published(each))


def _link(each: Mapping[str, Any], url: str) -> str:
    """The entry's own page: its link, an alternate one, or a guid that is an address."""
    alternates = (link.get("href") for link in each.get("links") or () if link.get("rel", "alternate") == "alternate")
    for written in (each.get("link"), *alternates, each.get("id")):
        found = absolute(_plain(written), url)
        if found:
            return found
    return ""


def absolute(written: str, base: str) -> str:
    """An absolute http(s) address of at most 2,048 characters, or nothing: feeds hold ``javascript:`` and worse."""
    if not written or len(written) > 2_048 or re.search(r"[\s<>\"\\^`{}|]", written):
        return ""
    try:
        found = urljoin(base, written)
        address = urlsplit(found)
        good = address.scheme in ("http", "https") and bool(address.hostname) and len(found) <= 2_048
        good = good and (address.port is None or address.port > 0)
    except ValueError:
        return ""
    return found if good else ""


def _published(each: dict[str, Any]) -> datetime | None:
    for name in ("published", "updated", "created"):
        parts = dict.get(each, f"{name}_parsed")  # feedparser's own get() maps names onto each other
        if parts:
            try:
                year, month, day, hour, minute, second = (int(part) for part in parts[:6])
                moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
            except (ValueError, TypeError, OverflowError):
                continue
            if 1990 <= moment.year <= 2099:
                return moment
        elif found := parse_date(dict.get(each, name)):
            return found
    return None


def sane(published: datetime | None, now: datetime) -> datetime | None:
    """A publication date that does not sort an entry into the future: None past a day from *now*."""
    return None if published is None or published > now + timedelta(days=1) else published


def _title(each: Mapping[str, Any]) -> str:
    text = _plain(each.get("title"))
    return _plain(html.unescape(_TAG.sub(" ", text)) if "<" in text or "&" in text else text)[:MAX_TITLE]


def _plain(written: object) -> str:
    return " ".join(_UNSEEN.sub(" ", written).split()) if isinstance(written, str) else ""


def _json_feed(body: bytes, url: str) -> ParsedFeed:
    """JSON Feed 1.x, https://www.jsonfeed.org/version/1.1/."""
    try:
        feed = json.loads(body.decode("utf-8", "replace"), parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise ParseError("not-a-feed", "neither XML nor JSON") from error
    if (
        not isinstance(feed, dict)
        or "jsonfeed.org" not in str(feed.get("version"))
        or not isinstance(feed.get("items"), list)
    ):
        raise ParseError("not-a-feed", "JSON, but no JSON Feed")
    entries = tuple(_json_entries(feed["items"], url))
    return ParsedFeed(
        _title(feed), _plain(feed.get("language"))[:20].lower(), entries, cut=len(feed["items"]) > MAX_ENTRIES
    )


def _json_entries(items: list[Any], url: str) -> Iterator[FeedEntry]:
    for item in items[:MAX_ENTRIES]:
        if not isinstance(item, dict):
            continue
        link = absolute(_plain(item.get("url") or item.get("external_url")), url)
        title = _title(item)
        guid = _plain(str(item["id"]) if item.get("id") is not None else "")[:_MAX_GUID] or link or title
        if guid:
            yield FeedEntry(guid, link, title, parse_date(item.get("date_published")))
