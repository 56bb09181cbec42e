"""A site's blocks by their fingerprints: what one page teaches, and what the site's memory says of a block."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from facts.fold import fold
from ingest.language import ends_sentence, words_in
from ingest.learning import TITLE
from ingest.model import Block, Page, SiteMemory

LONG = 15  # words: from here on a block is prose, and losing it would lose news
FILLED = "filled: its place holds text"
_PINNED = "pinned; else "  # with what the rules say
_SHORT = 8  # words: up to here digits are folded, so that "3 comments" and "12 comments" are one
_SAYS = 3  # words from which what ends as a sentence is one
_MOST = 300  # blocks that one article teaches
_DIGITS = re.compile(r"\d+")


class Sighting(NamedTuple):
    """One block on one article. *kept* is whether the article holds it; path ``title`` marks the headline."""

    fingerprint: str
    path: str
    kept: bool


def fingerprint(text: str) -> str:
    """A block's key within a site, 17 characters: a letter (``l`` from 15 words on, ``m`` for a shorter sentence, ``s``
    for any other line) and a hash of its folded text; digits are folded in short lines only, never in sentences."""
    return key_of_spoken(fold(text).casefold())


def key_of_spoken(said: str) -> str:
    """The fingerprint of a text that is folded already."""
    words = words_in(said)
    kind = "l" if words >= LONG else "m" if words >= _SAYS and ends_sentence(said) else "s"
    if words <= _SHORT and kind == "s":
        said = _DIGITS.sub("0", said)
    return kind + hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest()


def block_key(text: str) -> str:
    """A block's short key for people, 7 characters of its fingerprint: enough to tell the blocks of a page apart."""
    return fingerprint(text)[:7]


def heading_key(text: str) -> str:
    """A headline without punctuation and case, to find it repeated."""
    return "".join(filter(str.isalnum, fold(text).casefold()))


def sightings(page: Page) -> tuple[Sighting, ...]:
    """What one article teaches, headline included: the extractor's choice, not what memory or people made of it, so
    that nothing is learnt from what was learnt."""
    rows: dict[str, Sighting] = {}
    for block in page.blocks:
        linked = not block.kept and block.path.endswith("/a")  # menus: most of a page, and stripped without a memory
        if block.rule in ("slot", "marker") or len(block.text) < 3 or linked or block.path.startswith("update:"):
            continue
        key = fingerprint(block.text)
        chosen = _unlearnt(block) in ("", "text", "site")
        if key not in rows or (chosen and not rows[key].kept):
            rows[key] = Sighting(key, block.path, chosen)
    kept_first = sorted(rows.values(), key=lambda row: not row.kept)[:_MOST]
    if page.headline:
        kept_first.append(Sighting("t" + fingerprint(page.headline)[1:], TITLE, False))
    return tuple(kept_first)


def _unlearnt(block: Block) -> str:
    """The rule that strips a block whose place on other articles did not fill it in, and that nobody pinned."""
    if block.evidence == FILLED:
        return "extractor"
    return block.evidence.removeprefix(_PINNED) if block.evidence.startswith(_PINNED) else block.rule


def sighted_as_furniture(said: str, headline: str, memory: SiteMemory) -> str:
    """Why the site's other articles say that a spoken block is furniture; empty when they do not. *headline* is the
    page's own, as heading_key gives it: it is never furniture."""
    key = key_of_spoken(said)
    times = memory.sighted.get(key, 0)
    titled = not times and key[1:] in memory.titles
    if not (times or titled) or (headline and heading_key(said) == headline):
        return ""
    return f"on {times} of {memory.articles} articles of this site" if times else "another article's title"


def path_of(path: str, memory: SiteMemory) -> str:
    """What the site's other articles hold at a path: ``text``, ``furniture``, or nothing that is known."""
    if path not in memory.paths:
        return ""
    furniture, text = memory.paths[path]
    return "text" if text > furniture else "furniture"


def pinned(blocks: Sequence[Block], memory: SiteMemory) -> list[Block]:
    """The blocks again, as people pinned them: their word stands against every rule."""
    if not memory.pins:
        return list(blocks)
    return [_pinned(block, memory.pins.get(fingerprint(block.text), "")) for block in blocks]


def _pinned(block: Block, verdict: str) -> Block:
    evidence = _PINNED + (_unlearnt(block) or "text")
    if verdict == "furniture":
        return replace(block, rule="pin", evidence=evidence)
    return replace(block, rule="", evidence=evidence) if verdict == "text" and not block.kept else block


def pins_digest(memory: SiteMemory) -> str:
    """A short name of a site's pins, equal where they are; empty without any."""
    if not memory.pins:
        return ""
    return hashlib.blake2b(repr(sorted(memory.pins.items())).encode(), digest_size=6).hexdigest()
