"""What one site's articles have in common: blocks that recur, paths that hold furniture, titles of other articles."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from facts.fold import fold
from ingest.model import Page, SiteMemory

LONG = 15  # words: from here on a block is prose, and losing it would lose news
_SHORT = 8  # words: up to here digits are folded, so that "3 comments" and "12 comments" are one
TITLE = "title"
WARM = 4  # distinct articles from which a site's paths are trusted
SURE = 8  # blocks at a path
TEXT, FURNITURE = 0.9, 0.05
_DIGITS = re.compile(r"\d+")


class Sighting(NamedTuple):
    """One block on one article. *kept* is whether the article holds it; path ``title`` marks the headline."""

    fingerprint: str
    path: str
    kept: bool


def fingerprint(text: str) -> str:
    """A block's key within a site, 17 characters: a letter for its length (``l`` from 15 words on) and a hash of its
    folded text; digits are folded in short blocks only, never in prose."""
    return key_of_spoken(fold(text).casefold())


def key_of_spoken(said: str) -> str:
    """The fingerprint of a text that is folded already."""
    words = said.count(" ") + 1
    if words <= _SHORT:
        said = _DIGITS.sub("0", said)
    kind = "l" if words >= LONG else "s"
    return kind + hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest()


def heading_key(text: str) -> str:
    """A headline without punctuation and case, to find it repeated."""
    return "".join(letter for letter in fold(text).casefold() if letter.isalnum())


def sightings(page: Page) -> tuple[Sighting, ...]:
    """The rows to insert for one article (insert-or-ignore by site, fingerprint and article), headline included."""
    rows: dict[str, Sighting] = {}
    for block in page.blocks:
        linked = not block.kept and block.path.endswith("/a")  # menus: most of a page, and stripped without a memory
        if block.rule in ("slot", "marker") or len(block.text) < 3 or linked:
            continue
        key = fingerprint(block.text)
        if key not in rows or (block.kept and not rows[key].kept):
            rows[key] = Sighting(key, block.path, block.kept or block.rule == "site")
    if page.headline:
        rows.setdefault(
            "t" + fingerprint(page.headline)[1:], Sighting("t" + fingerprint(page.headline)[1:], TITLE, False)
        )
    return tuple(rows.values())


def memory_from(rows: Iterable[tuple[str, str, bool, int]]) -> SiteMemory:
    """A site's memory from rows (fingerprint, path, kept, article id) in any order. Articles that share half of their
    long blocks are one article, so that a story under two addresses teaches nothing."""
    articles: dict[int, dict[str, tuple[str, bool]]] = defaultdict(dict)
    for key, path, kept, article in rows:
        articles[article][key] = (path, bool(kept))
    groups = _distinct(articles)
    sighted: dict[str, set[int]] = defaultdict(set)
    paths: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    titles: set[str] = set()
    for article in sorted(articles):
        for key, (path, kept) in articles[article].items():
            if path == TITLE:
                titles.add(key[1:])
            elif kept or key.startswith("s"):  # prose that others only tease is some article's own
                sighted[key].add(groups[article])
    for article in sorted(articles):
        for key, (path, kept) in articles[article].items():
            if path != TITLE:
                furniture = not kept or len(sighted[key]) > 1
                paths[path][0 if furniture else 1] += 1
    return SiteMemory(
        articles=len(set(groups.values())),
        sighted={key: len(where) for key, where in sighted.items() if len(where) > 1},
        paths={path: (furniture, text) for path, (furniture, text) in paths.items()},
        titles=frozenset(titles),
    )


def _distinct(articles: Mapping[int, Mapping[str, object]]) -> dict[int, int]:
    """Article → the lowest article that it is a near-duplicate of (itself, mostly)."""
    longs = {article: {key for key in blocks if key.startswith("l")} for article, blocks in articles.items()}
    group = {article: article for article in sorted(articles)}
    holders: dict[str, list[int]] = defaultdict(list)
    for article in sorted(articles):
        shared: dict[int, int] = defaultdict(int)
        for key in longs[article]:
            for other in holders[key]:
                shared[other] += 1
            holders[key].append(article)
        for other in sorted(shared):
            least = min(len(longs[article]), len(longs[other]))
            if shared[other] * 2 >= least and shared[other] >= 2:
                group[article] = group[other]
                break
    return group


def path_of(path: str, memory: SiteMemory) -> str:
    """What the site's other articles hold at a path: ``text``, ``furniture``, or nothing that is known."""
    furniture, text = memory.paths.get(path, (0, 0))
    if memory.articles < WARM or furniture + text < SURE:
        return ""
    share = text / (furniture + text)
    return "text" if share >= TEXT else "furniture" if share <= FURNITURE else ""


def sighted_as_furniture(said: str, headline: str, memory: SiteMemory) -> str:
    """Why the site's other articles say that a spoken block is furniture; empty when they do not. *headline* is the
    page's own, as heading_key gives it: it is never furniture."""
    if headline and heading_key(said) == headline:
        return ""
    key = key_of_spoken(said)
    times = memory.sighted.get(key, 0)
    if times >= 2 and (key.startswith("s") or times >= max(3, memory.articles * 0.2)):
        return f"on {times} articles"
    if key[1:] in memory.titles:
        return "another article's title"
    return ""
