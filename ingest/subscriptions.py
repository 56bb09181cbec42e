"""A list of feeds in OPML, and what a person writes for a feed or an article, read with the same care."""

from dataclasses import dataclass
from urllib.parse import quote

import listparser

from ingest.model import FetchError, ParseError
from ingest.target import target
from ingest.urls import clean


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that somebody reads. *tags* are its categories."""

    url: str
    title: str
    tags: tuple[str, ...]


MOST = 10_000
"""Feeds in one list."""


def subscriptions(body: bytes) -> tuple[list[Subscription], list[str]]:
    """The feeds of an OPML document in its order, each once, and the URLs that were left out because they are no web
    addresses. Raises ParseError ``not-opml`` where it holds neither."""
    # Bytes, never text: given text that looks like a URL, the library fetches it.
    parsed = listparser.parse(body)
    kept: dict[str, Subscription] = {}
    refused: list[str] = []
    for each in parsed.feeds[:MOST]:
        try:
            url = watched_url(str(each.url))
        except FetchError:
            refused.append(str(each.url))
            continue
        kept.setdefault(url, Subscription(url, str(each.title or "")[:500], tuple(map(str, each.get("tags") or ()))))
    if not kept and not refused:
        raise ParseError("not-opml", "no feed in it")
    return list(kept.values()), refused


def watched_url(written: str) -> str:
    """A URL as it is watched: http(s), without a fragment. Credentials stay, for feeds that need them. Raises
    FetchError ``bad-url``, ``unsupported-scheme``."""
    userinfo = target(written).userinfo
    scheme, _, rest = clean(written).partition("://")
    return f"{scheme}://{quote(userinfo, safe=':')}@{rest}" if userinfo else f"{scheme}://{rest}"
