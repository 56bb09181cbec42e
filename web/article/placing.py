"""Where fact changes stand in two texts, so that each chip leads to its mark."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from facts.model import Change
from web.article.pieces import Anchor, Side

HEADLINE = -1
"""The line of an anchor that stands in the headline."""
_OPENING = 60
"""Characters by which a sentence is found again whose end lies in the next paragraph."""


@dataclass(frozen=True, slots=True)
class Texts:
    """One version's words: the headline, and the text of one paragraph a line."""

    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A fact change that wants a place. *exact* is false where its offsets count in the texts of other versions."""

    number: int
    change: Change
    exact: bool


def anchors(wanted: Sequence[Wanted], old: Texts, new: Texts) -> tuple[Anchor, ...]:
    """The place of each change in the newer text, else in the older one; a change that stands in neither has none."""
    return tuple(anchor for each in wanted if (anchor := _anchor(each, old, new)) is not None)


def _anchor(wanted: Wanted, old: Texts, new: Texts) -> Anchor | None:
    change = wanted.change
    return _found(
        wanted, "new", new, change.after, change.sentence_after, change.offset_after if wanted.exact else None
    ) or _found(
        wanted, "old", old, change.before, change.sentence_before, change.offset_before if wanted.exact else None
    )


def _found(
    wanted: Wanted, side: Side, texts: Texts, value: str | None, sentence: str, offsets: tuple[int, int] | None
) -> Anchor | None:
    """The value by its offsets where they hold, else within its sentence, else the end of the sentence."""
    headline = wanted.change.position == "headline"
    text = texts.headline if headline else texts.text
    for start, end in _spans(text, value or "", sentence, offsets):
        line = HEADLINE if headline else text.count("\n", 0, start)
        begins = text.rfind("\n", 0, start) + 1
        if "\n" not in text[start:end]:
            return Anchor(wanted.number, side, line, start - begins, end - begins)
    return None


def _written(value: str) -> tuple[str, ...]:
    """A value as it may be written: a quotation is told without the comma before its closing mark."""
    return (value, f"{value[:-1]},{value[-1]}") if value else ()


def _spans(text: str, value: str, sentence: str, offsets: tuple[int, int] | None) -> Iterator[tuple[int, int]]:
    if value and offsets is not None and text[offsets[0] : offsets[1]] in _written(value):
        yield offsets
    opening = sentence.strip()
    for part in (opening, opening[:_OPENING]):
        at = text.find(part) if part else -1
        if at < 0:
            continue
        for form in _written(value):
            inside = text.find(form, at, at + len(opening))
            if inside >= 0:
                yield inside, inside + len(form)
        if value or part != opening:
            # A value that is not written so in its sentence is tied to the sentence's first words.
            yield at, min(at + len(part), text.find("\n", at) if "\n" in text[at:] else len(text))
        return
