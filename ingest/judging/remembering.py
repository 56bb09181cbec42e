"""What an article remembers of its slots after a look: what they held, and between which neighbours they lie now."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.judging.align import Unit
from ingest.judging.case import Case, standing_pairs
from ingest.judging.slots import Slot, place
from ingest.judging.standing import Standing

_NEIGHBOURS = 2


def remembered(case: Case, changes: Sequence[Unit], *, anew: bool) -> list[Slot]:
    """The slots with what they hold on this look; *anew*: anchored in this look, which becomes a version."""
    keys, paths = [each.key for each in case.old], [each.block.path for each in case.old]
    to = {**standing_pairs(len(case.old), changes), **case.pairs}
    places = [(place(slot, keys, paths), slot) for slot in case.slots]
    runs = list(_runs(case))
    slots = [slot for at, slot in places if at is None]
    for at, slot in sorted(((at, slot) for at, slot in places if at is not None), key=lambda each: each[0]):
        run = _run_at(case, at, runs, to)
        if run is not None:
            runs.remove(run)
        held = [case.new[j] for j in range(*(run or (0, 0)))]
        filled = slot.held((each.key for each in held), (each.block.path for each in held), 0)
        filled = replace(filled, still=slot.still + 1 if _stands(case, held) else 0)
        slots.append(_anchored(case, filled, at, run, to) if anew else filled)
    return list({(slot.before, slot.after): slot for slot in slots}.values())


def _stands(case: Case, held: Sequence[Standing]) -> bool:
    """Whether what a slot holds is prose and stood there on the look before."""
    prose = held and not any(each.titled or each.labelled for each in held)
    return bool(prose) and all(each.key in case.shown for each in held)


def _runs(case: Case) -> Iterator[tuple[int, int]]:
    """Where this look's slot blocks lie, as [lo, hi)."""
    start = None
    for j in range(len(case.new) + 1):
        if j in case.new_slot:
            start = j if start is None else start
        elif start is not None:
            yield start, j
            start = None


def _run_at(
    case: Case, at: tuple[int, int], runs: Sequence[tuple[int, int]], to: dict[int, int]
) -> tuple[int, int] | None:
    """The run that lies where a slot does: after what stood before it, or before what stood after it."""
    before, after = _previous(case, at[0], to), _next(case, at[1], to)
    for lo, hi in runs:
        if lo == before + 1 or hi == after:
            return lo, hi
    return next(((lo, hi) for lo, hi in runs if before < lo and hi <= after), None)


def _previous(case: Case, i: int, to: dict[int, int]) -> int:
    """This look's counterpart of the nearest block of the article before an index; -1 if there is none."""
    return next((to[k] for k in range(i - 1, -1, -1) if k in to and k not in case.old_slot), -1)


def _next(case: Case, i: int, to: dict[int, int]) -> int:
    return next((to[k] for k in range(i, len(case.old)) if k in to and k not in case.old_slot), len(case.new))


def _anchored(case: Case, slot: Slot, at: tuple[int, int], run: tuple[int, int] | None, to: dict[int, int]) -> Slot:
    lo, hi = run or (_previous(case, at[0], to) + 1, _next(case, at[1], to))
    before = [j for j in range(lo - 1, -1, -1) if j not in case.doubted and j not in case.new_slot]
    after = [j for j in range(hi, len(case.new)) if j not in case.doubted and j not in case.new_slot]
    return replace(
        slot,
        before=tuple(case.new[j].key for j in before[:_NEIGHBOURS]),
        after=tuple(case.new[j].key for j in after[:_NEIGHBOURS]),
    )
