"""A claim that changed in several places is one change: the toll in the headline is the toll in the first paragraph."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from facts.across import Reading
from facts.context import Context
from facts.fold import fold
from facts.lexicon import Lexicon
from facts.model import Change
from facts.names import names, same_name

_WORD = re.compile(r"\w{4,}")
_WHO = ("person", "organisation", "name")


def once(changes: Iterable[Change], readings: Sequence[Reading | None], context: Context) -> tuple[Change, ...]:
    """The changes without repeats of the same claim, the first of each kept: give them loudest first. The one kept
    takes the claimants of the repeat where it names nobody, as headlines do, and the fuller subject: "people killed"
    in a headline may be the "miners killed" of the text. *readings* are those of the changes' edits."""
    repeats = _Repeats(readings, context.lexicon)
    kept: list[Change] = []
    alike: dict[tuple[object, ...], list[int]] = {}
    for change in changes:
        places = alike.setdefault(_claim(change), [])
        at = next((at for at in places if repeats.same(kept[at], change)), None)
        if at is None:
            places.append(len(kept))
            kept.append(change)
        else:
            kept[at] = repeats.joined(kept[at], change)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Repeats:
    """Tells a repeat from another claim that changed in the same way."""

    readings: Sequence[Reading | None]
    lexicon: Lexicon

    def same(self, one: Change, other: Change) -> bool:
        """Whether two changes of one kind are about the same. Beside each other, their subjects and values are equal;
        in headline, lede and body the one may say it in short. They do not stand beside names of their own."""
        mine, theirs = (fold(each.subject).casefold() for each in (one, other))
        if one.position == other.position:
            alike = mine == theirs and _values(one) == _values(other)
        else:
            words, others = self._words(mine), self._words(theirs)
            short = bool(words and others) and (words <= others or others <= words)
            alike = mine == theirs or short or (bool(mine and theirs) and same_name(mine, theirs, self.lexicon))
        if not alike:
            return False
        here, there = self._names(one), self._names(other)
        return not (here and there) or bool(here & there)

    def joined(self, first: Change, repeat: Change) -> Change:
        """The first with what only the repeat says."""
        return replace(
            first,
            subject=max(first.subject, repeat.subject, key=lambda subject: len(self._words(fold(subject).casefold()))),
            claimant_before=first.claimant_before or repeat.claimant_before,
            claimant_after=first.claimant_after or repeat.claimant_after,
        )

    def _words(self, subject: str) -> set[str]:
        return set(_WORD.findall(subject)) - {self.lexicon.struck.get("people", "").casefold()}

    def _names(self, change: Change) -> frozenset[str]:
        """The places that a figure's sentence names, or the people and bodies that any other change's does: they say
        which of several alike it is about."""
        reading = self.readings[change.edit] if change.edit < len(self.readings) else None
        if reading is None or change.rule == "status.stance":  # the claimant is the subject
            return frozenset()
        p = reading.diff.after if change.after is not None else reading.diff.before
        kinds = ("place",) if change.type in ("casualty", "number") else _WHO
        named = (str(claim.key) for claim in names(p, set(), self.lexicon) if claim.kind in kinds)
        return frozenset(word for name in named for word in name.split())


def _claim(change: Change) -> tuple[object, ...]:
    """What two tellings of one claim have in common: "15" and "at least 15" are one figure."""
    sides = (_figure(change.before, change.value_before), _figure(change.after, change.value_after))
    return (change.type, change.op, *sides)


def _figure(words: str | None, value: Mapping[str, object] | None) -> str:
    if value is None or value.get("lo") is value.get("hi") is None:
        return _said(words, value)
    return repr((value.get("lo", value.get("hi")) or value.get("hi"), value.get("unit"), value.get("part_of")))


def _values(change: Change) -> tuple[str, str]:
    return _said(change.before, change.value_before), _said(change.after, change.value_after)


def _said(words: str | None, value: object) -> str:
    """The value where there is one, so that "12" and "twelve" are one; else the words."""
    return repr(value) if value is not None else fold(words or "").casefold()
