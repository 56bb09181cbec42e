"""What a page says about its own history: markers, correction notices, "updated" stamps; in several languages."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from config.phrases import load
from ingest.extraction.dom import Paragraph
from ingest.model import Block, Marker, Page, Signals
from ingest.phrases import bare, phrases, spoken, spoken_all

_LONGEST_MARKER = 300  # characters: "This is a developing story. Come back for updates." with a sentence more
_MENU = 25  # characters up to which a marker may be the name of a section
_LONGEST_STAMP = 160
_LONGEST_NOTICE = 2_000
_MOST = 2
"""Words of a stamp that are no part of a date: "by our staff". With more it says something."""

MARKS = re.compile(r"\s[·|•∙–—-]\s")
"""What sets the parts of a line apart that says when, by whom and how often it was read."""
_MOMENT = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d{2}\b|\b\d{1,2}[./-]\d{1,2}\b")
_TOKEN = re.compile(r"[^\W\d_]{2,}")


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
    """Whether a spoken block is an "updated" stamp, and says nothing else: "Update 14:20: Two more died" is news."""
    return len(said) < _LONGEST_STAMP and bool(phrases("stamps").found(said)) and _says_when(said)


def stamp_of(text: str, said: str) -> str:
    """The "updated" stamp of a line, as written, and the date or time behind it: of "13:10 · Updated 13:59 · 2,183
    views" the middle, for a counter moves without an edit. Empty where there is none; *said* is the line, spoken."""
    parts = MARKS.split(text) if len(said) < _LONGEST_STAMP else [text]
    spoken_parts = spoken_all(parts) if len(parts) > 1 else [said]
    at = next((at for at, part in enumerate(spoken_parts) if is_stamp(part)), None)
    if at is None:
        return text if is_stamp(said) else ""
    when = takewhile(lambda part: _MOMENT.search(part) and _says_when(spoken(part)), parts[at + 1 :])
    return " · ".join([parts[at], *when])


def _says_when(said: str) -> bool:
    """Whether a text is a date or a time and hardly anything else."""
    moments = list(_MOMENT.finditer(said))
    other = _words_beside_dates(said)
    after = said[moments[-1].end() :].partition(": ")[2] if moments else ""
    if (has_figures(said) and other) or len(_words_beside_dates(after)) >= _MOST:
        return False
    return len(other) <= (_MOST if moments else 0)


def has_figures(said: str) -> bool:
    """Whether a text has figures that belong to no date and no time."""
    found = [word.strip(".,:;()") for word in _MOMENT.sub("", said).split()]
    beside = zip(["", *found], found, [*found[1:], ""], strict=False)
    return any(
        any(map(str.isdigit, word)) and not (_of_a_date(before) or _of_a_date(after)) for before, word, after in beside
    )


def _words_beside_dates(said: str) -> list[str]:
    return [token for token in _TOKEN.findall(said) if not _of_a_date(token)]


def _of_a_date(token: str) -> bool:
    short, stems = _dates()
    return token in short or token.startswith(stems)


@cache
def _dates() -> tuple[frozenset[str], tuple[str, ...]]:
    """The short words of dates, and how the others begin."""
    known = load().get("when", ())
    return frozenset(each for each in known if len(each) < 3), tuple(each for each in known if len(each) > 2)


def read_signals(
    page: Sequence[Paragraph], said: Sequence[str], blocks: Sequence[Block], *, live: bool
) -> tuple[Marker, Signals]:
    """The page's marker, its notices in order and without repeats, and its first stamp, read from every paragraph of
    the page: extraction drops most stamps. A marker of a word or two ("Breaking News") is that of a menu unless it
    stands in the article. *live* is whether JSON-LD calls it a live blog."""
    own = [(each, words, block) for each, words, block in zip(page, said, blocks, strict=True) if each.linked < 0.5]
    notices = dict.fromkeys(each.text for each, words, _ in own if is_notice(words))
    stamp = next(filter(None, (stamp_of(each.text, words) for each, words, _ in own)), "")
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
