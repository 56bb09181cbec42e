"""One more look at an article: the same text, a changed one, or one that must be seen once more before it is believed.

The path: judge all looks under one memory → lay the latest version beside this look → an edited block is believed at
once → a block replaced by an unlike one waits → what differs again on the next look is a slot, what stands is news.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ingest.align import Unit, paired, similarity, ticks, units
from ingest.model import Block, SiteMemory
from ingest.slots import FLIPS, Doubt, Slot, neighbours, place, slots_from, slots_to
from ingest.standing import Standing, compared

Outcome = Literal["same", "changed", "wait"]
_COLLAPSE = 0.5  # of the words: less is more likely a failed extraction than an edit
_REPLACED = 0.2  # of the words that stand: less is more likely another page
_ENOUGH = 40  # words from which a text can collapse
_CONFIRMED = 3  # looks that must show a collapsed or replaced text
_STOOD = 3  # looks that a block stood still through before it is no rotating slot


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a look means. The texts are to be compared as they are here, both judged; *blocks* is what a new version
    keeps, *headline* what it is called; *slots* and *pending* belong to the article and are stored whatever the
    outcome (*pending* None: nothing waits)."""

    outcome: Outcome
    reason: str
    text_before: str
    text_after: str
    headline: str
    blocks: tuple[Block, ...]
    slots: list[dict[str, Any]]
    pending: tuple[Block, ...] | None


@dataclass(slots=True)
class _Case:
    """One judging under way."""

    old: list[Standing]
    new: list[Standing]
    last: list[Standing] | None
    slots: list[Slot]
    stood: int
    old_slot: set[int] = field(default_factory=set)
    new_slot: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)  # blocks of *old* that stay for now
    doubted: set[int] = field(default_factory=set)  # blocks of *new* that are not believed yet
    pairs: dict[int, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


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
) -> Judgement:
    """Judges a look against the latest version. *pending_blocks* is the look before this one if that had to wait;
    *stood* is on how many looks the version's text has stood unchanged."""
    known, doubt = slots_from(slots)
    looks = [version_blocks, page_blocks, *([pending_blocks] if pending_blocks is not None else [])]
    sides = compared(looks, memory or SiteMemory(), headline_after or headline_before)
    case = _Case(sides[0], sides[1], sides[2] if len(sides) > 2 else None, known, stood)
    changes = units([each.key for each in case.old], [each.key for each in case.new])
    _apply_known(case, changes)
    for change in changes:
        _judge_unit(case, change)
    _flips(case, changes)
    headline, waits = _headline(headline_before, headline_pending, headline_after)
    if waits:
        case.reasons.append("headline")
    doubt = _doubt(case, doubt)
    return _concluded(case, changes, doubt, page_blocks, headline, headline_before)


def _headline(before: str, pending: str | None, after: str) -> tuple[str, bool]:
    """The headline to keep, and whether a new one waits: it is believed when two looks in a row show it."""
    if not before or not after or units([before], [after]) == [] or similarity(before, after) == 1.0:
        return after or before, False
    return (after, False) if pending == after else (before, True)


def _apply_known(case: _Case, changes: Sequence[Unit]) -> None:
    """Marks what the known slots hold on both sides."""
    keys = [each.key for each in case.old]
    paths = [each.block.path for each in case.old]
    stands = _standing_pairs(len(case.old), changes)
    for at, slot in enumerate(case.slots):
        found = place(slot, keys, paths) if slot.state == "slot" else None
        if found is None:
            continue
        standing = [stands[i] for i in range(*found) if i in stands]
        case.old_slot.update(range(*found))
        case.new_slot.update(standing)
        for change in changes:
            if change.touches(*found):
                case.slots[at] = _fill(case, case.slots[at], change, slot.size - len(standing))
    for i, each in enumerate(case.old):
        if each.block.rule == "slot":
            case.old_slot.add(i)
            case.new_slot.update([stands[i]] if i in stands else [])


def _fill(case: _Case, slot: Slot, change: Unit, room: int) -> Slot:
    """What stands in a known slot now: what it has held before, or as much as it has room for. Anything else waits."""
    mine = [i for i in range(change.a_lo, change.a_hi) if i not in case.old_slot]
    theirs = [j for j in range(change.b_lo, change.b_hi) if j not in case.new_slot]
    edited = {b for _, b in paired([case.old[i].block.text for i in mine], [case.new[j].block.text for j in theirs])}
    free = [j for n, j in enumerate(theirs) if n not in edited]
    taken = free if len(free) == room else [j for j in free if case.new[j].key in slot.seen]
    if case.last is not None and len(free) > room:
        before = _pending_change(case, change) or []
        taken = sorted({*taken, *(j for j in free if not _stands(case, j, before))})
    taken = taken[:room] if len(taken) > room else taken
    case.new_slot.update(taken)
    return slot.held((case.new[j].key for j in taken), (case.new[j].block.path for j in taken), 0)


def _standing_pairs(length: int, changes: Sequence[Unit]) -> dict[int, int]:
    """Old index → new index of every block that stands."""
    pairs: dict[int, int] = {}
    i = j = 0
    for change in (*changes, Unit(length, length, -1, -1)):
        while i < change.a_lo:
            pairs[i] = j
            i, j = i + 1, j + 1
        i, j = change.a_hi, change.b_hi
    return pairs


def _judge_unit(case: _Case, change: Unit) -> None:
    """Sorts the blocks of one change into edits, slots, news and what has to wait."""
    mine = [i for i in range(change.a_lo, change.a_hi) if i not in case.old_slot]
    theirs = [j for j in range(change.b_lo, change.b_hi) if j not in case.new_slot]
    for a, b in paired([case.old[i].block.text for i in mine], [case.new[j].block.text for j in theirs]):
        if not ticks(case.old[mine[a]].block.text, case.new[theirs[b]].block.text):
            case.pairs[mine[a]] = theirs[b]
    gone = [i for i in mine if i not in case.pairs]
    come = [j for j in theirs if j not in case.pairs.values()]
    if not gone and not come:
        return
    before = _pending_change(case, change)
    if before is not None:
        _confirm(case, change, before, gone, come)
    elif _surprising(case, gone, come):
        case.held.update(gone)
        case.doubted.update(come)
        case.reasons.append("slot?")


def _surprising(case: _Case, gone: Sequence[int], come: Sequence[int]) -> bool:
    """Whether a change may be a rotating slot: something replaced by something unlike it, or a telling block."""
    blocks = [*(case.old[i] for i in gone), *(case.new[j] for j in come)]
    telling = any(each.labelled or each.titled for each in blocks)
    return telling or (bool(gone) and bool(come) and case.stood < _STOOD)


def _pending_change(case: _Case, change: Unit) -> list[int] | None:
    """What the pending look had at this place that was new there, as its indices; None where it showed no change."""
    if case.last is None:
        return None
    found = [
        each
        for each in units([each.key for each in case.old], [each.key for each in case.last])
        if each.touches(change.a_lo, change.a_hi)
    ]
    return [k for each in found for k in range(each.b_lo, each.b_hi)] if found else None


def _stands(case: _Case, j: int, before: Sequence[int]) -> bool:
    """Whether a block of this look stood on the pending one: aligned with its equal, or edited, at the same place."""
    last = case.last or []
    return case.new[j].key in _aligned(case) or _stands_in(case.new[j], [last[k] for k in before])


def _aligned(case: _Case) -> set[str]:
    """The keys that stand in order on the pending look and this one."""
    last, new = [each.key for each in case.last or []], [each.key for each in case.new]
    changed = {k for each in units(last, new) for k in range(each.b_lo, each.b_hi)}
    return {key for k, key in enumerate(new) if k not in changed}


def _stands_in(block: Standing, look: Sequence[Standing]) -> bool:
    text = block.block.text
    return any(
        each.key == block.key or (similarity(each.block.text, text) >= 0.6 and not ticks(each.block.text, text))
        for each in look
    )


def _confirm(case: _Case, change: Unit, before: Sequence[int], gone: Sequence[int], come: Sequence[int]) -> None:
    """The second look at a change: what stands is believed, what differs again is a slot."""
    last = case.last or []
    rotating = [j for j in come if not _stands(case, j, before)]
    here = [case.new[j] for j in range(change.b_lo, change.b_hi)]
    stand = _aligned(case)
    vanished = [k for k in before if last[k].key not in stand and not _stands_in(last[k], [*here, *case.old])]
    fresh = [i for i in gone if any(case.old[i].key == each.key for each in last)]
    if not rotating and not vanished:
        if fresh and _surprising(case, fresh, []):
            case.held.update(fresh)
            case.reasons.append("slot?")
        return
    if not vanished and not fresh and not [i for i in gone if i not in fresh] and not _telling(case, rotating):
        return  # one more paragraph beside one that stands: an addition
    if fresh and not vanished:  # the change begins with this look
        case.held.update(fresh)
        case.doubted.update(rotating)
        case.reasons.append("slot?")
        return
    size = max(len(rotating), len(vanished), 1)
    content = gone[:size] if len(gone) > size else gone
    _learn(case, change, content, rotating, [last[k] for k in vanished])


def _telling(case: _Case, come: Sequence[int]) -> bool:
    return any(case.new[j].labelled or case.new[j].titled for j in come)


def _learn(
    case: _Case, change: Unit, content: Sequence[int], rotating: Sequence[int], vanished: Sequence[Standing]
) -> None:
    lo = min(content, default=change.a_lo)
    hi = max(content, default=change.a_lo - 1) + 1
    before, after = neighbours([each.key for each in case.old], lo, max(lo, hi))
    held = [*(case.old[i] for i in content), *vanished, *(case.new[j] for j in rotating)]
    slot = Slot(before, after, max(len(content), len(rotating), len(vanished), 1), (), ())
    case.slots = [each for each in case.slots if (each.before, each.after) != (before, after)]
    case.slots.append(slot.held((each.key for each in held), (each.block.path for each in held), slot.size))
    case.old_slot.update(content)
    case.new_slot.update(rotating)


def _flips(case: _Case, changes: Sequence[Unit]) -> None:
    """A change that the pending look showed and this one does not: a slot that came round, or a stale copy."""
    if case.last is None:
        return
    keys = [each.key for each in case.old]
    for change in units(keys, [each.key for each in case.last]):
        lo, hi = change.a_lo, change.a_hi
        if any(each.touches(lo, hi) for each in changes) or case.old_slot & set(range(lo, hi)):
            continue
        if [1 for i in range(lo, hi) if i in case.pairs]:
            continue
        content = [case.old[i] for i in range(lo, hi)]
        came = [case.last[k] for k in range(change.b_lo, change.b_hi)]
        if content and came and any(similarity(a.block.text, b.block.text) >= 0.45 for a in content for b in came):
            continue
        _count_flip(case, lo, hi, content, came)


def _count_flip(case: _Case, lo: int, hi: int, content: Sequence[Standing], came: Sequence[Standing]) -> None:
    before, after = neighbours([each.key for each in case.old], lo, hi)
    known = next((each for each in case.slots if (each.before, each.after) == (before, after)), None)
    slot = known or Slot(before, after, max(len(content), len(came), 1), (), (), "candidate")
    held = [*content, *came]
    slot = replace(slot, flips=slot.flips + 1).held(
        (each.key for each in held), (each.block.path for each in held), max(len(content), len(came))
    )
    telling = any(each.labelled or each.titled for each in held)
    if telling or slot.flips >= FLIPS:
        slot = replace(slot, state="slot")
        case.old_slot.update(range(lo, hi))
        stands = {each.key for each in content}
        case.new_slot.update(j for j, each in enumerate(case.new) if each.key in stands)
    case.slots = [each for each in case.slots if each is not known] + [slot]


def _doubt(case: _Case, doubt: Doubt | None) -> Doubt | None:
    """Counts the looks that a collapsed or replaced text has been seen on; None when it is neither."""
    before = _words(each for i, each in enumerate(case.old) if i not in case.old_slot)
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
    return sum(each.block.text.count(" ") + 1 for each in blocks)


def _concluded(
    case: _Case,
    changes: Sequence[Unit],
    doubt: Doubt | None,
    page: Sequence[Block],
    headline: str,
    headline_before: str,
) -> Judgement:
    before = [each for i, each in enumerate(case.old) if i not in case.old_slot]
    merged = _merged(case, changes)
    after = [each for each in merged if each.block.rule != "slot"]
    slots = slots_to(case.slots, doubt)
    text_before, text_after = _text(before), _text(after)
    if doubt is not None and doubt.looks < _CONFIRMED:
        return Judgement(
            "wait", doubt.reason, text_before, text_before, headline_before or headline, (), slots, tuple(page)
        )
    pending = tuple(page) if case.reasons else None
    blocks = tuple(_whole(case, merged, page))
    if [each.key for each in before] != [each.key for each in after] or headline != (headline_before or headline):
        slots = slots_to(_anchored(case.slots, merged), None)
        return Judgement("changed", "edited", text_before, text_after, headline, blocks, slots, pending)
    outcome: Outcome = "wait" if case.reasons else "same"
    reason = case.reasons[0] if case.reasons else ("slot" if case.new_slot or case.old_slot else "equal")
    return Judgement(outcome, reason, text_before, text_after, headline_before or headline, blocks, slots, pending)


def _anchored(slots: Sequence[Slot], merged: Sequence[Standing]) -> list[Slot]:
    """The slots by their neighbours in the new version."""
    keys = [each.key for each in merged]
    inside = [each.block.rule == "slot" for each in merged]
    result = []
    for slot in slots:
        held = [n for n, key in enumerate(keys) if inside[n] and key in slot.seen]
        if held:
            before, after = neighbours(keys, held[0], held[-1] + 1)
            slot = replace(slot, before=before, after=after)
        result.append(slot)
    return result


def _text(blocks: Sequence[Standing]) -> str:
    return "\n".join(each.block.text for each in blocks)


def _merged(case: _Case, changes: Sequence[Unit]) -> list[Standing]:
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


def _whole(case: _Case, merged: Sequence[Standing], page: Sequence[Block]) -> Iterator[Block]:
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


def _marked(case: _Case, j: int) -> Standing:
    each = case.new[j]
    if j in case.new_slot:
        return replace(each, block=replace(each.block, rule="slot", evidence="differs at every fetch"))
    return each
