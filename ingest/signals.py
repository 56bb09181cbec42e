"""What a page says about its own history: markers, correction notices, "updated" stamps; in several languages."""

import re
from collections.abc import Sequence

from ingest.dom import Paragraph
from ingest.model import Block, Marker, Page, Signals
from ingest.phrases import bare, phrases

_LONGEST_MARKER = 300  # characters: "This is a developing story. Come back for updates." with a sentence more
_MENU = 25  # characters up to which a marker may be the name of a section
_LONGEST_STAMP = 160
_LONGEST_NOTICE = 2_000
_SAYS = re.compile(r"\d[^:]{0,20}?(?::\d\d[^:]{0,12}?)?(?::|\s[-–—])\s(?:\W*\b[^\W\d_]{2,}\b){3}")
"""A time, a colon or a dash, and words: what begins like a stamp may be news ("Update 14:20: …")."""


def marker_of(said: str) -> Marker:
    """What a spoken block marks the whole article as; ``none`` for ordinary text. *removed* stands for a live page
    that says it has ended."""
    if len(said) > _LONGEST_MARKER:
        return "none"
    core = bare(said)
    if phrases("ended").found(core):
        return "removed"
    if phrases("developing").found(core):
        return "developing"
    return "live" if phrases("live").found(core) else "none"


def is_notice(said: str) -> bool:
    """Whether a spoken block is a correction, clarification, editor's note or retraction."""
    if not (20 < len(said) < _LONGEST_NOTICE and said.count(" ") >= 4):
        return False
    return bool(phrases("notices").found(said)) and not phrases("anywhere").found(said)


def is_stamp(said: str) -> bool:
    """Whether a spoken block is an "updated" stamp."""
    return len(said) < _LONGEST_STAMP and bool(phrases("stamps").found(said)) and not _SAYS.search(said)


def read_signals(
    page: Sequence[Paragraph], said: Sequence[str], blocks: Sequence[Block], *, live: bool
) -> tuple[Marker, Signals]:
    """The page's marker, its notices in order and without repeats, and its first stamp, read from every paragraph of
    the page: extraction drops most stamps. A marker of a word or two ("Breaking News") is that of a menu unless it
    stands in the article. *live* is whether JSON-LD calls it a live blog."""
    own = [(each, words, block) for each, words, block in zip(page, said, blocks, strict=True) if each.linked < 0.5]
    notices = dict.fromkeys(each.text for each, words, _ in own if is_notice(words))
    stamp = next((each.text for each, words, _ in own if is_stamp(words)), "")
    markers = {marker_of(words) for _, words, block in own if block.rule == "marker" or len(words) > _MENU}
    if live or "live" in markers:
        marker: Marker = "none" if "removed" in markers else "live"
    else:
        marker = "developing" if "developing" in markers else "none"
    return marker, Signals(tuple(notices), stamp)


def notices_outside(page: Page) -> tuple[str, ...]:
    """The notices that are not part of the article's text, as ``facts.model.Document`` takes them."""
    inside = {block.text for block in page.blocks if block.kept}
    return tuple(notice for notice in page.signals.notices if notice not in inside)
