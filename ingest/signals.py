"""What a page says about its own history: markers, correction notices, "updated" stamps; in several languages."""

from collections.abc import Sequence

from ingest.dom import Paragraph
from ingest.model import Block, Marker, Page, Signals
from ingest.phrases import bare, pattern, spoken

_LONGEST_MARKER = 40  # words: "This is a developing story. Come back for updates." with a sentence more
_LONGEST_STAMP = 20
_LONGEST_NOTICE = 250


def marker_of(text: str) -> Marker:
    """What a block marks the whole article as; ``none`` for ordinary text. *removed* is nobody's marker."""
    if len(text) > 400 or text.count(" ") >= _LONGEST_MARKER:
        return "none"
    said = bare(spoken(text))
    if pattern("ended").search(said):
        return "none"
    if pattern("developing").search(said):
        return "developing"
    return "live" if pattern("live").search(said) else "none"


def is_marker(text: str) -> bool:
    """Whether a block is a marker line, a closing one included."""
    short = len(text) <= 400 and text.count(" ") < _LONGEST_MARKER
    return marker_of(text) != "none" or (short and bool(pattern("ended").search(bare(spoken(text)))))


def is_notice(text: str) -> bool:
    """Whether a block is a correction, clarification, editor's note or retraction."""
    words = text.count(" ") + 1
    if not 5 <= words <= _LONGEST_NOTICE:
        return False
    said = spoken(text)
    return bool(pattern("notices").search(said)) and not pattern("anywhere").search(said)


def is_stamp(text: str) -> bool:
    """Whether a block is an "updated" stamp."""
    return text.count(" ") < _LONGEST_STAMP and len(text) < 160 and bool(pattern("stamps").search(spoken(text)))


def signals_of(paragraphs: Sequence[Paragraph]) -> Signals:
    """Notices in the order of the page, without repeats, and its first stamp; read from every paragraph of the page."""
    notices = dict.fromkeys(each.text for each in paragraphs if each.linked < 0.8 and is_notice(each.text))
    stamp = next((each.text for each in paragraphs if each.linked < 0.5 and is_stamp(each.text)), "")
    return Signals(tuple(notices), stamp)


def notices_outside(page: Page) -> tuple[str, ...]:
    """The notices that are not part of the article's text, as ``facts.model.Document`` takes them."""
    inside = {block.text for block in page.blocks if block.kept}
    return tuple(notice for notice in page.signals.notices if notice not in inside)


def marker_in(blocks: Sequence[Block], paragraphs: Sequence[Paragraph], *, live: bool) -> Marker:
    """The page's marker: a marker line within the article or near it, or JSON-LD that says it is live."""
    lines = [block.text for block in blocks if block.rule == "marker"]
    found = {marker_of(text) for text in lines}
    if "developing" not in found:
        found |= {
            "developing"
            for each in paragraphs
            if marker_of(each.text) == "developing" and each.linked < 0.5 and len(each.text) > 25
        }
    if live or "live" in found:
        ended = any(pattern("ended").search(bare(spoken(each.text))) for each in paragraphs if len(each.text) < 400)
        return "none" if ended else "live"
    return "developing" if "developing" in found else "none"
