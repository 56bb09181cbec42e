"""What a page says about its own history: markers, correction notices, "updated" stamps; in several languages."""

from collections.abc import Sequence

from ingest.dom import Paragraph
from ingest.model import Marker, Page, Signals
from ingest.phrases import bare, phrases

_LONGEST_MARKER = 300  # characters: "This is a developing story. Come back for updates." with a sentence more
_LONGEST_STAMP = 160
_LONGEST_NOTICE = 2_000


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
    return len(said) < _LONGEST_STAMP and bool(phrases("stamps").found(said))


def read_signals(page: Sequence[Paragraph], said: Sequence[str], *, live: bool) -> tuple[Marker, Signals]:
    """The page's marker, its notices in order and without repeats, and its first stamp, read from every paragraph of
    the page: extraction drops most stamps. *live* is whether JSON-LD calls it a live blog."""
    own = [(each, words) for each, words in zip(page, said, strict=True) if each.linked < 0.5]
    notices = dict.fromkeys(each.text for each, words in own if is_notice(words))
    stamp = next((each.text for each, words in own if is_stamp(words)), "")
    markers = {marker_of(words) for _, words in own}
    if live or "live" in markers:
        marker: Marker = "none" if "removed" in markers else "live"
    else:
        marker = "developing" if "developing" in markers else "none"
    return marker, Signals(tuple(notices), stamp)


def notices_outside(page: Page) -> tuple[str, ...]:
    """The notices that are not part of the article's text, as ``facts.model.Document`` takes them."""
    inside = {block.text for block in page.blocks if block.kept}
    return tuple(notice for notice in page.signals.notices if notice not in inside)
