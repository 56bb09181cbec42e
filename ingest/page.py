"""A page's bytes → the article: decode, parse once, select, strip, read the signals. One path for service and bench."""

import hashlib
import re
from collections.abc import Sequence

import trafilatura
from lxml import etree

from ingest.decode import decode
from ingest.dom import Paragraph, paragraphs, parse
from ingest.furniture import stripped
from ingest.metadata import Metadata, metadata
from ingest.model import Block, Page, ParseError, SiteMemory
from ingest.signals import marker_in, signals_of
from ingest.verdict import verdict_of

EXTRACTOR = "page/1"
WARM = 4  # articles of a site from which its memory is trusted to favour precision
_SQUEEZED = re.compile(r"\W+")
_CELL = re.compile(r"\s*\|\s*")


def extract(body: bytes, url: str, *, content_type: str = "", memory: SiteMemory | None = None) -> Page:
    """Reads one page. Never raises for what a page may hold: *verdict* says why a page without text has none."""
    memory = memory or SiteMemory()
    try:
        tree, cut = parse(decode(body, content_type))
    except ParseError as error:
        return _without_text(url, error.reason)
    found = metadata(tree, url)
    page = paragraphs(tree)
    blocks = _live(found) or _selected(page, _extracted(tree, memory))
    blocks = stripped(blocks, found.headline, memory)
    signals = signals_of(page)
    live = "liveblogposting" in found.kinds
    return Page(
        url=url,
        canonical=found.canonical,
        headline=found.headline,
        byline=found.byline,
        published=found.published,
        modified=found.modified,
        language=found.language,
        marker=marker_in(blocks, page, live=live),
        signals=signals,
        blocks=tuple(blocks),
        verdict=verdict_of(blocks, page, found, cut=cut),
        extractor=EXTRACTOR,
        front_page=not url.partition("://")[2].partition("/")[2].strip("/"),
    )


def gate(body: bytes, content_type: str = "") -> str:
    """A fingerprint of all text on a page: where it is equal, so is the article, and nothing needs extracting."""
    try:
        tree, _ = parse(decode(body, content_type))
    except ParseError:
        return ""
    digest = hashlib.sha256()
    for each in paragraphs(tree):
        digest.update(each.text.encode("utf-8", "replace") + b"\n")
    return digest.hexdigest()


def _without_text(url: str, reason: str) -> Page:
    verdict = "truncated" if reason == "too-large" else "empty"
    return Page(url, "", "", "", None, None, "", "none", signals_of(()), (), verdict, EXTRACTOR)  # type: ignore[arg-type]


def _extracted(tree: etree._Element, memory: SiteMemory) -> list[str]:
    """The lines that trafilatura selects; it works on a copy."""
    found = trafilatura.bare_extraction(
        tree, include_comments=False, favor_precision=memory.articles >= WARM, with_metadata=False
    )
    text = found.text if found is not None else ""
    return [line for line in (text or "").split("\n") if line.strip()]


def _live(found: Metadata) -> list[Block]:
    """A live blog's posts as JSON-LD gives them: the page itself shows a few of them."""
    return [Block(text, f"update:{key}"[:200]) for key, text in found.updates]


def _squeezed(text: str) -> str:
    return _SQUEEZED.sub("", text)


def _selected(page: Sequence[Paragraph], lines: list[str]) -> list[Block]:
    """The page's paragraphs between the first and the last that the extractor took, those it left out marked so."""
    whole = {_squeezed(part) for line in lines for part in (line, *_CELL.split(line.removeprefix("- ")))}
    running = "".join(_squeezed(line) for line in lines)
    blocks = [_block(each, whole, running) for each in page]
    return blocks


def _block(each: Paragraph, whole: set[str], running: str) -> Block:
    path = f"{each.path}/a" if each.linked > 0.9 else each.path
    key = _squeezed(each.text)
    taken = key in whole or (len(key) > 40 and key in running)
    if not taken:
        return Block(each.text, path, "extractor")
    if each.caption and each.text.count(" ") < 80:
        return Block(each.text, path, "caption", "in the markup")
    return Block(each.text, path)
