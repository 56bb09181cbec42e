"""The fact changes between two versions as numbered chips, each a fact with where it began and where it ended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from store.views.changes import ChangeRow
from web.article.ledger import Fact, facts_of
from web.article.placing import Wanted
from web.chips import Chip, chip_of, shortened

CHIPS = 24
"""Chips on one page; the ledger and the list of changes have the rest."""
_PASSED = 4
"""Values on the way that a chip names."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A fact that moved, with the number that ties it to its place in the text. *row* is its last change; *passed* are
    the values on the way where several changes led there."""

    number: int
    chip: Chip
    row: ChangeRow
    passed: tuple[str, ...] = ()


def numbered(rows: Sequence[ChangeRow]) -> tuple[Numbered, ...]:
    """Fact changes, oldest first, as facts numbered from 1, in the order of the last change of each: what one version
    changed keeps its order, the loudest first."""
    facts = sorted(facts_of(rows), key=lambda fact: rows.index(fact.rows[-1]))
    return tuple(_numbered(number, fact) for number, fact in enumerate(facts, 1))


def _numbered(number: int, fact: Fact) -> Numbered:
    last = fact.rows[-1]
    if len(fact.rows) == 1:
        chip = chip_of(last.change, reverts=last.reverts is not None, stealth=last.stealth)
        return Numbered(number, chip, last)
    first = fact.rows[0].change
    chip = chip_of(replace(last.change, before=first.before, severity=fact.severity))
    if fact.returned:
        chip = replace(chip, note="(back to where it was)")
    passed = tuple(shortened(each) for each in fact.passed[-_PASSED:])
    return Numbered(number, chip, last, passed)


def wanted(numbers: Sequence[Numbered], first: int, last: int) -> tuple[Wanted, ...]:
    """What places are looked for: where a fact's offsets count in the two versions shown, they are believed."""
    neighbours = last == first + 1
    return tuple(Wanted(each.number, each.row.change, neighbours) for each in numbers)


def moved(numbers: Sequence[Numbered]) -> tuple[tuple[int, str, str], ...]:
    """The values that were exchanged, by number."""
    known = ((each.number, each.chip.before, each.chip.after) for each in numbers)
    return tuple((number, before, after) for number, before, after in known if before and after)
