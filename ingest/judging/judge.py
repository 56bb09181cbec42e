"""One more look at an article: the same text, a changed one, or one that must be seen once more before it is believed.

The path: judge all looks under one memory → lay the latest version beside this look → an edited block is believed at
once → a block replaced by an unlike one waits → what differs again on the next look is a slot, what stands is news.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from ingest.blocks import key_of
from ingest.extraction.live import rolled
from ingest.extraction.pagers import page_number
from ingest.judging.align import Unit, similarity, units
from ingest.judging.case import Case
from ingest.judging.remembering import remembered
from ingest.judging.slots import Doubt, slots_from, slots_to
from ingest.judging.sorting import sort_changes
from ingest.judging.standing import Standing, compared
from ingest.language import words_in
from ingest.model import Block, SiteMemory

Outcome = Literal["same", "changed", "wait"]
_COLLAPSE = 0.5  # of the words: less is more likely a failed extraction than an edit
_REPLACED = 0.2  # of the words that stand: less is more likely another page
_ENOUGH = 40  # words from which a text can collapse
_SPEAKS = 3  # spaces in a stripped block from which it may be a teaser
_CONFIRMED = 3  # looks that must show a collapsed or replaced text


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a look means. The texts are to be compared as they are here, both judged; *blocks* is what a new version
    keeps, *headline* what it is called; *slots* and *pending* belong to the article and are stored whatever the
    outcome (*pending* None: nothing waits); *foreign*: all that changed is strange to the story."""

    outcome: Outcome
    reason: str
    text_before: str
    text_after: str
    headline: str
    blocks: tuple[Block, ...]
    slots: list[dict[str, Any]]
    pending: tuple[Block, ...] | None
    foreign: bool = False


def judge(
    version_blocks: Sequence[Block],
    pending_blocks: Sequence[Block] | None,
    page_blocks: Sequence[Block],
    slots: Sequence[Mapping[str, Any]] | None,
    memory: SiteMemory | None = None,
    *,
    headline_before: str = "",
    headline_pending: str | None = None,
    headline_after: str = "",
    stood: int = 0,
    announced: bool = False,
) -> Judgement:
    """Judges a look against the latest version. *pending_blocks* is the look before this one if that had to wait;
    *stood* is on how many looks the version's text has stood unchanged; *announced*: the page's modified stamp, which
    stood as long as the text did, has moved."""
    if (page_number(version_blocks) or "1") != (page_number(page_blocks) or "1"):
        text = "\n".join(block.text for block in version_blocks if block.kept)
        kept = [dict(row) for row in slots or ()]
        return Judgement("same", "other-page", text, text, headline_before, tuple(version_blocks), kept, None)
    page_blocks = rolled(version_blocks, page_blocks)
    pending_blocks = rolled(version_blocks, pending_blocks) if pending_blocks is not None else None
    known, doubt, shown = slots_from(slots)
    looks = [version_blocks, page_blocks, *([pending_blocks] if pending_blocks is not None else [])]
    sides = compared(looks, memory or SiteMemory(), headline_after or headline_before)
    case = Case(sides[0], sides[1], sides[2] if len(sides) > 2 else None, known, stood, shown, announced)
    _look_around(case, looks)
    changes = units([each.key for each in case.old], [each.key for each in case.new])
    sort_changes(case, changes, looks, headline_before)
    headline = _headline(headline_before, headline_after if announced else headline_pending, headline_after)
    doubt = _doubt(case, doubt)
    return _concluded(case, changes, doubt, page_blocks, headline)


def _look_around(case: Case, looks: Sequence[Sequence[Block]]) -> None:
    """Notes what else stands on the pages, stripped blocks included, and where such a block took another's place."""
    pages = [[key_of(block.text) for block in blocks] for blocks in looks]
    case.old_page, case.new_page = frozenset(pages[0]), frozenset(pages[1])
    case.last_page = frozenset(pages[2]) if len(pages) > 2 else frozenset()
    old = {each.at: i for i, each in enumerate(case.old)}
    new = {each.at: j for j, each in enumerate(case.new)}
    last = {each.at for each in case.last or ()}
    for change in units(pages[0], pages[1]):
        before, after = range(change.a_lo, change.a_hi), range(change.b_lo, change.b_hi)
        came = _stripped(looks[1], pages[1], after, new)
        went = _stripped(looks[0], pages[0], before, old)
        case.ousted.update({old[n]: came for n in before if n in old and len(came) > len(went)})
        case.ousting.update(new[n] for n in after if n in new and len(went) > len(came))
    for change in units(pages[0], pages[2]) if len(pages) > 2 else ():
        came = _stripped(looks[2], pages[2], range(change.b_lo, change.b_hi), last)
        went = _stripped(looks[0], pages[0], range(change.a_lo, change.a_hi), old)
        turned = {old[n]: came for n in range(change.a_lo, change.a_hi) if n in old and len(came) > len(went)}
        case.ousted_last.update(turned)


def _stripped(look: Sequence[Block], keys: Sequence[str], within: range, kept: Container[int]) -> tuple[str, ...]:
    """The keys of stripped blocks that speak."""
    return tuple(keys[n] for n in within if n not in kept and look[n].text.count(" ") >= _SPEAKS)


class Headline(NamedTuple):
    """A headline *before*, as the page shows it, and whether the new one has to be seen once more: alone it may be
    one arm of an A/B test, together with an edit of the text it is part of that edit."""

    before: str
    shown: str
    waits: bool

    @property
    def kept(self) -> str:
        """What the article is called for now."""
        return self.before if self.waits else self.shown or self.before


def _headline(before: str, pending: str | None, after: str) -> Headline:
    same = not before or not after or units([before], [after]) == [] or similarity(before, after) == 1.0
    return Headline(before or after, (before or after) if same else after, waits=not same and pending != after)


def _doubt(case: Case, doubt: Doubt | None) -> Doubt | None:
    """Counts the looks that a collapsed or replaced text has been seen on; None when it is neither."""
    before = _words(each for i, each in enumerate(case.old) if i not in case.old_slot | case.elsewhere)
    after = _words(each for j, each in enumerate(case.new) if j not in case.new_slot)
    if before < _ENOUGH:
        return None
    standing = {each.key for each in case.new} | {case.old[i].key for i in case.pairs}
    stands = _words(each for i, each in enumerate(case.old) if each.key in standing and i not in case.old_slot)
    reason = "collapse" if after < before * _COLLAPSE else "replaced" if stands < before * _REPLACED else ""
    if not reason:
        return None
    return Doubt(reason, doubt.looks + 1 if doubt and doubt.reason == reason else 1)


def _words(blocks: Any) -> int:
    return sum(words_in(each.block.text) for each in blocks)


def _concluded(
    case: Case,
    changes: Sequence[Unit],
    doubt: Doubt | None,
    page: Sequence[Block],
    headline: Headline,
) -> Judgement:
    before = [each for i, each in enumerate(case.old) if i not in case.old_slot]
    merged = _merged(case, changes)
    after = [each for each in merged if each.block.rule != "slot"]
    shown = [each.key for each in case.new]
    slots = slots_to(remembered(case, changes, anew=False), doubt, shown)
    text_before, text_after = _text(before), _text(after)
    if doubt is not None and doubt.looks < _CONFIRMED:
        return Judgement("wait", doubt.reason, text_before, text_before, headline.before, (), slots, tuple(page))
    blocks = tuple(_whole(case, merged, page))
    pending = tuple(page) if case.reasons else None
    if [each.key for each in before] != [each.key for each in after]:
        slots = slots_to(remembered(case, changes, anew=True), None, shown)
        called = headline.shown or headline.before
        foreign = called == headline.before and _is_foreign(case, before, after)
        return Judgement("changed", "edited", text_before, text_after, called, blocks, slots, pending, foreign)
    if headline.kept != headline.before:
        slots = slots_to(remembered(case, changes, anew=True), None, shown)
        return Judgement("changed", "headline", text_before, text_after, headline.kept, blocks, slots, pending)
    reasons = [*case.reasons, *(["headline"] if headline.waits else [])]
    outcome: Outcome = "wait" if reasons else "same"
    reason = reasons[0] if reasons else ("slot" if case.new_slot or case.old_slot else "equal")
    pending = tuple(page) if reasons else None
    return Judgement(outcome, reason, text_before, text_after, headline.before, blocks, slots, pending)


def _is_foreign(case: Case, before: Sequence[Standing], after: Sequence[Standing]) -> bool:
    stand = {each.key for each in before} & {each.key for each in after}
    changed = [each for each in (*before, *after) if each.key not in stand]
    return all(case.strange([each]) for each in changed)


def _text(blocks: Sequence[Standing]) -> str:
    return "\n".join(each.block.text for each in blocks)


def _merged(case: Case, changes: Sequence[Unit]) -> list[Standing]:
    """This look's blocks, where a change still waits the version's own; what slots hold is marked so."""
    merged: list[Standing] = []
    j = 0
    for change in (*changes, Unit(len(case.old), len(case.old), len(case.new), len(case.new))):
        merged += (_marked(case, k) for k in range(j, change.b_lo))
        held = sorted(case.held & set(range(change.a_lo, change.a_hi)))
        for k in range(change.b_lo, change.b_hi):
            came_from = next((i for i, to in case.pairs.items() if to == k), None)
            while held and came_from is not None and held[0] < came_from:
                merged.append(case.old[held.pop(0)])
            if k not in case.doubted:
                merged.append(_marked(case, k))
        merged += (case.old[i] for i in held)
        j = change.b_hi
    return merged


def _whole(case: Case, merged: Sequence[Standing], page: Sequence[Block]) -> Iterator[Block]:
    """All blocks of the page in order, what was stripped included, so that the next look is judged beside them."""
    own = {id(each) for each in case.old}
    taking_part = {each.at for each in case.new}
    at = 0
    for each in merged:
        if id(each) not in own:
            yield from (page[n] for n in range(at, each.at) if n not in taking_part)
            at = each.at + 1
        yield each.block
    yield from (page[n] for n in range(at, len(page)) if n not in taking_part)


def _marked(case: Case, j: int) -> Standing:
    each = case.new[j]
    if j in case.new_slot:
        return replace(each, block=replace(each.block, rule="slot", evidence="differs at every fetch"))
    return each
