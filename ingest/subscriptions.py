"""A list of feeds in OPML, and what a person writes for a feed or an article, read with the same care."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import listparser

from ingest.fetching.guard import Networks, judge
from ingest.fetching.target import target
from ingest.model import FetchError, ParseError
from ingest.urls import clean


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that somebody reads. *tags* are its categories."""

    url: str
    title: str
    tags: tuple[str, ...]


MOST = 10_000
"""Feeds in one list."""

LARGEST = 10_000_000
"""Bytes of a list; 10,000 feeds take about two million."""


def subscriptions(body: bytes, allow: Networks = ()) -> tuple[list[Subscription], list[str]]:
    """The feeds of an OPML document in its order, each once, and the URLs that were left out because they are no web
    addresses, or name an address that may not be reached (*allow* exempts networks; a name is judged when it is
    connected to). Raises ParseError ``not-opml`` where it holds neither, and ``too-large``."""
    if len(body) > LARGEST:
        raise ParseError("too-large", f"more than {LARGEST:,} bytes")
    # Bytes, never text: given text that looks like a URL, the library fetches it.
    parsed = listparser.parse(body)
    kept: dict[str, Subscription] = {}
    refused: list[str] = []
    for each in parsed.feeds[:MOST]:
        try:
            url = watched_url(str(each.url))
            _refuse_closed(url, allow)
        except FetchError:
            refused.append(str(each.url))
            continue
        kept.setdefault(url, Subscription(url, str(each.title or "")[:500], _tags(each)))
    if not kept and not refused:
        raise ParseError("not-opml", "no feed in it")
    return list(kept.values()), refused


def _tags(each: Any) -> tuple[str, ...]:
    """The categories, a path of them with slashes; a folder is one too."""
    written = ("/".join(map(str, path)) for path in each.get("categories") or ())
    return tuple(dict.fromkeys(tag.strip()[:100] for tag in written if tag.strip()))[:50]


def _refuse_closed(url: str, allow: Networks) -> None:
    try:
        closed = judge(target(url).host.strip("[]"), allow)
    except ValueError:
        return  # a name
    if closed:
        raise FetchError(closed)


def watched_url(written: str) -> str:
    """A URL as it is watched: http(s), without a fragment. Credentials stay, for feeds that need them. Raises
    FetchError ``bad-url``, ``unsupported-scheme``."""
    userinfo = target(written).userinfo
    scheme, _, rest = clean(written).partition("://")
    return f"{scheme}://{quote(userinfo, safe=':')}@{rest}" if userinfo else f"{scheme}://{rest}"
