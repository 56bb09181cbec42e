"""Whether a page is an article at all, and a whole one: walls, errors and cut pages come with status 200."""

from collections.abc import Sequence

from ingest.extraction.beside import without_frame
from ingest.extraction.dom import Paragraph
from ingest.extraction.metadata import Metadata
from ingest.language import ends_sentence, words_in
from ingest.model import Block, Verdict
from ingest.phrases import patterns, spoken

_ENOUGH = 120  # words of article text: from here on no phrase makes a page a wall
_LEAST = 35  # words: below this a text needs something that says it is an article
_STUB = 80  # words up to which one offer to subscribe makes a page a stub
_SPEAKS = 12  # words of an article that have nothing of a wall: a banner beside them makes it none
_SENTENCES, _TOLD = 2, 20  # paragraphs, and words in them, that make an article where nothing else claims one
_HEADING = 9  # words up to which a heading that names an error is no headline
_SAID = 60  # words up to which a paragraph may be a wall's
_KINDS = frozenset({"article", "newsarticle", "blogposting", "liveblogposting", "reportagenewsarticle"})
_WALLS = ("blocked", "consent", "paywall", "login", "error")


def verdict_of(
    blocks: Sequence[Block], page: Sequence[Paragraph], found: Metadata, markup: str, *, cut: bool
) -> Verdict:
    """``article``, or why no text may be kept. Short pages are held against the phrases of walls; long ones never."""
    words = _words(blocks)
    claimed = bool(found.kinds & _KINDS) or found.published is not None
    if cut:
        return "truncated"
    if page and words < _ENOUGH:
        wall = _wall(found.title, without_frame(page, blocks) if _stands(page, blocks) else page, words)
        if wall == "paywall" or (wall is not None and not (claimed and _own(blocks) >= _SPEAKS)):
            return wall
    elif page and not claimed and _names_an_error(page):
        return "not-an-article"
    if found.paywalled and words < _STUB:
        return "paywall"
    if words >= (8 if claimed else _LEAST):
        return "article"
    length = sum(each.words for each in page)
    if length < 150 and any(each.search(markup.casefold()) for each in patterns("challenge")):
        return "blocked"
    return "not-an-article" if length > 8 else "empty"


def shows(before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether a page shows at least half of the text *before*, wherever it stands there: then no banner beside it makes
    it a wall."""
    shown = {spoken(block.text) for block in after}
    whole = _words(before)
    return 0 < whole <= 2 * _words([block for block in before if spoken(block.text) in shown])


def stub_of(before: Sequence[Block], after: Sequence[Block]) -> Verdict | None:
    """Why less than half of a text is there: a wall's words that did not stand beside it *before*. None without such
    words, when it may have been shortened indeed, or with more of the text."""
    if 2 * _words(after) >= _words(before) or shows(before, after):
        return None
    known = {block.text for block in before}
    said = [spoken(block.text) for block in after if block.text not in known and block.text.count(" ") < _SAID]
    beside: dict[str, Verdict] = {"paywall": "paywall", "login": "paywall", "consent": "consent", "blocked": "blocked"}
    hits = (kind for kind in beside if any(each.search(text) for text in said for each in patterns(kind)))
    return next((beside[kind] for kind in hits), None)


def _words(blocks: Sequence[Block]) -> int:
    return sum(words_in(block.text) for block in blocks if block.kept)


def _own(blocks: Sequence[Block]) -> int:
    """Words of the text in paragraphs without a phrase of a wall."""
    told = [(block.text, spoken(block.text)) for block in blocks if block.kept]
    every = [each for kind in _WALLS for each in patterns(kind)]
    return sum(text.count(" ") + 1 for text, said in told if not any(each.search(said) for each in every))


def _stands(page: Sequence[Paragraph], blocks: Sequence[Block]) -> bool:
    """Whether an article stands there once banners are taken away: a heading, and sentences that speak of no wall."""
    every = [each for kind in _WALLS for each in patterns(kind)]

    def speaks(text: str) -> bool:
        said = spoken(text)
        return not any(each.search(said) for each in every)

    headed = any(each.tag == "h1" and speaks(each.text) for each in page)
    said = [words_in(block.text) for block in blocks if block.kept and ends_sentence(block.text) and speaks(block.text)]
    return headed and len(said) >= _SENTENCES and sum(said) >= _TOLD


def _names_an_error(page: Sequence[Paragraph]) -> bool:
    """Whether the page's heading does: what stands below is then what "others are reading"."""
    heading = next((each.text for each in page if each.tag == "h1"), "")
    said = spoken(heading)
    return 0 < len(heading.split()) < _HEADING and any(each.search(said) for each in patterns("error"))


def _wall(title: str, page: Sequence[Paragraph], words: int) -> Verdict | None:
    text = spoken("\n".join([title, *(each.text for each in page[:400])]))
    hits = {kind: sum(bool(each.search(text)) for each in patterns(kind)) for kind in _WALLS}
    length = text.count(" ")
    head = spoken(title)
    if hits["blocked"] >= 2 or (
        hits["blocked"] and (length < 150 or any(each.search(head) for each in patterns("blocked")))
    ):
        return "blocked"
    if hits["paywall"] >= (1 if words < _STUB else 2):
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
