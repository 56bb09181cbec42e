"""Each tracked fact across the versions: the fact changes of an article, chained by what they are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from facts.model import SEVERITIES, Change, Severity
from store.views.changes import ChangeRow
from web.chips import shortened

CellState = Literal["held", "moved", "gone", "unknown"]

_COUNTED = ("casualty", "number")
"""Types whose subject says what is counted, so that a claim is the same where its wording is not."""
VALUE = 48
"""Characters of a value in a cell."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One claim and its changes, oldest first, each of a later version than the one before."""

    rows: tuple[ChangeRow, ...]

    @property
    def first(self) -> Change:
        """The change that the fact was noticed by."""
        return self.rows[0].change

    @property
    def last(self) -> Change:
        """Its latest change."""
        return self.rows[-1].change

    @property
    def claimant(self) -> str | None:
        """Who said it last."""
        return self.last.claimant_after or self.last.claimant_before

    @property
    def severity(self) -> Severity:
        """Its loudest change's."""
        return max((row.change.severity for row in self.rows), key=SEVERITIES.index)

    @property
    def passed(self) -> tuple[str, ...]:
        """The values between the first and the last."""
        return tuple(row.change.after or "gone" for row in self.rows[:-1])

    @property
    def returned(self) -> bool:
        """Whether several changes brought it back to where it was."""
        return len(self.rows) > 1 and _same(self.first.before, self.first.value_before, self.last, "after")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a fact was in one version: ``moved`` there, ``held`` from before, ``gone``, or not known yet."""

    version: int
    value: str
    state: CellState


@dataclass(frozen=True, slots=True)
class Line:
    """A fact with its value in each column of the ledger."""

    fact: Fact
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The facts that moved last, in the versions of *columns*; *left* facts and *before* versions are not shown."""

    columns: tuple[int, ...]
    lines: tuple[Line, ...]
    left: int
    before: int


def facts_of(rows: Sequence[ChangeRow]) -> tuple[Fact, ...]:
    """Fact changes, oldest first, chained into facts, in the order in which each was noticed."""
    chains: list[list[ChangeRow]] = []
    for row in rows:
        open_ones = [chain for chain in chains if chain[-1].version < row.version]
        goes_on = next((chain for chain in reversed(open_ones) if _matches(chain[-1].change, row.change)), None)
        goes_on = goes_on or next(
            (chain for chain in reversed(open_ones) if follows(chain[-1].change, row.change)), None
        )
        if goes_on is None:
            chains.append([row])
        else:
            goes_on.append(row)
    return tuple(Fact(tuple(chain)) for chain in chains)


def follows(last: Change, change: Change) -> bool:
    """Whether a later change is about the same claim: type and subject are the same, and it starts from the value that
    the last one left; a count may be worded anew by the same claimant."""
    if not _alike(last, change):
        return False
    if last.after is None or change.before is None:
        return last.after is None and change.before is None and _speaks(last, change)
    counted = change.type in _COUNTED and _unit(last) == _unit(change)
    return _matches(last, change) or (counted and _speaks(last, change))


def _matches(last: Change, change: Change) -> bool:
    return _alike(last, change) and last.after is not None and _same(last.after, last.value_after, change, "before")


def _alike(last: Change, change: Change) -> bool:
    return (last.type, last.subject.casefold()) == (change.type, change.subject.casefold())


def _unit(change: Change) -> object:
    """What a figure is measured in: euros are no later value of a share."""
    return (change.value_after or change.value_before or {}).get("unit")


def _speaks(last: Change, change: Change) -> bool:
    """Whether one claimant may have said both; who is not named may be anybody."""
    one, other = last.claimant_after or last.claimant_before, change.claimant_before or change.claimant_after
    return one is None or other is None or one.casefold() == other.casefold()


def _same(
    words: str | None, value: Mapping[str, object] | None, change: Change, side: Literal["before", "after"]
) -> bool:
    others, other = (change.before, change.value_before) if side == "before" else (change.after, change.value_after)
    if words is None or others is None:
        return words is others
    return words.casefold() == others.casefold() or (value is not None and value == other)


def ledger(facts: Sequence[Fact], *, lines: int, columns: int) -> Ledger:
    """The *lines* facts that moved last, in the last *columns* versions in which any of them moved; the first column is
    the version before."""
    recent = sorted(range(len(facts)), key=lambda at: -facts[at].rows[-1].version)[:lines]
    shown = [facts[at] for at in sorted(recent)]
    moved = sorted({row.version for fact in shown for row in fact.rows})
    late = moved[-(columns - 1) :]
    numbers = (late[0] - 1, *late) if late else ()
    told = tuple(Line(fact, tuple(_cell(fact, number) for number in numbers)) for fact in shown)
    return Ledger(numbers, told, len(facts) - len(shown), len(moved) - len(late))


def _cell(fact: Fact, number: int) -> Cell:
    until = [row for row in fact.rows if row.version <= number]
    if not until:
        before = fact.first.before
        return Cell(number, shortened(before, VALUE), "held") if before is not None else Cell(number, "", "unknown")
    row = until[-1]
    if row.change.after is None:
        return Cell(number, "", "gone")
    return Cell(number, shortened(row.change.after, VALUE), "moved" if row.version == number else "held")
