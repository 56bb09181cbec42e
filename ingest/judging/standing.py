"""The blocks of two or three looks judged under one memory, so that learning alone never makes a version."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.blocks import key_of
from ingest.language import ends_sentence, words_in
from ingest.memory import heading_key, pinned, sighted_as_furniture
from ingest.model import Block, SiteMemory
from ingest.phrases import spoken

_PROSE = 8  # words from which a text is told from another of the page by itself; a shorter one also by its path
_JITTER = frozenset(
    {"extractor", "edge", "repeated", "teaser", "link", "forgotten"}
)  # rules that look beyond the block itself
_LABELS = frozenset({"label", "teaser"})


@dataclass(frozen=True, slots=True)
class Standing:
    """A block that takes part in the comparison. *key* is its folded text's; *labelled*: a furniture label precedes it
    or it is a link as a whole; *titled*: it reads like a headline; *at*: where it stands among its look's blocks;
    *led*: the key of the label or link that precedes it."""

    block: Block
    key: str
    labelled: bool
    titled: bool
    at: int
    led: str


def compared(looks: Sequence[Sequence[Block]], memory: SiteMemory, headline: str) -> list[list[Standing]]:
    """Each look's blocks that count. A text that stands on several looks has one verdict on all of them: kept if the
    first look that has it kept it, whatever a rule that depends on its surroundings said later."""
    key = heading_key(headline)
    rejudged = [pinned([_again(block, memory, key) for block in blocks], memory) for blocks in looks]
    verdict: dict[tuple[str, str], str] = {}
    named = [[(block, _name(block)) for block in blocks] for blocks in rejudged]
    for blocks in named:
        for block, name in blocks:
            known = verdict.get(name)
            if known is None or (known in _JITTER and block.kept):
                verdict[name] = block.rule
    return [_standing(blocks, verdict) for blocks in named]


def _again(block: Block, memory: SiteMemory, headline: str) -> Block:
    """The block under today's memory of the site. What the site has taught since stands on every look; furniture that
    it no longer remembers, or told by its place, stays stripped unless another look keeps it."""
    if not block.kept and block.rule not in ("site", "pin"):
        return block
    why = sighted_as_furniture(spoken(block.text), headline, memory) if memory.articles else ""
    if why:
        return replace(block, rule="site", evidence=why)
    return block if block.kept else replace(block, rule="forgotten")


def _name(block: Block) -> tuple[str, str]:
    return key_of(block.text), block.path if words_in(block.text) <= _PROSE else ""


def _standing(blocks: Sequence[tuple[Block, tuple[str, str]]], verdict: dict[tuple[str, str], str]) -> list[Standing]:
    result: list[Standing] = []
    led = ""
    for at, (block, name) in enumerate(blocks):
        rule = verdict[name]
        post = block.path.startswith("update:")  # a live blog's, whose path is an address
        linked = block.path.endswith("/a") and not post
        if rule in ("", "slot"):
            settled = block if block.rule in ("", "slot") else replace(block, rule="", evidence="")
            result.append(Standing(settled, name[0], bool(led) or linked, _titled(block.text) and not post, at, led))
            led = ""
        elif rule == "teaser" and not _titled(block.text) and block.text.count(" ") >= _PROSE:
            led = ""  # the teaser ends with its own paragraph
        elif rule in _LABELS or (linked and block.text.count(" ") > 1):
            led = name[0]
        elif rule != "extractor":
            led = ""
    return result


def _titled(text: str) -> bool:
    asks = text.rstrip("\"'”’»)」』").endswith(("?", "？", "؟"))
    return 3 < words_in(text) <= 25 and (asks or not (ends_sentence(text) or text.endswith((";", ":", ","))))
