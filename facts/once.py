"""A claim that changed in several places is one change: the toll in the headline is the toll in the first paragraph."""

from collections.abc import Iterable

from facts.fold import fold
from facts.model import Change


def once(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes without repeats of the same claim, the first of each kept: give them loudest first."""
    kept: dict[tuple[object, ...], Change] = {}
    for change in changes:
        kept.setdefault(_claim(change), change)
    return tuple(kept.values())


def _claim(change: Change) -> tuple[object, ...]:
    sides = (_said(change.before, change.value_before), _said(change.after, change.value_after))
    return (change.type, change.op, fold(change.subject).casefold(), *sides)


def _said(words: str | None, value: object) -> str:
    """The value where there is one, so that "12" and "twelve" are one; else the words."""
    return repr(value) if value is not None else fold(words or "").casefold()
