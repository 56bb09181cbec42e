"""What the shape of a page says about the extractor's choice: what lies beyond the article, and what it left out."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.dom import Paragraph
from ingest.model import Block

_PROSE = 10  # words from which a paragraph tells where the article is
_MAIN = 0.7  # of the prose: the innermost element that holds so much is the article's
_BEYOND = 0.2  # of the prose: more than this after the article's element is rather the article continued
_COMMENTS = re.compile(
    r"\.[^/]*(?:comments?(?![a-z])|comment-?(?:list|bar|section|thread|area|body|content)|disqus)[^/]*/", re.I
)


def reshaped(page: Sequence[Paragraph], blocks: Sequence[Block]) -> list[Block]:
    """The blocks again: readers' comments and what follows the article's element stripped, gaps in it filled."""
    prose = {at: _words(each) for at, each in enumerate(page) if blocks[at].kept and _words(each) >= _PROSE}
    total = sum(prose.values())
    if not total:
        return list(blocks)
    result = _without_comments(blocks, prose, total)
    inside = _main(page, prose, total)
    last = max(at for at in prose if inside in page[at].inside) if inside else len(page)
    beyond = [at for at, block in enumerate(result) if at > last and block.kept]
    if sum(prose.get(at, 0) for at in beyond) <= _BEYOND * total:
        for at in beyond:
            if inside not in page[at].inside:
                result[at] = replace(result[at], rule="beyond", evidence="after the article's element")
    return _filled(page, result)


def _words(paragraph: Paragraph) -> int:
    return paragraph.text.count(" ") + 1


def _main(page: Sequence[Paragraph], prose: dict[int, int], total: int) -> int:
    """The number of the innermost element that holds most of the prose; 0 if none does."""
    mass: Counter[int] = Counter()
    for at, words in prose.items():
        mass.update(dict.fromkeys(page[at].inside, words))
    return max((element for element, words in mass.items() if words >= _MAIN * total), default=0)


def _without_comments(blocks: Sequence[Block], prose: dict[int, int], total: int) -> list[Block]:
    """Readers' comments by the name of their element, unless most of the page is called so."""
    found = {at for at, block in enumerate(blocks) if block.kept and _COMMENTS.search(block.path)}
    if not found or all(at in found for at in prose):
        return list(blocks)
    return [replace(b, rule="comments", evidence="in the markup") if at in found else b for at, b in enumerate(blocks)]


def _speaks(paragraph: Paragraph) -> bool:
    return _words(paragraph) >= (3 if paragraph.text.endswith((".", "!", "?", "”", '"')) else 5)


def _filled(page: Sequence[Paragraph], blocks: list[Block]) -> list[Block]:
    """Paragraphs that stand among the article's, at the very path at which most of these stand, belong to it."""
    kept = [at for at, block in enumerate(blocks) if block.kept]
    paths = Counter(blocks[at].path for at in kept if _words(page[at]) >= _PROSE)
    for at in range(kept[0], kept[-1]) if kept else ():
        block = blocks[at]
        if block.rule == "extractor" and paths[block.path] >= 3 and page[at].linked < 0.3 and _speaks(page[at]):
            blocks[at] = replace(block, rule="", evidence="filled")
    return blocks
