"""A page's tree and its paragraphs in the order of the document, each with the path by which it is found again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

from ingest.model import ParseError

MAX_CHARACTERS = 10_000_000
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "select",
        "option",
        "datalist",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "canvas",
        "textarea",
        "head",
        "map",
        "button",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "input",
        "o:p",
    ]
)
_NAMED = re.compile(r"[A-Za-z][A-Za-z_-]{2,30}")
_CAPTION = re.compile(r"caption|credit|figcaption|wp-caption|photo-?(?:text|info)", re.IGNORECASE)
_BREAK = re.compile(r"(?<=[.!?:;\"”»…)])\s*\v|\v(?:[^\S\v]*\v)+")
_LETTER = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text that stands by itself. *linked* is the share of its characters inside links (0–1)."""

    text: str
    path: str
    tag: str
    linked: float
    caption: bool


def parse(text: str) -> tuple[etree._Element, bool]:
    """The tree of a decoded page, and whether the parser cut anything. Raises ParseError ``empty`` or ``too-large``."""
    if len(text) > MAX_CHARACTERS:
        raise ParseError("too-large", f"{len(text)} characters")
    if not text.strip():
        raise ParseError("empty")
    parser = lxml.html.HTMLParser(huge_tree=True, remove_pis=True, remove_comments=True, encoding="utf-8")
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ParseError("not-html", str(error)) from error
    cut = any(entry.level >= etree.ErrorLevels.FATAL for entry in parser.error_log)
    return tree, cut


@dataclass(slots=True)
class _Walk:
    """Where the walk stands: open block elements, and the inline text gathered since the last paragraph ended."""

    names: list[str] = field(default_factory=list)
    captions: list[bool] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    links: int = 0
    linked: int = 0

    def take(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            if self.links:
                self.linked += len(text)

    def paragraphs(self) -> Iterator[Paragraph]:
        """What has been gathered, split where two breaks or a break after a sentence stand."""
        if not self.pieces:
            return
        raw, linked = "".join(self.pieces), self.linked
        self.pieces.clear()
        self.linked = 0
        if raw.isspace():
            return
        share = min(1.0, linked / max(1, len(raw.strip())))
        path = "/".join(self.names[-7:])
        tag = self.names[-1].partition(".")[0] if self.names else ""
        for part in _split(raw):
            yield Paragraph(part, path, tag, share, any(self.captions[-4:]))


def _split(raw: str) -> Iterator[str]:
    """Two breaks end a paragraph, and so does one after a sentence; any other is a space."""
    for part in _BREAK.split(raw) if "\v" in raw else (raw,):
        text = " ".join(part.replace("\v", " ").split())
        if text and _LETTER.search(text):
            yield text


def paragraphs(tree: etree._Element) -> list[Paragraph]:
    """Every paragraph under the body, scripts, forms' innards and other unseen text left out."""
    body = tree.find("body")
    walk = _Walk()
    found: list[Paragraph] = []
    steps = etree.iterwalk(tree if body is None else body, events=("start", "end"))
    for event, element in steps:
        tag = element.tag
        if event == "start":
            if tag in _SKIPPED or (len(element.attrib) and _hidden(element)):
                steps.skip_subtree()
                continue
            if tag == "br":
                walk.pieces.append("\v")
            elif tag == "a":
                walk.links += 1
            elif tag not in _INLINE:
                found += walk.paragraphs()
                walk.names.append(_name(element, tag))
                walk.captions.append(tag == "figcaption" or bool(_CAPTION.search(element.get("class", ""))))
            walk.take(element.text)
            continue
        if tag == "a":
            walk.links -= 1
        elif (
            tag not in _INLINE
            and tag not in _SKIPPED
            and tag != "br"
            and not (len(element.attrib) and _hidden(element))
        ):
            found += walk.paragraphs()
            walk.names.pop()
            walk.captions.pop()
        walk.take(element.tail)
    found += walk.paragraphs()
    return found


def _hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or "display:none" in element.get("style", "").replace(" ", "")


def _name(element: etree._Element, tag: str) -> str:
    """``div.article-body``: the tag, its first telling class or its id; classes with digits change with each build."""
    for written in (element.get("class"), element.get("id")):
        for word in written.split() if written else ():
            if _NAMED.fullmatch(word):
                return f"{tag}.{word}"
    return tag
