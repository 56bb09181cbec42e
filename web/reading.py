"""How a difference is laid out for reading: what changed in full, what did not folded, never more than a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.views.changes import ChangeRow
from web.chips import Chip, chip_of
from web.marks import Mark, Paragraph

CHARACTERS_MAX = 60_000
"""Characters of article text on one page; the API gives the rest."""
_BESIDE = 1
"""Unchanged paragraphs shown on either side of a changed one."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A fact change with the number that ties it to its place in the text."""

    number: int
    chip: Chip
    row: ChangeRow


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph with the numbers of the changes in it, or (*folded* > 0) so many unchanged ones left out."""

    marks: tuple[Mark, ...] = ()
    numbers: tuple[int, ...] = ()
    folded: int = 0
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """The parts of a text in order; *cut* when there was more than a page holds."""

    parts: tuple[Part, ...]
    cut: bool


def numbered(rows: Sequence[ChangeRow]) -> tuple[Numbered, ...]:
    """Fact changes numbered from 1."""
    chips = (chip_of(row.change, reverts=row.reverts is not None, stealth=row.stealth) for row in rows)
    return tuple(Numbered(number, chip, row) for number, (chip, row) in enumerate(zip(chips, rows, strict=True), 1))


def laid(paragraphs: Sequence[Paragraph], changes: Sequence[Numbered], *, whole: bool) -> Laid:
    """Lays out paragraphs; *whole* leaves the unchanged ones in."""
    changed = [paragraph.changed for paragraph in paragraphs]
    near = [whole or any(changed[max(0, n - _BESIDE) : n + _BESIDE + 1]) for n in range(len(paragraphs))]
    if not any(near):
        near = [True] * len(near)
    places = _places(paragraphs, changes)
    parts: list[Part] = []
    left, folded = CHARACTERS_MAX, 0
    for number, paragraph in enumerate(paragraphs):
        if not near[number]:
            folded += 1
            continue
        if folded:
            parts.append(Part(folded=folded))
            folded = 0
        left -= sum(len(mark.text) for mark in paragraph.marks)
        if left < 0:
            return Laid(tuple(parts), cut=True)
        parts.append(Part(paragraph.marks, places.get(number, ()), changed=paragraph.changed))
    if folded:
        parts.append(Part(folded=folded))
    return Laid(tuple(parts), cut=False)


def _places(paragraphs: Sequence[Paragraph], changes: Sequence[Numbered]) -> dict[int, tuple[int, ...]]:
    """Paragraph → numbers of the changes whose sentence it holds; a change's first place counts."""
    old = ["".join(m.text for m in p.marks if m.kind != "ins") for p in paragraphs]
    new = ["".join(m.text for m in p.marks if m.kind != "del") for p in paragraphs]
    places: dict[int, tuple[int, ...]] = {}
    for each in changes:
        change = each.row.change
        if change.position == "headline":
            continue
        found = _holding(new, change.sentence_after, paragraphs)
        if found is None:
            found = _holding(old, change.sentence_before, paragraphs)
        if found is not None:
            places[found] = (*places.get(found, ()), each.number)
    return places


def _holding(texts: Sequence[str], sentence: str, paragraphs: Sequence[Paragraph]) -> int | None:
    wanted = sentence.strip()
    if not wanted:
        return None
    holding = (n for n, text in enumerate(texts) if paragraphs[n].changed and wanted in text)
    return next(holding, None)
