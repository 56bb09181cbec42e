"""A claim that changed in several places is one change: the toll in the headline is the toll in the first paragraph."""

from collections.abc import Iterable
from dataclasses import replace

from facts.fold import fold
from facts.model import Change


def once(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes without repeats of the same claim, the first of each kept: give them loudest first. Where the one
    kept names nobody who says it, as headlines do, it takes the claimants of the repeat."""
    kept: dict[tuple[object, ...], Change] = {}
    for change in changes:
        claim = _claim(change)
        first = kept.setdefault(claim, change)
        kept[claim] = replace(
            first,
            claimant_before=first.claimant_before or change.claimant_before,
            claimant_after=first.claimant_after or change.claimant_after,
        )
    return tuple(kept.values())


def _claim(change: Change) -> tuple[object, ...]:
    sides = (_said(change.before, change.value_before), _said(change.after, change.value_after))
    return (change.type, change.op, fold(change.subject).casefold(), *sides)


def _said(words: str | None, value: object) -> str:
    """The value where there is one, so that "12" and "twelve" are one; else the words."""
    return repr(value) if value is not None else fold(words or "").casefold()
