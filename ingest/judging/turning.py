"""Places that turn: how a slot is learnt, suspected, and told from two texts in turn."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from ingest.judging.align import SIMILAR, Unit, similarity, units
from ingest.judging.case import Case, at
from ingest.judging.slots import FLIPS, Slot, neighbours, place
from ingest.judging.standing import Standing
from ingest.language import words_in

_LARGEST = 0.4  # of an article's words: what turns is less, or it is another page


def may_turn(case: Case, content: Sequence[int], rotating: Sequence[int]) -> bool:
    """Whether so much may be a slot at all."""
    whole, part = max(_words(case.old), _words(case.new)), [at(case.old, content), at(case.new, rotating)]
    return max(map(_words, part)) <= _LARGEST * whole


def _words(blocks: Sequence[Standing]) -> int:
    return sum(words_in(each.block.text) for each in blocks)


def turns_again(case: Case, change: Unit, gone: Sequence[int], come: Sequence[int]) -> bool:
    """Whether a place that was seen to turn before turns once more: strangers to the story after strangers."""
    faces = [*at(case.old, gone), *at(case.new, come)]
    if not come or case.announced or not may_turn(case, gone, come) or not all(case.strange([each]) for each in faces):
        return False
    keys, paths = [each.key for each in case.old], [each.block.path for each in case.old]
    shown = {case.new[j].key for j in come}
    suspected = (slot for slot in case.slots if slot.state == "candidate" and not shown & set(slot.seen))
    found = (place(slot, keys, paths) for slot in suspected if slot.size >= max(len(gone), len(come)))
    return any(where is not None and change.touches(*where) for where in found)


def learn(
    case: Case, change: Unit, content: Sequence[int], rotating: Sequence[int], vanished: Sequence[Standing]
) -> None:
    """A place is a slot: *content* of the version and *rotating* of this look are what it held, and what *vanished*."""
    lo = min(content, default=change.a_lo)
    hi = max(content, default=change.a_lo - 1) + 1
    keys, paths = [each.key for each in case.old], [each.block.path for each in case.old]
    case.slots = [each for each in case.slots if not _overlaps(place(each, keys, paths), lo, max(lo, hi))]
    case.slots.append(_slot_at(case, change, content, rotating, "slot", vanished))
    case.old_slot.update(content)
    case.new_slot.update(rotating)


def suspect(case: Case, change: Unit, content: Sequence[int], come: Sequence[int]) -> None:
    """Remembers a place where a stranger to the story took another's place and stood: the next time it is a slot."""
    case.slots.append(_slot_at(case, change, content, come, "candidate"))


def _slot_at(
    case: Case,
    change: Unit,
    content: Sequence[int],
    rotating: Sequence[int],
    state: Literal["slot", "candidate"],
    vanished: Sequence[Standing] = (),
) -> Slot:
    """A slot where a change is, with all that was seen there."""
    lo = min(content, default=change.a_lo)
    hi = max(content, default=change.a_lo - 1) + 1
    before, after = neighbours([each.key for each in case.old], lo, max(lo, hi))
    held = [*at(case.old, content), *vanished, *at(case.new, rotating)]
    slot = Slot(before, after, max(len(content), len(rotating), len(vanished), 1), (), (), state)
    return slot.held((each.key for each in held), (each.block.path for each in held), slot.size)


def _overlaps(found: tuple[int, int] | None, lo: int, hi: int) -> bool:
    return found is not None and found[0] <= hi and lo <= found[1]


def count_flips(case: Case, changes: Sequence[Unit]) -> None:
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
        alike = any(similarity(a.block.text, b.block.text) >= SIMILAR for a in content for b in came)
        if alike and not (case.strange(content) and case.strange(came)):
            continue
        if max(_words(content), _words(came)) > _LARGEST * _words(case.old):
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
