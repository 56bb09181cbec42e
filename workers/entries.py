"""Which article a feed's entry means. Pure: the written rule for guids that repeat and links that gain parameters."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from ingest.model import FeedEntry
from ingest.urls import clean
from store.articles import Listed

ALIKE = 55.0
"""Two titles at least so alike (0–100) are one story under one guid: a rewritten headline keeps names and nouns. Swept
on the invented stories of the demo: rewrites 61–97, different stories 18–44."""

INDEXED = 2048
"""Bytes of a name that is looked up."""


@dataclass(frozen=True, slots=True)
class Meant:
    """An entry and the article it means: a known one, or None for a new one, with the key that will name it."""

    entry: FeedEntry
    article_id: int | None
    key: str


def url_key(url: str) -> str:
    """The alias key of a page: its URL without tracking parameters and fragment."""
    return indexed(f"url:{clean(url)}")


def indexed(name: str) -> str:
    """A name as an index holds it: PostgreSQL refuses one over 2,704 bytes, so the end of a longer one is a hash."""
    written = name.encode("utf-8", "replace")
    if len(written) <= INDEXED:
        return name
    return f"{written[: INDEXED - 65].decode('utf-8', 'ignore')}#{hashlib.sha256(written).hexdigest()}"


def meant(
    entries: Sequence[FeedEntry], listed: Mapping[str, Listed], by_key: Mapping[str, int], own_url: str
) -> list[Meant]:
    """What each entry of a feed means, first come first served. A link that is known is that article; a known guid
    with a new link is the same article when the title is much the same, and a reused guid otherwise. Entries without a
    link, and those that link to the feed itself, mean nothing."""
    found: dict[str, Meant] = {}
    for entry in entries:
        if not entry.link or entry.link == own_url:
            continue
        key = url_key(entry.link)
        if key not in found:
            found[key] = Meant(entry, _article(entry, listed.get(entry.guid), by_key.get(key)), key)
    return list(found.values())


def _article(entry: FeedEntry, before: Listed | None, by_link: int | None) -> int | None:
    if by_link is not None or before is None or before.article_id is None:
        return by_link
    same = fuzz.token_set_ratio(before.title, entry.title) >= ALIKE
    return before.article_id if same else None
