"""Slots: places in an article where another text stands at every fetch. Remembered by their neighbours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

_SEEN = 24  # contents remembered a slot
_NEIGHBOURS = 2
STILL = 6  # looks on which prose stands in a slot: it is text after all
FLIPS = 4  # times that a plain paragraph goes and comes back before it is a slot; a telling one is at once


@dataclass(frozen=True, slots=True)
class Slot:
    """A place between neighbours (keys of the blocks before, nearest first, and after; empty at an edge), how many
    blocks it may hold, what it has held, whether it is only suspected (``candidate``), how often it went and came back,
    and on how many looks in a row it held the same prose."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    size: int
    seen: tuple[str, ...]
    paths: tuple[str, ...]
    state: Literal["slot", "candidate"] = "slot"
    flips: int = 0
    still: int = 0

    def held(self, keys: Iterable[str], paths: Iterable[str], size: int) -> "Slot":
        """The slot after it has been seen to hold something else."""
        seen = tuple(dict.fromkeys((*self.seen, *keys)))[-_SEEN:]
        return replace(
            self, seen=seen, paths=tuple(dict.fromkeys((*self.paths, *paths)))[:8], size=max(self.size, size)
        )


@dataclass(frozen=True, slots=True)
class Doubt:
    """A text that collapsed or was replaced, and on how many looks in a row."""

    reason: str
    looks: int


def slots_from(stored: Iterable[Mapping[str, Any]] | None) -> tuple[list[Slot], Doubt | None, frozenset[str]]:
    """What an article's row remembers: slots, a doubt, the keys of the look before. Rows of another shape are left
    out."""
    slots: list[Slot] = []
    doubt = None
    shown: frozenset[str] = frozenset()
    for row in stored or ():
        try:
            if "doubt" in row:
                doubt = Doubt(str(row["doubt"]), int(row["looks"]))
            elif "shown" in row:
                shown = frozenset(row["shown"])
            else:
                lists = {name: tuple(row[name]) for name in ("before", "after", "seen", "paths")}
                slots.append(
                    Slot(
                        **lists,
                        size=int(row["size"]),
                        state=row["state"],
                        flips=int(row["flips"]),
                        still=int(row.get("still", 0)),
                    )
                )
        except (KeyError, TypeError, ValueError):
            continue
    return slots, doubt, shown


def slots_to(slots: Iterable[Slot], doubt: Doubt | None, shown: Iterable[str]) -> list[dict[str, Any]]:
    """The JSON-able form of slots_from."""
    rows: list[dict[str, Any]] = [
        {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(slot).items()}
        for slot in slots
    ]
    if rows:
        rows.append({"shown": list(shown)})
    return rows if doubt is None else [*rows, {"doubt": doubt.reason, "looks": doubt.looks}]


def is_undecided(stored: Iterable[Mapping[str, Any]] | None) -> bool:
    """Whether a slot holds prose that stands, which may turn out to be text: such a page is read each time."""
    return any(row.get("still") for row in stored or ())


def neighbours(keys: Sequence[str], lo: int, hi: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The nearest keys before *lo* and from *hi* on, nearest first."""
    return tuple(reversed(keys[max(0, lo - _NEIGHBOURS) : lo])), tuple(keys[hi : hi + _NEIGHBOURS])


def place(slot: Slot, keys: Sequence[str], paths: Sequence[str]) -> tuple[int, int] | None:
    """Where a slot lies in a sequence of blocks, as [lo, hi), empty where it holds nothing; None if it is not found."""
    lo = _after(slot.before, keys)
    hi = _until(slot.after, keys, lo or 0)
    if lo is not None and hi is not None and lo <= hi and hi - lo <= max(slot.size, 1):
        return lo, hi
    if lo is not None:
        end = lo
        while (
            end < len(keys)
            and end - lo < slot.size
            and (keys[end] in slot.seen or (hi is None and paths[end] in slot.paths))
        ):
            end += 1
        return lo, end
    if hi is not None:
        start = hi
        while start > 0 and hi - start < slot.size and (keys[start - 1] in slot.seen or paths[start - 1] in slot.paths):
            start -= 1
        return start, hi
    return None


def _after(before: Sequence[str], keys: Sequence[str]) -> int | None:
    if not before:
        return 0
    for key in before[:1]:
        if key in keys:
            return len(keys) - list(reversed(keys)).index(key)
    return None


def _until(after: Sequence[str], keys: Sequence[str], start: int) -> int | None:
    if not after:
        return len(keys)
    for key in after[:1]:
        if key in keys[start:]:
            return start + list(keys[start:]).index(key)
    return None
