"""The rules that strip furniture from what the extractor selected. Each names itself and what it saw."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.memory import fingerprint, heading_key, sighted_as_furniture
from ingest.model import Block, SiteMemory
from ingest.phrases import bare, exact, pattern, spoken, starts, teasers
from ingest.signals import is_marker, is_notice, is_stamp

LABEL_WORDS = 25  # a label is no longer; matched anywhere in longer text a phrase list cost 1.2 points of recall
_HEAD, _TAIL = 4, 6
_CHUNK = re.compile(r"[^\W\d_]+")


def stripped(blocks: Sequence[Block], headline: str, memory: SiteMemory) -> list[Block]:
    """The blocks again, those that are furniture with the rule that says so. Order matters: a signal is told from
    furniture first, a teaser needs its label, and the edges are those of what is left."""
    judged = [_alone(block, headline) for block in blocks]
    judged = _teasers(judged, headline)
    judged = [_remembered(block, headline, memory) for block in judged]
    return _edges(_twice(judged))


def _strip(block: Block, rule: str, evidence: str = "") -> Block:
    return replace(block, rule=rule, evidence=evidence[:120])


def _alone(block: Block, headline: str) -> Block:
    """What a block says of itself, whatever stands around it."""
    if not block.kept:
        return block
    words = block.text.count(" ") + 1
    if words > LABEL_WORDS:
        return _long(block)
    said = spoken(block.text)
    core = bare(said)
    if is_marker(block.text):
        return _strip(block, "marker", core)
    if is_notice(block.text):
        return block
    if heading_key(core) == heading_key(headline) and headline:
        return _strip(block, "headline", core)
    if is_stamp(block.text):
        return _strip(block, "stamp", core)
    if core in exact() or core in teasers():
        return _strip(block, "label" if core in exact() else "teaser", core)
    if pattern("counters").fullmatch(core):
        return _strip(block, "counter", core)
    if said.startswith(starts()):
        return _strip(block, "label", said)
    if "/a" in block.path[-2:] and not said.endswith((".", "!", "?", '"')):
        return _strip(block, "link", said)
    return _long(block)


def _long(block: Block) -> Block:
    found = pattern("anywhere").search(spoken(block.text)) if not is_notice(block.text) else None
    return _strip(block, "phrase", found[0]) if found else block


def _teasers(blocks: list[Block], headline: str) -> list[Block]:
    """After a teaser's label come another article's headline and mostly a paragraph of it, in plain paragraphs."""
    result = list(blocks)
    for at, block in enumerate(blocks):
        if block.rule != "teaser" or block.evidence == "after label":
            continue
        following = [
            i
            for i in range(at + 1, min(at + 8, len(result)))
            if result[i].rule not in ("extractor", "counter", "caption")
        ][:2]
        if not following or not _like_heading(result[following[0]].text):
            continue
        teaser = result[following[0]]
        result[following[0]] = _strip(teaser, "teaser", "after label")
        if (
            len(following) > 1
            and result[following[1]].kept
            and _introduces(teaser.text, result[following[1]].text, headline)
        ):
            result[following[1]] = _strip(result[following[1]], "teaser", "after label")
    return result


def _like_heading(text: str) -> bool:
    return text.count(" ") < LABEL_WORDS and not text.rstrip("\"”’»'").endswith((".", ";", ":"))


def _introduces(teaser: str, paragraph: str, headline: str) -> bool:
    """Whether a paragraph speaks of the teaser rather than of the page's own story."""
    said = _stems(paragraph)
    return bool(said & _stems(teaser)) or not said & _stems(headline)


def _stems(text: str) -> set[str]:
    return {word[:5] for word in _CHUNK.findall(spoken(text)) if len(word) > 3}


def _remembered(block: Block, headline: str, memory: SiteMemory) -> Block:
    if not block.kept or not memory.articles:
        return block
    why = sighted_as_furniture(block, memory, headline)
    return _strip(block, "site", why) if why else block


def _twice(blocks: Iterable[Block]) -> list[Block]:
    """A short line that repeats what the page has already said is a caption, a pull quote or a table of contents."""
    seen: set[str] = set()
    result = []
    for block in blocks:
        key = fingerprint(block.text) if block.kept else ""
        result.append(_strip(block, "repeated") if key in seen and key else block)
        seen.add(key)
    return result


def _edges(blocks: list[Block]) -> list[Block]:
    """Phrases that are believed only among the first four and the last six blocks."""
    kept = [i for i, block in enumerate(blocks) if block.kept]
    if len(kept) < 3:
        return blocks
    result = list(blocks)
    for i in dict.fromkeys(kept[:_HEAD] + kept[-_TAIL:]):
        block = result[i]
        if block.text.count(" ") < 60 and not is_notice(block.text):
            found = pattern("edges").search(bare(spoken(block.text)))
            if found:
                result[i] = _strip(block, "edge", found[0])
    return result
