"""A page's bytes → the article: decode, parse once, select, strip, read the signals. One path for service and bench."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import trafilatura
from lxml import etree

from ingest.extraction.beside import beside
from ingest.extraction.decode import decode
from ingest.extraction.dom import Paragraph, paragraphs, parse
from ingest.extraction.furniture import stripped
from ingest.extraction.gate import gate_at, gate_of, unmoved
from ingest.extraction.live import posts
from ingest.extraction.metadata import Metadata, metadata
from ingest.extraction.shape import PROSE, mostly_link, reshaped
from ingest.extraction.signals import read_signals
from ingest.extraction.tail import without_tail
from ingest.extraction.verdict import verdict_of
from ingest.extraction.whole import breaks_off
from ingest.language import language_of, words_in
from ingest.memory import pinned
from ingest.model import Block, Page, ParseError, Signals, SiteMemory, Verdict
from ingest.phrases import spoken_all

EXTRACTOR = "page/4"
_UNREAD: dict[str, Verdict] = {"too-large": "truncated", "not-an-article": "not-an-article"}
_SQUEEZED = re.compile(r"\W+")
_LITTLE = 0.3  # of the words of the page's prose
_MOST = 500_000  # comparisons of lines with paragraphs
_SURE = 40  # letters from which a paragraph is recognised wherever it stands


class _Parsed(NamedTuple):
    """A page's markup, tree, paragraphs and metadata, and whether the parser cut anything."""

    markup: str
    tree: etree._Element
    page: list[Paragraph]
    found: Metadata
    cut: bool


def extract(body: bytes, url: str, *, content_type: str = "", memory: SiteMemory | None = None) -> Page:
    """Reads one page. Never raises for what a page may hold: *verdict* says why a page without text has none."""
    try:
        return _read(_parsed(body, url, content_type), url, memory or SiteMemory())
    except ParseError as error:
        return _without_text(url, error.reason)


def extract_if_changed(
    body: bytes,
    url: str,
    known: str,
    *,
    content_type: str = "",
    memory: SiteMemory | None = None,
    restamps: bool = False,
) -> Page | None:
    """Reads a page again; None where its text, headline, addresses and dates are those of the page whose ``gate`` is
    *known*, at a third of the cost. *restamps*: this site moves its modified stamp over equal text."""
    try:
        parsed = _parsed(body, url, content_type)
    except ParseError as error:
        return _without_text(url, error.reason)
    if known and unmoved(known, gate_at(parsed.markup, parsed.page, parsed.found), restamps=restamps):
        return None
    return _read(parsed, url, memory or SiteMemory())


def _parsed(body: bytes, url: str, content_type: str) -> _Parsed:
    markup = decode(body, content_type)
    tree, cut = parse(markup)
    return _Parsed(markup, tree, paragraphs(tree), metadata(tree, url), cut)


def _read(parsed: _Parsed, url: str, memory: SiteMemory) -> Page:
    markup, tree, page, found, cut = parsed
    said = spoken_all([each.text for each in page])
    own = without_tail(page, said, _selected(page, said, _extracted(tree, page)), found.headline)
    blocks = stripped(own, said, found.headline, memory)
    marker, signals = read_signals(page, said, blocks, live="liveblogposting" in found.kinds)
    blocks = pinned(posts(found.updates, blocks) if found.updates else blocks, memory)
    seen = gate_of(page, blocks, found)
    return Page(
        url=url,
        canonical=found.canonical,
        headline=found.headline,
        byline=found.byline,
        published=found.published,
        zone=found.zone,
        modified=found.modified,
        language=found.language or language_of("\n".join(block.text for block in blocks if block.kept)),
        marker=marker,
        signals=signals,
        blocks=tuple(blocks),
        verdict=verdict_of(blocks, page, found, markup, cut=cut or breaks_off(markup)),
        extractor=EXTRACTOR,
        gate=seen,
        front_page=not url.partition("://")[2].partition("/")[2].strip("/"),
    )


def _without_text(url: str, reason: str) -> Page:
    verdict = _UNREAD.get(reason, "empty")
    return Page(url, "", "", "", None, None, "", "none", Signals(), (), verdict, EXTRACTOR)


def _extracted(tree: etree._Element, page: Sequence[Paragraph]) -> list[str]:
    """The lines that trafilatura selects: by its rules, and where these find little of what the page says, by all of
    its extractors, which take three times as long and elsewhere find no better (measured on 312 pages)."""
    lines = _lines(tree, fast=True)
    prose = sum(each.words for each in _own(page) if each.words >= PROSE and each.linked < 0.3)
    if sum(words_in(line) for line in lines) >= _LITTLE * prose:
        return lines
    every = _lines(tree, fast=False)
    return every if sum(map(len, every)) > sum(map(len, lines)) else lines


def _own(page: Sequence[Paragraph]) -> list[Paragraph]:
    """The page without what stands in an ``<article>`` other than the first that has prose."""
    first = next((each.article for each in page if each.article and each.words >= PROSE), 0)
    return [each for each in page if each.article in (0, first)]


def _lines(tree: etree._Element, *, fast: bool) -> list[str]:
    found = trafilatura.bare_extraction(
        tree, include_comments=False, with_metadata=False, fast=fast
    )  # it works on a copy
    text = getattr(found, "text", None)
    return [line for line in (text or "").split("\n") if line.strip()]


def _squeezed(text: str) -> str:
    return _SQUEEZED.sub("", text)


def _selected(page: Sequence[Paragraph], said: Sequence[str], lines: list[str]) -> list[Block]:
    """All paragraphs of the page, those that the extractor left out, and those that stand beside the article, marked
    so."""
    taken = _taken([_squeezed(each.text) for each in page], [_squeezed(line) for line in lines])
    blocks = [_block(each, at in taken) for at, each in enumerate(page)]
    for at, (rule, evidence) in beside(page, said).items():
        blocks[at] = replace(blocks[at], rule=rule, evidence=evidence[:120])
    return reshaped(page, blocks)


def _taken(keys: list[str], lines: list[str]) -> set[int]:
    """Which paragraphs the extractor's lines are made of: a line may hold several, and a paragraph several lines. A
    short one that stands in several places counts between the first and the last long one."""
    whole = set(lines)
    running = "".join(lines)
    sure = {at for at, key in enumerate(keys) if len(key) > _SURE and (key in whole or key in running)}
    missing = whole - {keys[at] for at in sure}
    first, last = min(sure, default=0), max(sure, default=len(keys))
    short = {at for at, key in enumerate(keys) if len(key) <= _SURE and key in missing and first <= at <= last}
    placed = {keys[at] for at in short}
    short |= {at for at, key in enumerate(keys) if key in missing and key not in placed and len(key) <= _SURE}
    missing -= {keys[at] for at in short}
    parts = [line for line in missing if len(line) >= 6][: _MOST // max(1, len(keys))]
    joined = {at for at, key in enumerate(keys) if parts and at not in sure and len(key) > 12 and _covers(parts, key)}
    return sure | short | joined


def _covers(parts: list[str], key: str) -> bool:
    return sum(len(part) for part in parts if part in key) >= 0.6 * len(key)


def _block(each: Paragraph, taken: bool) -> Block:
    path = f"{each.path}/a" if each.linked > 0.9 else each.path
    if not taken:
        return Block(each.text, path, "extractor")
    if each.caption and each.text.count(" ") < 80:
        return Block(each.text, path, "caption", "in the markup")
    if mostly_link(each):
        return Block(each.text, path, "link", "most of it")
    return Block(each.text, path)
