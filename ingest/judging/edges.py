"""What another rendering of the same article does to its ends: it shows one page of several, or another template's
caption and standing lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.extraction.pagers import is_pager
from ingest.extraction.signals import is_notice
from ingest.judging.align import Unit
from ingest.judging.case import Case, standing_pairs
from ingest.language import ends_sentence, words_in
from ingest.model import Block
from ingest.phrases import spoken

ELSEWHERE = "on another page"
"""Evidence beside a kept block that the article's other pages hold."""

_REDRAWN = 0.8  # of the long blocks that stand: so many under other paths are another template
_LONG, _SHORT = 8, 25  # words: of a block that tells the template, of a line that belongs to one
_FEW = 4  # lines that a template adds at an end


def settle_ends(case: Case, changes: Sequence[Unit], looks: Sequence[Sequence[Block]]) -> None:
    """Leaves aside what merely another rendering does. Of an article that comes in pages from now on, the paragraphs
    missing at an end stay; of one in another template, short lines at its ends that say nothing go."""
    stands = standing_pairs(len(case.old), changes)
    if not stands:
        return
    pagers = [any(is_pager(spoken(block.text)) for block in look) for look in looks[:2]]
    if pagers[1]:
        case.elsewhere.update(_on_another_page(case, changes, looks[0], anew=not pagers[0]))
        case.held.update(case.elsewhere)
        for i in case.elsewhere:
            case.old[i] = replace(case.old[i], block=replace(case.old[i].block, evidence=ELSEWHERE))
    if _redrawn(case, stands):
        case.old_slot.update(_lines(case, "old", min(stands), max(stands)))
        case.new_slot.update(_lines(case, "new", min(stands.values()), max(stands.values())))


def _on_another_page(case: Case, changes: Sequence[Unit], version: Sequence[Block], *, anew: bool) -> Iterator[int]:
    """Runs of paragraphs that went without another in their place, when the article began to come in pages."""
    for change in changes:
        run = range(change.a_lo, change.a_hi)
        if change.b_lo == change.b_hi and (len(run) > 1 if anew else all(_is_elsewhere(case, i, version) for i in run)):
            yield from run


def _is_elsewhere(case: Case, i: int, version: Sequence[Block]) -> bool:
    return version[case.old[i].at].evidence == ELSEWHERE


def _redrawn(case: Case, stands: Mapping[int, int]) -> bool:
    long = [(case.old[i].block, case.new[j].block) for i, j in stands.items()]
    moved = [old.path != new.path for old, new in long if words_in(old.text) >= _LONG]
    return len(moved) >= 3 and sum(moved) >= _REDRAWN * len(moved)


def _lines(case: Case, side: str, first: int, last: int) -> Iterator[int]:
    """The short lines before the first standing block and after the last that are neither sentences nor figures: one of
    these may be news, and waits like any other."""
    blocks = case.old if side == "old" else case.new
    ends = [*range(first)][-_FEW:] + [*range(last + 1, len(blocks))][:_FEW]
    for at in ends:
        text = blocks[at].block.text
        if words_in(text) > _SHORT or is_notice(spoken(text)):
            continue
        if not ends_sentence(text) and not any(map(str.isdigit, text)):
            yield at
