"""What follows the article within its own element, without markup of its own: readers' comments, another article."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.extraction.dom import Paragraph
from ingest.extraction.pagers import is_pager
from ingest.kin import story_of
from ingest.memory import heading_key
from ingest.model import Block
from ingest.phrases import bare, whole

_OWN = 60  # words of the article's own prose before anything can follow it
_PROSE = 10  # words from which a paragraph is prose
_LABEL = 8  # words of a label: "12 letters to this article"
_NEAR = 15  # paragraphs looked at
_LEAST, _MOST = 4, 25  # words of a headline
_SHARE = 0.3
"""Of telling words: on 116 news pages the second half of an article shares more with the first in 38 %, another article
of the site in 3 %. It is asked only of what a second headline introduces; of 384 pages one has its own part so."""
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def without_tail(page: Sequence[Paragraph], said: Sequence[str], blocks: list[Block], headline: str) -> list[Block]:
    """The blocks again: what follows a label of readers' comments, or a second headline that stands as high as the
    page's own and introduces a story of its own, stripped."""
    key, level, own = heading_key(headline), "", 0
    for at, block in enumerate(blocks):
        words = page[at].words
        if (
            key
            and not level
            and len(key) <= 2 * len(page[at].text) <= 4 * len(headline)
            and heading_key(page[at].text) == key
        ):
            level = _level(block)
        if words <= _MOST and is_pager(said[at]):
            blocks[at] = _strip(block, "counter", "a pager")
        elif own >= _OWN and words <= _MOST:
            rule = _opens(page, said, blocks, at, key, level)
            if rule:
                return [*blocks[:at], *(_strip(each, rule, f"after {page[at].text}") for each in blocks[at:])]
        own += words if block.kept and words >= _PROSE else 0
    return blocks


def _strip(block: Block, rule: str, evidence: str) -> Block:
    return replace(block, rule=rule, evidence=evidence[:120]) if block.kept else block


def _level(block: Block) -> str:
    return block.path.removesuffix("/a").rpartition("/")[2]


def _opens(
    page: Sequence[Paragraph], said: Sequence[str], blocks: Sequence[Block], at: int, key: str, level: str
) -> str:
    """Which rule strips what a paragraph opens; empty for one of the article's own."""
    here = page[at]
    words = here.words
    if words <= _LABEL and here.linked < 0.5 and whole("readers").fullmatch(bare(said[at])):
        heading, counted = here.tag in _HEADINGS, any(letter.isdigit() for letter in here.text)
        telling = counted or words > 1 if heading else counted
        moved = heading or _moves(page, blocks, at)
        return "comments" if moved and (telling or _another_story(page, blocks, at)) else ""
    high = here.tag == "h1" or ("." in level and _level(blocks[at]) == level)
    own = heading_key(here.text) if high and words >= _LEAST else ""
    headline = own and own not in key and key not in own
    return "another" if headline and _another_story(page, blocks, at) else ""


def _moves(page: Sequence[Paragraph], blocks: Sequence[Block], at: int) -> bool:
    """Whether the prose after a paragraph stands in another element than the article's prose before it."""
    before = next(i for i in range(at - 1, -1, -1) if blocks[i].kept and page[i].words >= _PROSE)
    after = next((each for each in page[at + 1 :] if each.words >= _PROSE), page[before])
    return after.inside[-2:-1] != page[before].inside[-2:-1]


def _another_story(page: Sequence[Paragraph], blocks: Sequence[Block], at: int) -> bool:
    """Whether the prose after a paragraph shares few words with the prose before it."""
    near = page[at + 1 : at + 1 + _NEAR]
    after = [each.text for each in near if each.words >= _PROSE and each.linked < 0.5]
    mine, theirs = story_of(block.text for block in blocks[:at] if block.kept).words, story_of(after[:6]).words
    return len(after) > 1 and len(mine & theirs) < _SHARE * len(theirs)
