"""What the shape of a page says about the extractor's choice: what lies beyond the article, and what it left out."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ingest.extraction.dom import Paragraph
from ingest.language import ends_sentence
from ingest.model import Block

PROSE = 10  # words from which a paragraph tells where the article is
_MAIN, _HALF = 0.7, 0.5  # of the prose: the innermost element that holds so much is the article's
_BEYOND = 0.2  # of the prose: more than this after the article's element is rather the article continued
_OWN = 60  # words of prose from which an <article> can be the page's own beside others
_COMMENTS = re.compile(
    r"\.[^/]*(?:comments?(?![a-z])|comment-?(?:list|bar|section|thread|area|body|content)|disqus)[^/]*/", re.IGNORECASE
)
_ABOUT = re.compile(r"[^/]*(?:byline|author|credit|caption)[^/]*$", re.IGNORECASE)
_HEADINGS = frozenset(("h1", "h2", "h3"))
_LISTS = frozenset(("ul", "ol", "dl"))
_SUBHEADS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_SENTENCE = 5  # words from which what ends as a sentence is prose in a short text
_SHORT = 80  # words of what was kept: an extractor that found more has found the article
_SEVERAL = 3  # paragraphs: fewer at one place may be anything

Prose = Mapping[int, int]  # index of a kept paragraph of prose → its words


def reshaped(page: Sequence[Paragraph], blocks: Sequence[Block]) -> list[Block]:
    """The blocks again: readers' comments, other articles and what follows the article's element stripped, gaps in it
    filled."""
    result = _found_below(page, list(blocks))
    for rule, evidence, foreign in (
        ("comments", "by the name of its element", _comments),
        ("another", "in an <article> of its own", _other_articles),
        ("beyond", "after the article's element", _beyond),
        ("beyond", "no sentence, above the headline", _ahead),
    ):
        prose = prose_among(page, [at for at, block in enumerate(result) if block.kept])
        for at in foreign(page, result, prose) if prose else ():
            if result[at].kept:
                result[at] = replace(result[at], rule=rule, evidence=evidence)
    return _filled(page, result)


def prose_among(page: Sequence[Paragraph], among: Iterable[int]) -> Prose:
    """The paragraphs of prose among some; of a short text, where there are hardly any, every sentence."""
    counted = {at: page[at].words for at in among}
    prose = {at: count for at, count in counted.items() if count >= PROSE}
    if len(prose) >= _SEVERAL:
        return prose
    return {at: count for at, count in counted.items() if at in prose or (count >= _SENTENCE and says(page[at]))}


def _found_below(page: Sequence[Paragraph], blocks: list[Block]) -> list[Block]:
    """The blocks with the sentences below the headline kept, where the extractor took none of them: of a short text in
    plain elements it takes whatever else the page says in paragraphs."""
    kept = {block.path for at, block in enumerate(blocks) if block.kept and page[at].words >= PROSE}
    mass = sum(page[at].words for at, block in enumerate(blocks) if block.kept)
    if mass >= _SHORT:
        return blocks
    headline = next((at for at, each in enumerate(page) if each.tag == "h1"), None)
    text = _below(page, blocks, headline) if headline is not None else []
    if not text or blocks[text[0]].path in kept or sum(page[at].words for at in text) < mass:
        return blocks
    return [
        _fill(block, "the sentences below the headline") if at in text else block for at, block in enumerate(blocks)
    ]


def _below(page: Sequence[Paragraph], blocks: Sequence[Block], headline: int) -> list[int]:
    """The paragraphs of the kind of which there are most below a headline, side by side in one element that is the
    headline's or next to it: several, and sentences most of them."""
    around = frozenset(page[headline].inside[-4:-1])
    kinds: dict[tuple[str, int], list[int]] = {}
    for at in range(headline + 1, len(page)):
        inside = page[at].inside
        near = len(inside) > 1 and not around.isdisjoint(inside[-4:-1]) and not _COMMENTS.search(f"{page[at].path}/")
        if near and blocks[at].rule == "extractor" and page[at].linked < 0.3 and page[at].words > 3:
            kinds.setdefault((blocks[at].path, inside[-2]), []).append(at)
    most = max(kinds.values(), key=lambda held: sum(page[at].words for at in held), default=[])
    said = [at for at in most if _sentence(page[at].text)]
    telling = any(page[at].words >= PROSE for at in said)
    return most if telling and len(said) >= _SEVERAL and len(said) >= _MAIN * len(most) else []


def mostly_link(paragraph: Paragraph) -> bool:
    """Whether a paragraph is links with a label or a mark between them, rather than a sentence with links in it. Posts
    of social media, which end in links, are quoted as blocks."""
    return (
        0.6 < paragraph.linked <= 0.9  # a whole line is judged by its words, see furniture.py
        and paragraph.words > 3  # "[Harbour Wire]" names a source
        and not ends_sentence(paragraph.text)
        and not paragraph.text.endswith("…")
        and "/blockquote" not in paragraph.path
    )


def _comments(_: Sequence[Paragraph], blocks: Sequence[Block], prose: Prose) -> Collection[int]:
    """Readers' comments, unless all of the page is called so."""
    found = {at for at, block in enumerate(blocks) if block.kept and _COMMENTS.search(block.path)}
    return () if all(at in found for at in prose) else found


def _other_articles(page: Sequence[Paragraph], _: Sequence[Block], prose: Prose) -> Collection[int]:
    """What stands in a later ``<article>`` that has a heading of its own, as infinite scroll appends it."""
    own = Counter[int]()
    for at, count in prose.items():
        own[page[at].article] += count
    first = page[min(prose)].article
    headed = {each.article for each in page if each.article != first and _heads_another(each)}
    if not first or own[first] < _OWN:
        return ()
    return [at for at, each in enumerate(page) if each.article in headed and at > min(prose)]


def _heads_another(paragraph: Paragraph) -> bool:
    """A heading that links to its own page or is of the first order: a live blog's posts have neither."""
    return paragraph.tag == "h1" or (paragraph.tag in _HEADINGS and paragraph.linked > 0.5)


def _beyond(page: Sequence[Paragraph], blocks: Sequence[Block], prose: Prose) -> Collection[int]:
    """What follows the article's element: a little of the same kind, or more of another."""
    for share, most, alike in ((_MAIN, _BEYOND, True), (_HALF, _HALF, False)):
        inside = main_element(page, prose, share)
        if not inside:
            continue
        last = max(at for at in prose if inside in page[at].inside)
        leaves = {_leaf(blocks[at]) for at in prose if inside in page[at].inside}
        after = [at for at in range(last + 1, len(page)) if blocks[at].kept and inside not in page[at].inside]
        found = [at for at in after if alike or _leaf(blocks[at]) not in leaves]
        if found and sum(prose.get(at, 0) for at in after) <= most * sum(prose.values()):
            return found
    return ()


def _ahead(page: Sequence[Paragraph], blocks: Sequence[Block], prose: Prose) -> Collection[int]:
    """What stands above the headline, outside of the article's element, and is neither a heading nor a sentence that
    links nowhere: menus, today's date, the weather."""
    inside = main_element(page, prose, _MAIN)
    if not inside:
        return ()
    first = min(at for at in prose if inside in page[at].inside)
    first = next((at for at in range(first) if page[at].tag == "h1"), first)
    return [
        at
        for at in range(first)
        if blocks[at].kept
        and inside not in page[at].inside
        and page[at].tag[:1] != "h"
        and (page[at].linked >= 0.5 or not _sentence(page[at].text))
    ]


def _sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return ends_sentence(text) and not text.endswith("..")


def _leaf(block: Block) -> str:
    return block.path.removesuffix("/a").rpartition("/")[2]


def main_element(page: Sequence[Paragraph], prose: Prose, share: float) -> int:
    """The number of the innermost element that holds *share* of the prose; 0 if none does."""
    mass: Counter[int] = Counter()
    for at, count in prose.items():
        mass.update(dict.fromkeys(page[at].inside, count))
    least = share * sum(prose.values())
    found = max((element for element, count in mass.items() if count >= least), default=0)
    return next((_around_list(page[at], found) for at in prose if found in page[at].inside), found)


def _around_list(paragraph: Paragraph, element: int) -> int:
    """The element around a list that holds most of the prose: an article may be a list and go on below it."""
    names = paragraph.path.split("/")[-len(paragraph.inside) :]
    named = zip(paragraph.inside[-len(names) :], names, strict=True)
    outer = [number for number, name in named if number <= element and name.partition(".")[0] not in _LISTS]
    return max(outer, default=element)


def _speaks(paragraph: Paragraph) -> bool:
    return paragraph.words >= (3 if paragraph.text.endswith((".", "!", "?", "”", '"')) else 5)


def _filled(page: Sequence[Paragraph], blocks: list[Block]) -> list[Block]:
    """What the extractor missed among the article's paragraphs, around them and after them."""
    kept = [at for at, block in enumerate(blocks) if block.kept]
    paths = Counter(blocks[at].path for at in kept if page[at].words >= PROSE)
    for at in range(kept[0], kept[-1]) if kept else ():
        block = blocks[at]
        if block.rule == "extractor" and paths[block.path] >= _SEVERAL and page[at].linked < 0.3 and _speaks(page[at]):
            blocks[at] = _fill(block, "among paragraphs of its kind")
    prose = {at: page[at].words for at in kept if page[at].words >= PROSE}
    for evidence, missed in (
        ("a sentence between headline and text", _deck),
        ("among the paragraphs it heads", _subheads),
        ("quoted among the paragraphs", _quotes),
        ("the text goes on", _continued),
    ):
        for at in missed(page, blocks, prose) if prose else ():
            if blocks[at].rule == "extractor":
                blocks[at] = _fill(blocks[at], evidence)
    return blocks


def _fill(block: Block, evidence: str) -> Block:
    return replace(block, rule="", evidence=f"filled: {evidence}")


def _deck(page: Sequence[Paragraph], _: Sequence[Block], prose: Prose) -> Collection[int]:
    """The sentence, marked up as a heading, that many papers set below their headline."""
    first = min(prose)
    headline = max((at for at in range(first) if page[at].tag == "h1"), default=first)
    below = range(headline + 1, first)
    return [at for at in below if page[at].tag in _SUBHEADS and page[at].words >= 6 and says(page[at])]


def _subheads(page: Sequence[Paragraph], _: Sequence[Block], prose: Prose) -> Collection[int]:
    """Headings, and short sentences, in the very element in which most paragraphs stand."""
    parents = Counter(page[at].inside[-2] for at in prose if len(page[at].inside) > 1)
    parent, count = max(parents.items(), key=lambda each: each[1], default=(0, 0))
    if count < _SEVERAL:
        return ()
    return [
        at
        for at in range(min(prose), max(prose))
        if page[at].inside[-2:-1] == (parent,)
        and not page[at].caption
        and not _ABOUT.search(page[at].path)
        and page[at].linked < 0.3
        and (page[at].words > 1 if page[at].tag in _SUBHEADS else page[at].words > 2 and says(page[at]))
    ]


def _quotes(page: Sequence[Paragraph], blocks: Sequence[Block], prose: Prose) -> Collection[int]:
    """What is quoted as a block, posts of social media above all, which extractors drop by their class."""
    inside = main_element(page, prose, _MAIN)
    return [
        at
        for at in range(min(prose), max(prose))
        if "/blockquote" in blocks[at].path
        and inside in (0, *page[at].inside)
        and page[at].linked < 0.5
        and page[at].words > 3
    ]


def _continued(page: Sequence[Paragraph], blocks: Sequence[Block], prose: Prose) -> Collection[int]:
    """Paragraphs at the very path of the text that go on after an advertisement, where extractors stop: several, at
    most three elements away, before anything heads another article."""
    last = max(prose)
    paths = Counter(blocks[at].path for at in prose)
    near = page[last].inside[-4:-1]
    found: list[int] = []
    for at in range(last + 1, len(page)):
        if _heads_another(page[at]) or page[at].article != page[last].article:
            break
        path = blocks[at].path
        alike = paths[path] >= _SEVERAL and not {*near}.isdisjoint(page[at].inside) and not _COMMENTS.search(path)
        if alike and blocks[at].rule == "extractor" and page[at].words >= PROSE and says(page[at]):
            found.append(at)
    return found if len(found) >= _SEVERAL else ()


def says(paragraph: Paragraph) -> bool:
    """Whether a paragraph ends as a sentence does and is no link."""
    return paragraph.linked < 0.3 and _sentence(paragraph.text)
