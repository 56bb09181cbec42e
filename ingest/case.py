"""One judging under way: each change between a version and a look is an edit, a slot, news, or has to wait."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.align import SIMILAR, Unit, paired, similarity, ticks, units
from ingest.slots import FLIPS, Slot, neighbours, place
from ingest.standing import Standing

_STOOD = 3  # looks that a block stood still through before it is no rotating slot
_EDITED = 0.6  # similarity with which a block of the look before still stands, edited once more


@dataclass(slots=True)
class Case:
    """One judging under way."""

    old: list[Standing]
    new: list[Standing]
    last: list[Standing] | None
    slots: list[Slot]
    stood: int
    shown: frozenset[str]  # keys of the look before
    old_page: frozenset[str] = frozenset()  # keys of all that the version's page held, stripped blocks included
    new_page: frozenset[str] = frozenset()
    last_page: frozenset[str] = frozenset()
    ousted: dict[int, tuple[str, ...]] = field(default_factory=dict)  # blocks of *old* → stripped ones in their place
    ousting: set[int] = field(default_factory=set)  # blocks of *new* in the place of stripped ones
    slotted: set[Unit] = field(default_factory=set)  # changes at a known slot
    freed: set[int] = field(default_factory=set)  # blocks of *new* that a slot held by mistake
    old_slot: set[int] = field(default_factory=set)
    new_slot: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)  # blocks of *old* that stay for now
    doubted: set[int] = field(default_factory=set)  # blocks of *new* that are not believed yet
    pairs: dict[int, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


def sort_changes(case: Case, changes: Sequence[Unit]) -> None:
    """Sorts every change of a look: known slots first, then unit by unit, then what the look before showed alone."""
    _apply_known(case, changes)
    for change in changes:
        _judge_unit(case, change)
    _flips(case, changes)


def _apply_known(case: Case, changes: Sequence[Unit]) -> None:
    """Marks what the known slots hold on both sides."""
    keys = [each.key for each in case.old]
    paths = [each.block.path for each in case.old]
    stands = standing_pairs(len(case.old), changes)
    room: dict[int, int] = {}
    for slot in case.slots:
        found = place(slot, keys, paths) if slot.state == "slot" else None
        if found is None:
            continue
        here = [n for n, change in enumerate(changes) if change.touches(*found)]
        free = slot.size - _mark(case, range(*found), stands, moved=bool(here))
        room.update({n: room.get(n, 0) + max(free, 0) for n in here})
    _mark(case, [i for i, each in enumerate(case.old) if each.block.rule == "slot"], stands, moved=False)
    for n, free in room.items():
        _fill(case, changes[n], free)
        case.slotted.add(changes[n])


def _mark(case: Case, content: Iterable[int], stands: Mapping[int, int], *, moved: bool) -> int:
    """Marks a slot's blocks, and says how many of them stand. What stood on the look before as well, while the rest of
    the slot *moved*, was never the slot's."""
    standing = 0
    for i in content:
        if moved and i in stands and case.old[i].key in case.shown:
            case.freed.update((stands[i],))
            if case.old[i].block.rule == "slot":
                case.old_slot.add(i)
            continue
        case.old_slot.add(i)
        if i in stands and stands[i] not in case.freed:
            case.new_slot.add(stands[i])
            standing += 1
    return standing


def _fill(case: Case, change: Unit, room: int) -> None:
    """What stands in the slots at a change now: what they have held before, what differs again from the look before,
    or all that is new there if it is exactly what there is room for and nothing else went. The rest waits."""
    mine = [i for i in range(change.a_lo, change.a_hi) if i not in case.old_slot]
    theirs = [j for j in range(change.b_lo, change.b_hi) if j not in case.new_slot]
    edited = paired([case.old[i].block.text for i in mine], [case.new[j].block.text for j in theirs])
    free = [j for n, j in enumerate(theirs) if n not in {b for _, b in edited}]
    moving = [j for j in free if case.new[j].key not in case.shown]
    seen = {key for slot in case.slots for key in slot.seen}
    taken = [j for j in free if case.new[j].key in seen]
    if len(free) <= room and len(edited) == len(mine):
        taken = free
    elif len(moving) < len(free) and len(moving) <= room:
        taken = moving
    elif case.last is not None:
        before = _pending_change(case, change) or []
        unseen = [j for j in free if not _stands(case, j, before)]
        taken = unseen if len(unseen) <= room else taken
    case.new_slot.update(taken[: max(room, 0)])


def standing_pairs(length: int, changes: Sequence[Unit]) -> dict[int, int]:
    """Old index → new index of every block that stands."""
    pairs: dict[int, int] = {}
    i = j = 0
    for change in (*changes, Unit(length, length, -1, -1)):
        while i < change.a_lo:
            pairs[i] = j
            i, j = i + 1, j + 1
        i, j = change.a_hi, change.b_hi
    return pairs


def _judge_unit(case: Case, change: Unit) -> None:
    """Sorts the blocks of one change into edits, slots, news and what has to wait."""
    mine = [i for i in range(change.a_lo, change.a_hi) if i not in case.old_slot]
    theirs = [j for j in range(change.b_lo, change.b_hi) if j not in case.new_slot]
    for a, b in paired([case.old[i].block.text for i in mine], [case.new[j].block.text for j in theirs]):
        if not ticks(case.old[mine[a]].block.text, case.new[theirs[b]].block.text):
            case.pairs[mine[a]] = theirs[b]
    gone = [i for i in mine if i not in case.pairs]
    come = [j for j in theirs if j not in case.pairs.values()]
    turned = [i for i in gone if case.old[i].led and case.old[i].led not in case.new_page]
    if turned:  # it went with the link or label above it
        fresh = [j for j in come if case.new[j].led and case.new[j].led not in case.old_page]
        _learn(case, change, turned, fresh, [])
        gone, come = [i for i in gone if i not in turned], [j for j in come if j not in fresh]
    if not gone and not come:
        return
    before = _pending_change(case, change)
    if before is not None:
        _confirm(case, change, before, gone, come)
    elif _surprising(case, gone, come) or (change in case.slotted and not set(come) <= case.freed):
        case.held.update(gone)
        case.doubted.update(come)
        case.reasons.append("slot?")


def _surprising(case: Case, gone: Sequence[int], come: Sequence[int]) -> bool:
    """Whether a change may be a rotating slot: something replaced by something unlike it, or a telling block."""
    blocks = [*(case.old[i] for i in gone), *(case.new[j] for j in come)]
    telling = any(each.labelled or each.titled for each in blocks)
    telling = telling or any(i in case.ousted for i in gone) or any(j in case.ousting for j in come)
    return telling or (bool(gone) and bool(come) and case.stood < _STOOD)


def _pending_change(case: Case, change: Unit) -> list[int] | None:
    """What the pending look had at this place that was new there, as its indices; None where it showed no change."""
    if case.last is None:
        return None
    found = [
        each
        for each in units([each.key for each in case.old], [each.key for each in case.last])
        if each.touches(change.a_lo, change.a_hi)
    ]
    return [k for each in found for k in range(each.b_lo, each.b_hi)] if found else None


def _stands(case: Case, j: int, before: Sequence[int]) -> bool:
    """Whether a block of this look stood on the pending one: aligned with its equal, or edited, at the same place."""
    last = case.last or []
    return case.new[j].key in _aligned(case) or _stands_in(case.new[j], [last[k] for k in before])


def _aligned(case: Case) -> set[str]:
    """The keys that stand in order on the pending look and this one."""
    last, new = [each.key for each in case.last or []], [each.key for each in case.new]
    changed = {k for each in units(last, new) for k in range(each.b_lo, each.b_hi)}
    return {key for k, key in enumerate(new) if k not in changed}


def _stands_in(block: Standing, look: Sequence[Standing]) -> bool:
    text = block.block.text
    return any(
        each.key == block.key or (similarity(each.block.text, text) >= _EDITED and not ticks(each.block.text, text))
        for each in look
    )


def _confirm(case: Case, change: Unit, before: Sequence[int], gone: Sequence[int], come: Sequence[int]) -> None:
    """The second look at a change: what stands is believed, what differs again is a slot, if it is not more than was
    seen to differ; anything else is seen once more."""
    last = case.last or []
    moving = [j for j in come if not _stands(case, j, before)]
    here = [case.new[j] for j in range(change.b_lo, change.b_hi)]
    there = [case.old[i] for i in range(change.a_lo, change.a_hi)]
    stand = _aligned(case)
    passed = [k for k in before if last[k].key not in stand and not _stands_in(last[k], [*here, *there])]
    passed = passed[_held_here(case, change) :]
    shown = {each.key for each in last}
    fresh = [i for i in gone if case.old[i].key in shown]  # they went with this look
    content = [i for i in gone if i not in fresh]
    turned = [i for i in content if i in case.ousted and not set(case.ousted[i]) & case.last_page]
    if turned and not passed and not moving:  # what stands there instead is stripped, and differs again
        _learn(case, change, turned, [], [])
    if passed and (moving or content) and len(moving) <= max(len(passed), len(content)):
        _learn(case, change, _likest(case, content, max(len(passed), len(moving))), moving, [last[k] for k in passed])
        moving = []
    if _surprising(case, [*fresh, *(content if moving else ())], moving):
        case.held.update(gone if moving else fresh)
        case.doubted.update(moving)
        case.reasons.append("slot?")


def _held_here(case: Case, change: Unit) -> int:
    """How many blocks at this change the slots known there hold: what passed there is theirs."""
    keys, paths = [each.key for each in case.old], [each.block.path for each in case.old]
    found = ((slot.size, place(slot, keys, paths)) for slot in case.slots if slot.state == "slot")
    return sum(size for size, at in found if at is not None and change.touches(*at))


def _likest(case: Case, content: Sequence[int], size: int) -> Sequence[int]:
    """What of a version's blocks that went was the slot's: headline-like ones first where there are too many."""
    if len(content) <= size:
        return content
    return sorted(sorted(content, key=lambda i: not (case.old[i].titled or case.old[i].labelled))[:size])


def _learn(
    case: Case, change: Unit, content: Sequence[int], rotating: Sequence[int], vanished: Sequence[Standing]
) -> None:
    lo = min(content, default=change.a_lo)
    hi = max(content, default=change.a_lo - 1) + 1
    before, after = neighbours([each.key for each in case.old], lo, max(lo, hi))
    held = [*(case.old[i] for i in content), *vanished, *(case.new[j] for j in rotating)]
    slot = Slot(before, after, max(len(content), len(rotating), len(vanished), 1), (), ())
    keys, paths = [each.key for each in case.old], [each.block.path for each in case.old]
    case.slots = [each for each in case.slots if not _overlaps(place(each, keys, paths), lo, max(lo, hi))]
    case.slots.append(slot.held((each.key for each in held), (each.block.path for each in held), slot.size))
    case.old_slot.update(content)
    case.new_slot.update(rotating)


def _overlaps(found: tuple[int, int] | None, lo: int, hi: int) -> bool:
    return found is not None and found[0] <= hi and lo <= found[1]


def _flips(case: Case, changes: Sequence[Unit]) -> None:
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
        if content and came and any(similarity(a.block.text, b.block.text) >= SIMILAR for a in content for b in came):
            continue
        _count_flip(case, lo, hi, content, came)


def _count_flip(case: Case, lo: int, hi: int, content: Sequence[Standing], came: Sequence[Standing]) -> None:
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
