"""Sentences and their tokens, each with its place in the text as written."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import sentencex

from facts.fold import clean, level

LONGEST = 1200
"""Characters of a sentence; what runs on without an end is cut at a space, which bounds every later step."""

_TOKEN = re.compile(
    r"(?P<n>\d{1,3}(?:[,.]\d{3})+(?![\d,])(?:[.,]\d+)?|\d+(?:[.:]\d+|,\d{1,3}(?!\d))*)"
    r"|(?P<w>(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:'[^\W\d_]+|\d+[^\W_]*)*)"
    r'|(?P<q>["]|\'\'|``)'
    r"|(?P<s>[$€£¥₴₽₹%°‰])"
    r"|(?P<p>[^\w\s]|[\d_])"
)
_KINDS = {"n": "n", "w": "w", "q": "q", "s": "s", "p": "p"}


class Token(NamedTuple):
    """A word (``w``), number (``n``), quotation mark (``q``), symbol (``s``) or other sign (``p``). *start* and *end*
    are characters of the text as written; *norm* is the word as compared: lower case, no accents, no possessive."""

    text: str
    start: int
    end: int
    norm: str
    kind: str


class Sentence(NamedTuple):
    """A sentence as written, where it starts in the text, and in which paragraph."""

    text: str
    start: int
    paragraph: int


def sentences(text: str, language: str) -> list[Sentence]:
    """The sentences of a text whose paragraphs are its lines."""
    found: list[Sentence] = []
    start = 0
    for paragraph, line in enumerate(text.split("\n")):
        if line.strip():
            found.extend(_of_paragraph(line, start, paragraph, language))
        start += len(line) + 1
    return found


def _of_paragraph(line: str, start: int, paragraph: int, language: str) -> Iterator[Sentence]:
    at = 0
    flat = level(line)
    for piece in _segment(flat, language):
        where = flat.find(piece, at)
        if where < 0:
            continue
        at = where + len(piece)
        for offset, part in _bounded(line[where:at]):
            yield Sentence(part, start + where + offset, paragraph)


def _segment(line: str, language: str) -> list[str]:
    if len(line) < 40 and not re.search(r"[.!?。।]\s", line):
        return [line.strip()]
    pieces = (piece.strip() for piece in sentencex.segment(language, _encodable(line)))
    return [piece for piece in pieces if piece]


def _encodable(line: str) -> str:
    """Lone surrogates cannot cross into the splitter; a same-length stand-in keeps every offset."""
    try:
        line.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", "\ufffd", line)
    return line


def _bounded(piece: str) -> Iterator[tuple[int, str]]:
    at = 0
    while len(piece) - at > LONGEST:
        space = piece.rfind(" ", at + LONGEST // 2, at + LONGEST)
        cut = space if space > 0 else at + LONGEST
        yield at, piece[at:cut]
        at = cut + (space > 0)
    yield at, piece[at:]


def tokens(text: str, start: int = 0) -> list[Token]:
    """The tokens of a piece of text that begins at *start*."""
    cleaned, places = clean(text)
    found = []
    for match in _TOKEN.finditer(cleaned):
        left, right = match.span()
        written = match.group()
        if places is not None:
            while right < len(cleaned) and places[right] == places[right - 1]:
                right += 1  # marks of one base letter stand at one place
            left, right = places[left], places[right]
        kind = _KINDS[match.lastgroup or "p"]
        found.append(Token(written, start + left, start + right, norm(written, kind), kind))
    return found


@lru_cache(maxsize=65536)
def norm(written: str, kind: str) -> str:
    """A token as compared: words lower-cased without accents, dots and possessive; numbers and signs unchanged."""
    if kind != "w":
        return '"' if kind == "q" else written
    word = written.casefold()
    if word.endswith("'s"):
        word = word[:-2]
    if not word.isascii():
        word = "".join(letter for letter in unicodedata.normalize("NFD", word) if not _is_accent(letter))
        word = unicodedata.normalize("NFC", word)
    return word.replace(".", "") or written


def _is_accent(letter: str) -> bool:
    """Accents on Latin letters; the breve of й and the dots of ї are letters of their own."""
    return "\u0300" <= letter <= "\u036f" and letter not in "\u0306\u0308"
