"""Each change between a version and a look is an edit, a slot, news, or has to wait."""

from collections.abc import Iterable, Mapping, Sequence

from ingest.judging.align import Unit, paired, similarity, ticks, units
from ingest.judging.case import STOOD, Case, at, standing_pairs
from ingest.judging.edges import settle_ends
from ingest.judging.slots import STILL, place
from ingest.judging.standing import Standing
from ingest.judging.turning import count_flips, learn, may_turn, suspect, turns_again
from ingest.kin import story_of
from ingest.model import Block

_EDITED = 0.6  # similarity with which a block of the look before still stands, edited once more


def sort_changes(case: Case, changes: Sequence[Unit], looks: Sequence[Sequence[Block]], headline: str) -> None:
    """Sorts every change of a look: known slots first, then unit by unit, then what the look before showed alone."""
    if changes or case.last is not None:
        standing = standing_pairs(len(case.old), changes)
        case.story = story_of([headline, *(case.old[i].block.text for i in standing)])
    if changes:
        settle_ends(case, changes, looks)
    _apply_known(case, changes)
    for change in changes:
        _judge_unit(case, change)
    count_flips(case, changes)


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
        if slot.still >= STILL:
            case.freed.update(stands[i] for i in range(*found) if i in stands)
            continue
        here = [n for n, change in enumerate(changes) if change.touches(*found)]
        free = slot.size - _mark(case, range(*found), stands, moved=bool(here))
        room.update({n: room.get(n, 0) + max(free, 0) for n in here})
    _mark(case, [i for i, each in enumerate(case.old) if each.block.rule == "slot"], stands, moved=False)
    case.slots = [slot for slot in case.slots if slot.still < STILL]
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


def _judge_unit(case: Case, change: Unit) -> None:
    """Sorts the blocks of one change into edits, slots, news and what has to wait."""
    mine = [i for i in range(change.a_lo, change.a_hi) if i not in case.old_slot | case.elsewhere]
    theirs = [j for j in range(change.b_lo, change.b_hi) if j not in case.new_slot]
    same = _posts(case, mine, theirs)
    case.pairs.update(same)
    mine, theirs = [i for i in mine if i not in same], [j for j in theirs if j not in same.values()]
    for a, b in paired([case.old[i].block.text for i in mine], [case.new[j].block.text for j in theirs]):
        if _is_edit(case, case.old[mine[a]], case.new[theirs[b]]):
            case.pairs[mine[a]] = theirs[b]
    gone = [i for i in mine if i not in case.pairs]
    come = [j for j in theirs if j not in case.pairs.values()]
    turned = [
        i for i in gone if case.old[i].led and case.old[i].led not in case.new_page and case.strange([case.old[i]])
    ]
    if turned:  # it went with the link or label above it
        fresh = [j for j in come if case.new[j].led and case.new[j].led not in case.old_page]
        learn(case, change, turned, fresh, [])
        gone, come = [i for i in gone if i not in turned], [j for j in come if j not in fresh]
    if not gone and not come:
        return
    before = _pending_change(case, change)
    if turns_again(case, change, gone, come):
        learn(case, change, gone, come, [])
    elif before is not None:
        _confirm(case, change, before, gone, come)
    elif _surprising(case, gone, come) or (change in case.slotted and not set(come) <= case.freed):
        case.held.update(gone)
        case.doubted.update(come)
        case.reasons.append("slot?")


def _posts(case: Case, mine: Sequence[int], theirs: Sequence[int]) -> dict[int, int]:
    """Old index → new index of a live blog's posts that were edited: each is known by its address, however much of its
    text changed."""
    shown = {case.new[j].block.path: j for j in theirs if case.new[j].block.path.startswith("update:")}
    return {i: shown[case.old[i].block.path] for i in mine if case.old[i].block.path in shown}


def _is_edit(case: Case, before: Standing, after: Standing) -> bool:
    """Whether two like blocks are one block edited: no ticker, and no two teasers that differ in figures and names
    alone, which speak of another story and have not stood still."""
    if ticks(before.block.text, after.block.text):
        return False
    if case.announced or case.stood >= STOOD or _skeleton(before.block.text) != _skeleton(after.block.text):
        return True
    return not (case.strange([before]) and case.strange([after]))


def _skeleton(text: str) -> list[str]:
    """The words of a text that are no figures and no names."""
    return [word for word in text.split() if word.islower()]


def _surprising(case: Case, gone: Sequence[int], come: Sequence[int]) -> bool:
    """Whether a change may be a rotating slot: something replaced by something unlike it, a telling block, or a
    stranger. Where the page says that it was edited, strangers alone and a paragraph for a stranger are that edit."""
    blocks = [*(case.old[i] for i in gone), *(case.new[j] for j in come)]
    replaced = bool(gone) and bool(come)
    telling = any(each.titled or (each.labelled and (replaced or not _led_before(case, each))) for each in blocks)
    telling = telling or any(i in case.ousted for i in gone) or any(j in case.ousting for j in come)
    went, came = case.strange(at(case.old, gone)), case.strange(at(case.new, come))
    if case.announced:
        return telling or (went and came)
    return telling or came or (case.stood < STOOD and (went or replaced))


def _led_before(case: Case, block: Standing) -> bool:
    """Whether the label before a block stands on both pages: then it tells nothing of what comes or goes below it."""
    return block.led in case.old_page and block.led in case.new_page


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
    return case.new[j].key in _aligned(case) or _stands_in(case, case.new[j], [last[k] for k in before])


def _aligned(case: Case) -> set[str]:
    """The keys that stand in order on the pending look and this one."""
    last, new = [each.key for each in case.last or []], [each.key for each in case.new]
    changed = {k for each in units(last, new) for k in range(each.b_lo, each.b_hi)}
    return {key for k, key in enumerate(new) if k not in changed}


def _stands_in(case: Case, block: Standing, look: Sequence[Standing]) -> bool:
    """Whether a look has the block, or the block edited once more; of a stranger to the story the very text."""
    if any(each.key == block.key for each in look):
        return True
    text, edited = block.block.text, [each for each in look if similarity(each.block.text, block.block.text) >= _EDITED]
    return any(not ticks(each.block.text, text) and _is_edit(case, each, block) for each in edited)


def _confirm(case: Case, change: Unit, before: Sequence[int], gone: Sequence[int], come: Sequence[int]) -> None:
    """The second look at a change: what stands is believed, what differs again is a slot, if it is not more than was
    seen to differ; anything else is seen once more."""
    last = case.last or []
    moving = [j for j in come if not _stands(case, j, before)]
    here = [case.new[j] for j in range(change.b_lo, change.b_hi)]
    there = [case.old[i] for i in range(change.a_lo, change.a_hi)]
    stand = _aligned(case)
    passed = [k for k in before if last[k].key not in stand and not _stands_in(case, last[k], [*here, *there])]
    passed = passed[_held_here(case, change) :]
    shown = {each.key for each in last}
    fresh = [i for i in gone if case.old[i].key in shown]  # they went with this look
    content = [i for i in gone if i not in fresh]
    turned = _turned(case, content, moving, before)
    if turned and not passed and len(moving) <= len(turned) and may_turn(case, turned, moving):
        learn(case, change, turned, moving, [])
        moving = []
    if (
        passed
        and (moving or content)
        and len(moving) <= max(len(passed), len(content))
        and may_turn(case, content, moving)
    ):
        learn(case, change, _likest(case, content, max(len(passed), len(moving))), moving, [last[k] for k in passed])
        moving = []
    elif (
        content
        and come
        and not moving
        and may_turn(case, content, come)
        and case.strange(at(case.old, content))
        and case.strange(at(case.new, come))
    ):
        suspect(case, change, content, come)
    if _surprising(case, [*fresh, *(content if moving else ())], moving):
        case.held.update(gone if moving else fresh)
        case.doubted.update(moving)
        case.reasons.append("slot?")


def _turned(case: Case, content: Sequence[int], moving: Sequence[int], before: Sequence[int]) -> list[int]:
    """What went from a place that showed a third thing on the look before: a stripped block, or, where all of it is
    strange to the story, nothing at all."""
    if moving:
        strange = not before and all(case.strange([each]) for each in (*at(case.old, content), *at(case.new, moving)))
        passed = [i for i in content if set(case.ousted_last.get(i, ())) - case.new_page]
        return list(content) if strange else passed
    return [i for i in content if i in case.ousted and not set(case.ousted[i]) & case.last_page]


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
