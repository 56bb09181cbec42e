"""A page's tree and its paragraphs in the order of the document, each with the path by which it is found again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, cast

import lxml.html
from lxml import etree

from ingest.language import words_in
from ingest.model import ParseError
from ingest.phrases import adverts

MAX_CHARACTERS = 10_000_000


def _tags(written: str) -> frozenset[str]:
    return frozenset(written.split())


_SKIPPED = _tags(
    "script style noscript template svg math select option datalist iframe object embed audio video canvas textarea "
    "head map button"
)
_INLINE = _tags(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr input o:p"
)
_UNSEEN = etree.XPath("//*[@hidden or contains(translate(@style, ' ', ''), 'display:none')]")
# A card that a script shows beside a name: a picture and links inside of a sentence, headlines of the day among them.
_CARDS = etree.XPath("//span[img and count(a) > 1 and not(text()[normalize-space()] or *[not(self::a or self::img)])]")
_NAMED = re.compile(r"[A-Za-z][A-Za-z_-]{2,30}")
_CAPTION = re.compile(r"caption|credit|photo-?(?:text|info)", re.IGNORECASE)
_BREAK = re.compile(r"(?<=[.!?:;\"”»…)])\s*\v|\v(?:[^\S\v]*\v)+")
_MAIL = re.compile("e-?mail", re.IGNORECASE)
_LETTER = re.compile(r"\w")
_CELL = 80  # characters up to which a table cell is a figure or a name rather than a column of a layout
_LABEL = 60  # characters that an advertisement's label has at most
_MARKS = " \t\r\n:|·–—-"
_SEGMENTS = 7  # of a path: enough to tell places of a page apart, few enough to survive a wrapper more


class Paragraph(NamedTuple):
    """A run of text that stands by itself. *linked* is the share of its characters inside links (0–1); *inside* are
    the numbers of the block elements around it, outermost first, *article* that of the innermost ``<article>`` or 0,
    *asks* that of the innermost one with a field for an e-mail address in it, or 0."""

    text: str
    path: str
    tag: str
    linked: float
    caption: bool
    inside: tuple[int, ...]
    article: int
    words: int
    asks: int = 0


def parse(text: str) -> tuple[etree._Element, bool]:
    """The tree of a decoded page, and whether the parser cut anything. Raises ParseError ``empty``, ``too-large`` or
    ``not-html``."""
    if len(text) > MAX_CHARACTERS:
        raise ParseError("too-large", f"{len(text)} characters")
    if not text.strip():
        raise ParseError("empty")
    parser = etree.HTMLParser(huge_tree=True, remove_pis=True, remove_comments=True, encoding="utf-8")
    # Every element an HtmlElement, told in C: lxml.html's own lookup is Python, once an element (a tenth of the run).
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement))
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ParseError("not-html", str(error)) from error
    if tree is None:
        raise ParseError("empty")
    for card in cast("list[lxml.html.HtmlElement]", _CARDS(tree)):
        card.drop_tree()
    return tree, any(entry.level >= etree.ErrorLevels.FATAL for entry in parser.error_log)


@dataclass(slots=True)
class _Open:
    """A block element that has begun. Its name and whether it holds captions are worked out when text needs them."""

    element: etree._Element
    tag: str
    number: int
    name: str = ""
    caption: bool = False

    def named(self) -> str:
        """The element's segment of a path, read when it is first asked for."""
        if not self.name:
            self.name = _name(self.element, self.tag)
            self.caption = self.tag == "figcaption" or bool(_CAPTION.search(self.element.get("class", "")))
        return self.name


@dataclass(slots=True)
class _Walk:
    """Where the walk stands: open block elements, and the inline text gathered since the last paragraph ended."""

    found: list[Paragraph] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    asking: set[int] = field(default_factory=set)
    number: int = 0
    links: int = 0
    linked: int = 0

    def take(self, text: str) -> None:
        """Inline text of the paragraph under way."""
        self.pieces.append(text)
        if self.links:
            self.linked += len(text)

    def enter(self, element: etree._Element, tag: str) -> None:
        """An element begins; a block element ends the paragraph before it."""
        if tag == "br":
            self.pieces.append("\v")
        elif tag == "a":
            self.links += 1
        elif tag == "input" and _asks_for_mail(element):
            self.asking.update(each.number for each in self.open)
        elif tag not in _INLINE:
            if self.pieces:
                self.flush()
            self.number += 1
            self.open.append(_Open(element, tag, self.number))
            if tag == "tr":
                self.rows.append(len(self.found))
            elif tag == "article":
                self.articles.append(self.number)
        if text := element.text:
            self.take(text)

    def leave(self, element: etree._Element, tag: str) -> None:
        """An element ends; an advertisement's label that is set apart by one is a paragraph of its own."""
        if tag == "a":
            self.links -= 1
        elif tag in _INLINE:
            if len(self.pieces) < 3 and self._labels(element.tail):
                self.flush()
        elif tag != "br":
            if self.pieces:
                self.flush()
            self.open.pop()
            if tag == "tr":
                _join_row(self.found, self.rows.pop())
            elif tag == "article":
                self.articles.pop()

    def _labels(self, tail: str | None) -> bool:
        label = "".join(self.pieces).strip(_MARKS)
        return len(label) < _LABEL and label.casefold() in adverts() and not (tail or "").lstrip()[:1].islower()

    def flush(self) -> None:
        """Makes a paragraph of what has been gathered, or several: see _split."""
        raw, linked = "".join(self.pieces), self.linked
        self.pieces.clear()
        self.linked = 0
        if raw.isspace():
            return
        share = min(1.0, linked / max(1, len(raw.strip())))
        near = self.open[-_SEGMENTS:]
        path = "/".join([each.named() for each in near])
        caption = any(each.caption for each in near[-4:])
        inside = tuple([each.number for each in self.open])
        tag = near[-1].tag if near else ""
        article = self.articles[-1] if self.articles else 0
        self.found += [
            Paragraph(part, path, tag, share, caption, inside, article, words_in(part)) for part in _split(raw)
        ]


def _split(raw: str) -> Iterator[str]:
    """Two breaks end a paragraph, and so does one after a sentence; any other is a space."""
    for part in _BREAK.split(raw) if "\v" in raw else (raw,):
        text = " ".join(part.split())
        if text and _LETTER.search(text):
            yield text


def paragraphs(tree: etree._Element) -> list[Paragraph]:
    """Every paragraph under the body, scripts, forms' innards and other unseen text left out; a row of a table of
    short cells is one paragraph."""
    body = tree.find("body")
    unseen = set(cast("list[etree._Element]", _UNSEEN(tree)))
    walk = _Walk()
    steps = etree.iterwalk(tree if body is None else body, events=("start", "end"))
    skipped = False  # an element whose subtree is passed over ends with the next event
    for event, element in steps:
        tag = element.tag
        if event == "start":
            skipped = tag in _SKIPPED or element in unseen
            if skipped:
                steps.skip_subtree()
            else:
                walk.enter(element, tag)
            continue
        if not skipped:
            walk.leave(element, tag)
        skipped = False
        if tail := element.tail:
            walk.take(tail)
    walk.flush()
    return [_asked(each, walk.asking) for each in walk.found] if walk.asking else walk.found


def _asked(each: Paragraph, asking: set[int]) -> Paragraph:
    number = next((number for number in reversed(each.inside) if number in asking), 0)
    return each._replace(asks=number) if number else each


def _asks_for_mail(element: etree._Element) -> bool:
    kind = element.get("type", "text").lower()
    named = f"{element.get('name')} {element.get('placeholder')}"
    return kind == "email" or (kind == "text" and bool(_MAIL.search(named)))


def _join_row(found: list[Paragraph], start: int) -> None:
    cells = found[start:]
    if len(cells) > 1 and all(each.tag in ("td", "th") and len(each.text) <= _CELL for each in cells):
        linked = sum(each.linked * len(each.text) for each in cells) / sum(len(each.text) for each in cells)
        text = " ".join(each.text for each in cells)
        first = cells[0]
        path = first.path.rpartition("/")[0]
        found[start:] = [Paragraph(text, path, "tr", linked, False, first.inside[:-1], first.article, words_in(text))]


def _name(element: etree._Element, tag: str) -> str:
    """``div.article-body``: the tag, its first telling class or its id; classes with digits change with each build."""
    for written in (element.get("class"), element.get("id")):
        for word in written.split() if written else ():
            if _NAMED.fullmatch(word):
                return f"{tag}.{word}"
    return tag
