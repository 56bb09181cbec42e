"""Whether a page is an article at all: walls, errors and cut pages come with status 200."""

from collections.abc import Sequence

from ingest.dom import Paragraph
from ingest.metadata import Metadata
from ingest.model import Block, Verdict
from ingest.phrases import patterns, spoken

_ENOUGH = 120  # words of article text: from here on no phrase makes a page a wall
_LEAST = 25  # words: below this a text needs something that says it is an article


def verdict_of(blocks: Sequence[Block], page: Sequence[Paragraph], found: Metadata, *, cut: bool) -> Verdict:
    """``article``, or why no text may be kept. Short pages are held against the phrases of walls; long ones never."""
    words = sum(block.text.count(" ") + 1 for block in blocks if block.kept)
    if cut:
        return "truncated"
    if not page:
        return "empty"
    if words < _ENOUGH:
        wall = _wall(found.title, page, words)
        if wall is not None:
            return wall
    if found.paywalled and words < _LEAST:
        return "paywall"
    claimed = (
        bool(found.kinds & {"article", "newsarticle", "blogposting", "liveblogposting", "reportagenewsarticle"})
        or found.published is not None
    )
    if words < (8 if claimed else _LEAST):
        return "not-an-article" if sum(each.text.count(" ") + 1 for each in page) > 8 else "empty"
    return "article"


def _wall(title: str, page: Sequence[Paragraph], words: int) -> Verdict | None:
    text = spoken("\n".join([title, *(each.text for each in page[:400])]))
    hits = {
        kind: sum(bool(each.search(text)) for each in patterns(kind))
        for kind in ("blocked", "consent", "paywall", "login", "error")
    }
    length = text.count(" ")
    head = spoken(title)
    if hits["blocked"] >= 2 or (
        hits["blocked"] and (length < 150 or any(each.search(head) for each in patterns("blocked")))
    ):
        return "blocked"
    if hits["paywall"] >= 1 and words < 80:
        return "paywall"
    if hits["consent"] >= 3 or (hits["consent"] >= 2 and words < 60) or (hits["consent"] and length < 120):
        return "consent"
    if hits["login"] >= 2 and words < 60:
        return "paywall"
    return (
        "not-an-article"
        if hits["error"] and (length < 200 or any(each.search(head) for each in patterns("error")))
        else None
    )
