"""Which article a feed's entry means. Pure: the written rule is in docs/identity.md."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from ingest.model import FeedEntry
from ingest.urls import clean, page_of, site_of, story_number
from store.articles import Listed, Watched

ALIKE = 55.0
"""Two titles at least so alike (0–100) are one story under one guid: a rewritten headline keeps names and nouns. Swept
on the invented stories of the demo: rewrites 61–97, different stories 18–44."""

INDEXED = 2048
"""Bytes of a name that is looked up."""


@dataclass(frozen=True, slots=True)
class Named:
    """An entry and the names that its link gives an article: alias key → kind, the narrowest first."""

    entry: FeedEntry
    names: Mapping[str, str]

    @property
    def links(self) -> list[str]:
        """The keys that say that a link leads there, the number of the story not among them."""
        return [key for key, kind in self.names.items() if kind != "number"]


@dataclass(frozen=True, slots=True)
class Meant:
    """What an entry means: a known article, or None for a new one. *by* is how it was recognised: ``url``, ``page``,
    ``guid``, ``number``, empty for a new one."""

    named: Named
    article_id: int | None
    by: str

    @property
    def moved(self) -> bool:
        """Whether a known story stands under another link now."""
        return self.by in ("guid", "number")


def url_key(url: str) -> str:
    """The alias key of an address: its URL without tracking parameters and fragment."""
    return indexed(f"url:{clean(url)}")


def names_of(url: str) -> dict[str, str]:
    """What an article is recognised by once this is its address: alias key → kind, the narrowest first."""
    names = {url_key(url): "url"}
    if page := page_of(url):
        names[indexed(f"page:{page}")] = "page"
    if number := story_number(url):
        names[indexed(f"number:{number}")] = "number"
    return names


def indexed(name: str) -> str:
    """A name as an index holds it: PostgreSQL refuses one over 2,704 bytes, so the end of a longer one is a hash."""
    written = name.encode("utf-8", "replace")
    if len(written) <= INDEXED:
        return name
    return f"{written[: INDEXED - 65].decode('utf-8', 'ignore')}#{hashlib.sha256(written).hexdigest()}"


def distinct(entries: Iterable[FeedEntry], own_url: str) -> list[Named]:
    """One entry a page, first come first served. Entries without a link, and those that link to the feed itself, mean
    nothing."""
    found: dict[str, Named] = {}
    for entry in entries:
        if entry.link and entry.link != own_url:
            named = Named(replace(entry, guid=indexed(entry.guid)), names_of(entry.link))
            found.setdefault(named.links[-1], named)
    return list(found.values())


def meant(
    entries: Sequence[Named],
    listed: Mapping[str, Listed],
    by_key: Mapping[str, int],
    linked: Collection[int],
    watched: Mapping[int, Watched],
) -> list[Meant]:
    """What each entry of a feed means, in the feed's order. A link that is known, in whatever dress, is that article. A
    known guid with a new link is the same article when the title is much the same, and so is a number in the path that
    is known, unless the feed lists that article under its own link too (*linked*). Neither takes an article to another
    site: a feed may list whoever's stories, and would have its own pages told as theirs. *watched* is what known
    articles are called and where they are looked at."""
    return [Meant(each, *_meant(each, listed.get(each.entry.guid), by_key, linked, watched)) for each in entries]


def _meant(
    each: Named,
    before: Listed | None,
    by_key: Mapping[str, int],
    linked: Collection[int],
    watched: Mapping[int, Watched],
) -> tuple[int | None, str]:
    for key in each.links:
        if key in by_key:
            return by_key[key], each.names[key]
    if before is not None and before.article_id is not None:
        known = watched[before.article_id]
        alike = _alike(each.entry.title, (before.title, known.title))
        return (before.article_id, "guid") if alike and _stays(each.entry.link, known) else (None, "")
    numbered = next((by_key[key] for key, kind in each.names.items() if kind == "number" and key in by_key), None)
    if numbered is None or numbered in linked:
        return None, ""
    known = watched[numbered]
    alike = _alike(each.entry.title, (known.title,))
    return (numbered, "number") if alike and _stays(each.entry.link, known) else (None, "")


def _stays(link: str, known: Watched) -> bool:
    return site_of(link) == site_of(known.place)


def _alike(title: str, called: Iterable[str]) -> bool:
    return any(fuzz.token_set_ratio(each, title) >= ALIKE for each in called)
