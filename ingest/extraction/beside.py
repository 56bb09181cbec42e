"""What stands beside an article and is none of it by its own words: consent banners, small forms that ask for an e-mail
address, and what an advertisement's label stands above. Told from the first look, before the site is known."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.extraction.dom import Paragraph
from ingest.extraction.shape import Prose, main_element, prose_among
from ingest.kin import story_of
from ingest.model import Block
from ingest.phrases import adverts, bare, phrases

_MAIN = 0.7  # of the prose: the innermost element that holds so much is the article's
_LEAST = 12  # words of other prose: with less there is nothing that a banner stands beside
_BANNER, _ADVERT, _FORM = 150, 60, 60  # words up to which an element is a banner, an advertisement, a form as a whole
_SAID = 90  # words up to which a paragraph may be a banner's
_LARGEST = 0.3  # of the page's prose: more is rather the article, whatever stands above it
_MOST = 40  # labels, and phrases of consent, that are looked at on one page
_BELOW = 4  # paragraphs that one label stands above

_FRAME = re.compile(r"(?:^|/)(?:header|footer|nav|aside|dialog)(?:[./]|$)|[.-](?:side-?bar|footer|masthead)(?:[/-]|$)")
_LINKS = 3  # lines that are links: an element with so many is a column or a foot of the page

Beside = dict[int, tuple[str, str]]  # index of a paragraph → the rule that strips it, and what that saw


def beside(page: Sequence[Paragraph], said: Sequence[str]) -> Beside:
    """The paragraphs of consent banners, advertisements and forms; *said* are the page's spoken texts."""
    offers = _offers(said)
    labels = [at for at, text in enumerate(said) if len(text) < 60 and bare(text) in adverts()]
    offers, labels = dict(list(offers.items())[:_MOST]), labels[:_MOST]
    forms = dict.fromkeys(each.asks for each in page if each.asks)
    if not offers and not labels and not forms:
        return {}
    prose = prose_among(page, [at for at, each in enumerate(page) if at not in offers and each.linked < 0.3])
    if sum(prose.values()) < _LEAST:
        return {}
    main = main_element(page, prose, _MAIN)
    found: Beside = {n: ("advert", f"below {page[at].text!r}") for at in labels for n in _advert(page, prose, at)}
    for element in list(forms)[:_MOST]:
        found.update((n, ("form", "beside a field for an e-mail address")) for n in _form(page, prose, element))
    for at, why in offers.items():
        found.update((n, ("banner", why)) for n in _banner(page, prose, main, at))
    return found


def without_frame(page: Sequence[Paragraph], blocks: Sequence[Block]) -> list[Paragraph]:
    """The page without what is said around the article rather than in its place: banners, what stands above the
    headline, and columns, heads and feet."""
    if len(page) != len(blocks):
        return list(page)  # a live blog's posts
    headline = next((at for at, each in enumerate(page) if each.tag == "h1"), 0)
    first = next((at for at, block in enumerate(blocks) if block.kept and at > headline), headline)
    around = frozenset(page[headline].inside) & frozenset(page[first].inside)
    outer = [next((each for each in one.inside if each not in around), 0) for one in page]
    links = Counter(element for element, one in zip(outer, page, strict=True) if one.linked > 0.5)
    return [
        each
        for at, each in enumerate(page)
        if at >= headline
        and blocks[at].rule not in ("banner", "advert")
        and not _FRAME.search(each.path)
        and (at <= first or blocks[at].kept or links[outer[at]] < _LINKS)
    ]


def _offers(said: Sequence[str]) -> dict[int, str]:
    """The paragraphs with a phrase of consent, and that phrase. Hints are looked for on the page as a whole first."""
    page = "\n".join(said)
    hints = [hint for hint in phrases("consent").hints if hint in page]
    near = [at for at, text in enumerate(said) if any(hint in text for hint in hints)] if hints else []
    found = ((at, phrases("consent").found(said[at])) for at in near if said[at].count(" ") < _SAID)
    return {at: why for at, why in found if why}


def _around(page: Sequence[Paragraph], main: int) -> frozenset[int]:
    """The article's element and those around it."""
    inside = next((each.inside for each in page if main in each.inside), ())
    return frozenset(inside[: inside.index(main) + 1] if main else ())


def _banner(page: Sequence[Paragraph], prose: Prose, main: int, at: int) -> Iterator[int]:
    """The banner that a consent phrase stands in: its element, if that holds little else, and itself. Among the
    article's paragraphs and at their path such a phrase is the article's."""
    own = [elements for elements in page[at].inside if elements not in _around(page, main)]
    inside = not main or main in page[at].inside
    if inside:
        headline = next((n for n, each in enumerate(page) if each.tag == "h1"), min(prose))
        paths = Counter(page[n].path for n in prose)
        if page[at].tag == "h1" or not (at < headline or (page[at].path not in paths and _outside(prose, at))):
            return
    yield at
    for element in own[: -1 if inside else None]:
        members = [n for n, each in enumerate(page) if element in each.inside]
        heading = any(page[n].tag == "h1" for n in members)
        if not heading and sum(page[n].words for n in members) <= _BANNER:
            yield from members
            return


def _form(page: Sequence[Paragraph], prose: Prose, element: int) -> list[int]:
    """What a small element says that asks for an e-mail address: newsletters, comments; unless it is the article's."""
    members = [at for at, each in enumerate(page) if element in each.inside]
    said, heading = sum(page[at].words for at in members), any(page[at].tag == "h1" for at in members)
    small = said <= _FORM and sum(prose.get(at, 0) for at in members) <= _LARGEST * sum(prose.values())
    return members if small and not heading else []


def _outside(prose: Prose, at: int) -> bool:
    return at < min(prose) or at > max(prose)


def _advert(page: Sequence[Paragraph], prose: Prose, at: int) -> Iterator[int]:
    """What a label stands above: the rest of a small element that it opens, else the next paragraph, if that is a
    link or another kind of paragraph and no part of the story."""
    for element in reversed(page[at].inside[-3:]):
        members = [n for n, each in enumerate(page) if element in each.inside]
        rest = [n for n in members if n > at]
        if rest and members[0] == at and sum(page[n].words for n in rest) <= _ADVERT and len(rest) <= _BELOW:
            if sum(prose.get(n, 0) for n in rest) <= _LARGEST * sum(prose.values()):
                yield from rest
            return
        if rest:
            break
    after = at + 1
    if after < len(page) and page[after].tag not in ("h1", "h2") and _turns(page, prose, after):
        yield after


def _turns(page: Sequence[Paragraph], prose: Prose, at: int) -> bool:
    if page[at].linked > 0.9:
        return True
    paths = Counter(page[n].path for n in prose if n != at)
    if paths[page[at].path] or page[at].words > _ADVERT:
        return False
    return not story_of(page[n].text for n in prose if n != at).knows(page[at].text)
