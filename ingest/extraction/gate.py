"""Whether a page has to be extracted again: a fingerprint of every paragraph that could belong to its article, and of
what its head says about it."""

import hashlib
from collections.abc import Iterator, Sequence

from ingest.extraction.decode import decode
from ingest.extraction.dom import Paragraph, paragraphs, parse
from ingest.extraction.furniture import NEAR
from ingest.extraction.metadata import Metadata, metadata
from ingest.extraction.shape import PROSE, main_element, mostly_link
from ingest.model import Block, ParseError
from ingest.phrases import bare, spoken, spoken_all, teasers, whole

_MAIN = 0.7  # of the page's prose
_SPEAKS = 4  # words from which unlinked text outside of the article's element may still belong to it
_COUNTER = 60  # characters up to which a counter is looked for
_STAMP = "-"  # sets the modified stamp's part of a gate apart
_LIVE = "liveBlogUpdate"  # such a page's text is not in its paragraphs


def gate(body: bytes, url: str, content_type: str = "") -> str:
    """The fingerprint of a fetched body, to be held against the ``gate`` of the page read last: where both are equal
    and not empty, the article's text and dates are, and nothing needs extracting."""
    try:
        text = decode(body, content_type)
        tree, _ = parse(text)
    except ParseError:
        return ""
    return gate_at(text, paragraphs(tree), metadata(tree, url))


def gate_at(markup: str, page: Sequence[Paragraph], found: Metadata) -> str:
    """The same for a page that has been parsed."""
    return "" if _LIVE in markup else _digest(page, covered(page), found)


def gate_of(page: Sequence[Paragraph], blocks: Sequence[Block], found: Metadata) -> str:
    """The fingerprint of a page that has been extracted; empty, and so equal to none, if it would not see all of what
    was kept."""
    seen = covered(page)
    blind = len(blocks) != len(page) or any(block.kept and at not in seen for at, block in enumerate(blocks))
    return "" if blind or found.updates else _digest(page, seen, found)


def covered(page: Sequence[Paragraph]) -> set[int]:
    """Which paragraphs count: all in the innermost element that holds most of the prose and the heading, others if
    they speak; never counters and whole-line links, which the extractor strips wherever they stand, unless a link is
    the headline by which a teaser's paragraph is known."""
    prose = {at: each.words for at, each in enumerate(page) if each.words >= PROSE and each.linked < 0.3}
    anchor = _with_heading(page, main_element(page, prose, _MAIN) if prose else 0)
    counted = {at for at, each in enumerate(page) if each.tag == "h1" or _counts(each, anchor)}
    return counted.union(_introducing(page, counted))


def _introducing(page: Sequence[Paragraph], counted: set[int]) -> Iterator[int]:
    """What stands between a teaser's label and a paragraph that it may introduce."""
    short = [at for at, each in enumerate(page) if len(each.text) <= _COUNTER]
    said = spoken_all([page[at].text for at in short])
    for at in (at for at, text in zip(short, said, strict=True) if bare(text) in teasers()):
        near = range(at + 1, min(at + NEAR, len(page)))
        first, second = [*(i for i in near if not page[i].caption and not _is_counter(page[i])), -1, -1][:2]
        if second in counted:
            yield first


def _with_heading(page: Sequence[Paragraph], anchor: int) -> int:
    """The innermost element around the anchor and the page's first heading of the first order."""
    heading = next((each for each in page if each.tag == "h1"), None)
    if heading is None or not anchor:
        return anchor
    inside = next(each.inside for each in page if anchor in each.inside)
    path = inside[: inside.index(anchor) + 1]
    return max((a for a, b in zip(path, heading.inside, strict=False) if a == b), default=0)


def _counts(each: Paragraph, anchor: int) -> bool:
    if mostly_link(each):
        return False
    if each.linked > 0.9 and not each.text.endswith((".", "!", "?", '"', "”")):
        return False
    if anchor and anchor not in each.inside and (each.words < _SPEAKS or each.linked >= 0.5):
        return False
    return not _is_counter(each)


def _is_counter(each: Paragraph) -> bool:
    return len(each.text) <= _COUNTER and bool(whole("counters").fullmatch(bare(spoken(each.text))))


def _digest(page: Sequence[Paragraph], seen: set[int], found: Metadata) -> str:
    text = "\n".join(page[at].text for at in sorted(seen))
    seen_as = f"{_told(found)}\n{text}".encode("utf-8", "replace")
    stamp = hashlib.blake2b(str(found.modified).encode(), digest_size=4).hexdigest()
    return f"{hashlib.blake2b(seen_as, digest_size=16).hexdigest()}{_STAMP}{stamp}" if text else ""


def _told(found: Metadata) -> str:
    """What the head alone may say, but for the stamp."""
    return repr((found.headline, found.canonical, found.paywalled, str(found.published)))


def unmoved(known: str, seen: str, *, restamps: bool) -> bool:
    """Whether two gates say that nothing needs extracting. A stamp that moves over equal text is to be counted, and so
    has to be seen; where the site is known to do so (*restamps*), it opens nothing any more."""
    if not known or not restamps:
        return bool(known) and known == seen
    return known.partition(_STAMP)[0] == seen.partition(_STAMP)[0]
