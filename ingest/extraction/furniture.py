"""The rules that strip furniture from what the extractor selected. Each names itself and what it saw."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.extraction.signals import MARKS, has_figures, is_notice, is_stamp, marker_of
from ingest.memory import FILLED, heading_key, key_of_spoken, path_of, sighted_as_furniture
from ingest.model import Block, SiteMemory
from ingest.phrases import adverts, bare, exact, phrases, spoken, starts, teasers, whole

LABEL_WORDS = 25  # a label is no longer; matched anywhere in longer text a phrase list cost 1.2 points of recall
_HEAD, _TAIL = 4, 6
_SHOUTED = 3  # words of a byline in capitals: a longer line is a headline's
_TEMPLATE = 0.3  # of a page's text: a memory that takes more by place alone is that of another template
_DATED = re.compile(r"\b(?:[01]?\d|2[0-4])[:.h][0-5]\d\b|\b(?:19|20)\d{2}\b")
_ROW = re.compile(r"/tr(?:\.[^/]*)?$")  # of a table: a name and figures
_NEXT = re.compile(r"\s+(?=\d)")
_AGO = re.compile(r"(?:\d+ ?[a-z]{1,7}\.?,? ?){1,3}ago", re.IGNORECASE)
_NAME = re.compile(r"(?<=[^.!?:“\"«] )([^\W\d_a-zа-яёіїєґß-öø-ÿ]\w{2,})")
_CREDIT = re.compile(
    r"[—–|/(\[-] ?(?:foto|photo|photograph|image|imagem|imagen|immagine|bild|picture|fot\.|фото|зображення)s? ?: ?"
    r"[^.:]{2,60}[)\]]?$",
    re.IGNORECASE,
)
_CHUNK = re.compile(r"[^\W\d_]+")
NEAR = 8
"""Blocks behind a teaser's label within which its headline and its paragraph begin."""


def stripped(blocks: Sequence[Block], said: Sequence[str], headline: str, memory: SiteMemory) -> list[Block]:
    """The blocks again, those that are furniture with the rule that says so; *said* are their spoken texts. Order
    matters: a signal is told from furniture first, a teaser needs its label, the edges are those of what is left."""
    key = heading_key(headline)
    judged = [_alone(block, words, key) if block.kept else block for block, words in zip(blocks, said, strict=True)]
    judged = _teasers(judged, said, headline)
    if memory.articles:
        memory = _fitting(judged, memory)
        judged = [_remembered(b, words, key, memory) for b, words in zip(judged, said, strict=True)]
    return _edges(_captions(judged, said), said)


def _strip(block: Block, rule: str, evidence: str = "") -> Block:
    return replace(block, rule=rule, evidence=evidence[:120])


def _alone(block: Block, said: str, headline: str) -> Block:
    """What a block says of itself, whatever stands around it."""
    if is_notice(said):
        return block
    if said.count(" ") < LABEL_WORDS:
        rule, evidence = _label(block, said, headline)
        if rule:
            return _strip(block, rule, evidence)
    found = phrases("anywhere").found(said)
    return _strip(block, "phrase", found) if found else block


def _label(block: Block, said: str, headline: str) -> tuple[str, str]:
    core = bare(said)
    if marker_of(said) != "none" and not has_figures(said):
        return "marker", core
    if headline and heading_key(said) == headline:
        return "headline", core
    if is_stamp(said):
        return "stamp", core
    if core in exact() or core in adverts():
        return "label", core
    if core in teasers():
        return "teaser", core
    if _counts(core):
        return "counter", core
    if _is_dateline(core):
        return "stamp", core
    credit = _CREDIT.search(block.text)
    if credit:
        return "caption", credit[0]
    if said.startswith(starts()) and not _sentence(said):
        return "label", said
    if block.path.endswith("/a") and "/h1" not in block.path and not said.endswith((".", "!", "?", '"')):
        return "link", said
    return "", ""


def _counts(core: str) -> bool:
    """Whether a block is a counter, or several side by side: "137 shares 4 comments"."""
    counters = whole("counters")
    parts = _NEXT.split(core) if core[:1].isdigit() else []
    return bool(counters.fullmatch(core)) or (len(parts) > 1 and all(counters.fullmatch(part) for part in parts))


def _is_dateline(core: str) -> bool:
    """Whether a block only says when: dates, "updated" stamps, relative times and counters, set apart by marks. One of
    them has to be a stamp or a counter, and a bare number is no date: "12 dead · 34 hurt" is news."""
    parts = [part.strip() for part in MARKS.split(core) if part.strip()]
    moving = [part for part in parts if is_stamp(part) or whole("counters").fullmatch(part) or _AGO.fullmatch(part)]
    dated = [part for part in parts if part not in moving and _DATED.search(part) and part.count(" ") < 6]
    return len(parts) > 1 and bool(moving) and len(moving) + len(dated) == len(parts)


def _is_byline(text: str) -> bool:
    """Whether a block is nobody but names and when: "Rowena Pike, 23 November 2026". A sentence has a small word."""
    words = _CHUNK.findall(_DATED.sub("", text))
    said = [word for word in words if word.casefold() not in ("by", "and", "von", "par", "por", "de", "автор")]
    most = _SHOUTED if text.isupper() else 7
    return bool(_DATED.search(text)) and 1 <= len(said) <= most and all(word[0].isupper() for word in said)


def _sentence(said: str) -> bool:
    """A sentence of ten words and more is none of a label's, unless the label ends in a colon."""
    return said.endswith((".", "!", "?", '."', '?"')) and said.count(" ") >= 9 and ":" not in said[:30]


def _teasers(blocks: list[Block], said: Sequence[str], headline: str) -> list[Block]:
    """After a teaser's label come another article's headline and mostly a paragraph of it, in plain paragraphs."""
    labels = [at for at, block in enumerate(blocks) if block.rule == "teaser"]
    result = list(blocks)
    for at in labels:
        near = range(at + 1, min(at + NEAR, len(result)))
        following = [i for i in near if result[i].rule not in ("counter", "caption", "label")][:2]
        if not following or not _like_heading(result[following[0]].text):
            continue
        result[following[0]] = _strip(result[following[0]], "teaser", "after its label")
        rest = [block.text for i, block in enumerate(result) if block.kept and i not in following]
        after = result[following[1]] if len(following) > 1 else result[at]
        if after.kept and _introduces(said[following[0]], after.text, [headline, *rest]):
            result[following[1]] = _strip(after, "teaser", "after its label and headline")
    return result


def _like_heading(text: str) -> bool:
    return text.count(" ") < LABEL_WORDS and not text.rstrip("\"”’»'").endswith((".", ";", ":"))


def _introduces(teaser: str, paragraph: str, story: Sequence[str]) -> bool:
    """Whether a paragraph speaks of the teaser rather than of the page's own story: it shares a word with the teaser's
    headline, or no name with the story."""
    if _stems(spoken(paragraph)) & _stems(teaser):
        return True
    return not _names(paragraph) & set().union(*map(_names, story))


def _stems(said: str) -> set[str]:
    return {word[:5] for word in _CHUNK.findall(said) if len(word) > 3}


def _names(text: str) -> set[str]:
    """Words with a capital that do not begin a sentence."""
    return {found[1] for found in _NAME.finditer(text)}


def _fitting(blocks: Sequence[Block], memory: SiteMemory) -> SiteMemory:
    """The memory without its paths where these would take much of the text away: this page has another template."""
    lengths = [(len(block.text), block.path) for block in blocks if block.kept]
    taken = sum(length for length, path in lengths if path_of(path, memory) == "furniture")
    return replace(memory, paths={}) if taken > _TEMPLATE * sum(length for length, _ in lengths) else memory


def _remembered(block: Block, said: str, headline: str, memory: SiteMemory) -> Block:
    """The block as the site's other articles see it: dropped where it recurs, or where they hold furniture."""
    if block.kept:
        why = sighted_as_furniture(said, headline, memory)
        if not why and path_of(block.path, memory) == "furniture" and not is_notice(said):
            furniture, text = memory.paths[block.path]
            why = f"its place holds furniture: {furniture} of {furniture + text} blocks at {block.path[-60:]}"
        return _strip(block, "site", why) if why else block
    filled = block.rule == "extractor" and said.count(" ") >= 5 and path_of(block.path, memory) == "text"
    if filled and not sighted_as_furniture(said, headline, memory):
        return replace(block, rule="", evidence=FILLED)
    return block


def _captions(blocks: list[Block], said: Sequence[str]) -> list[Block]:
    """A caption that is repeated as a paragraph."""
    captions = {key_of_spoken(words) for block, words in zip(blocks, said, strict=True) if block.rule == "caption"}
    if not captions:
        return blocks
    return [
        _strip(block, "caption", "repeated") if block.kept and key_of_spoken(words) in captions else block
        for block, words in zip(blocks, said, strict=True)
    ]


def _edges(blocks: list[Block], said: Sequence[str]) -> list[Block]:
    """Phrases that are believed only among the first four and the last six blocks."""
    kept = [i for i, block in enumerate(blocks) if block.kept]
    if len(kept) < 3:
        return blocks
    for i in kept[:_HEAD]:
        if _is_byline(blocks[i].text) and not _ROW.search(blocks[i].path):
            blocks[i] = _strip(blocks[i], "byline", "a name and a date")
    for i in dict.fromkeys(kept[:_HEAD] + kept[-_TAIL:]):
        opening = said[i].lstrip("(*-– ")
        if said[i].count(" ") < 60 and not is_notice(said[i]):
            found = "" if _short_sentence(said[i]) else phrases("edges").found(opening)
            found = found or (phrases("tails").found(opening) if i in kept[-_TAIL:] else "")
            if found:
                blocks[i] = _strip(blocks[i], "edge", found)
    return blocks


def _short_sentence(said: str) -> bool:
    return said.endswith((".", "!", "?", '."')) and said.count(" ") >= 4
