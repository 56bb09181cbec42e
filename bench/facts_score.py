"""How a comparison is scored against hand labels: typed facts, pairs, and confidence intervals."""

import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from facts.fold import fold

Fact = tuple[str, str | None, str | None]
"""A labelled or found fact: type, before, after."""

FAMILIES = {"casualty": "number"}
"""Labels know no tolls, only numbers."""
_ARTICLES = re.compile(r"\b(?:the|an?)\s+", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:[.,]\d+)*")


class Counts(NamedTuple):
    """True positives, false positives, false negatives; they add up."""

    hits: float = 0
    false: float = 0
    missed: float = 0

    def plus(self, other: "Counts") -> "Counts":
        """The sum of two counts."""
        return Counts(self.hits + other.hits, self.false + other.false, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.hits / (self.hits + self.false) if self.hits + self.false else 0.0

    @property
    def recall(self) -> float:
        """Share of what is right that was found."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = 2 * self.hits + self.false + self.missed
        return 2 * self.hits / total if total else 0.0


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of many counts."""
    whole = Counts()
    for each in counts:
        whole = whole.plus(each)
    return whole


def words(text: str | None) -> list[str]:
    """A fact's words as they are compared: folded, lower case, without articles and signs."""
    return _WORD.findall(_ARTICLES.sub("", fold(text or "").casefold()))


def same_span(one: str | None, other: str | None, *, strict: bool = False) -> bool:
    """Whether two spans name one thing: equal words, or (unless *strict*) one inside the other, or half in common."""
    mine, theirs = words(one), words(other)
    if not mine or not theirs or strict:
        return mine == theirs
    shared = len(set(mine) & set(theirs))
    return (
        " ".join(mine) in " ".join(theirs)
        or " ".join(theirs) in " ".join(mine)
        or 2 * shared / (len(set(mine)) + len(set(theirs))) >= 0.5
    )


def same_fact(found: Fact, label: Fact, *, strict: bool = False) -> bool:
    """Whether a found fact is the labelled one: equal type (tolls are numbers) and both spans."""
    if FAMILIES.get(found[0], found[0]) != FAMILIES.get(label[0], label[0]):
        return False
    return same_span(found[1], label[1], strict=strict) and same_span(found[2], label[2], strict=strict)


def typed(found: Sequence[Fact], labels: Sequence[Fact], *, strict: bool = False) -> Counts:
    """Counts of one document's typed facts, each label met once."""
    left = list(labels)
    hits = 0
    for fact in found:
        label = next((label for label in left if same_fact(fact, label, strict=strict)), None)
        if label is not None:
            left.remove(label)
            hits += 1
    return Counts(hits, len(found) - hits, len(left))


def yes_no(found: bool, label: bool) -> Counts:
    """Counts of one yes or no."""
    return Counts(found and label, found and not label, label and not found)


def bootstrap(counts: Sequence[Counts], measure: Callable[[Counts], float], rounds: int = 1000) -> tuple[float, float]:
    """95 % interval of a measure over items, by resampling them (seeded: the same items give the same interval)."""
    if not counts:
        return (0.0, 1.0)
    draw = random.Random(1729)
    drawn = sorted(measure(total(draw.choices(counts, k=len(counts)))) for _ in range(rounds))
    return (drawn[int(0.025 * rounds)], drawn[int(0.975 * rounds)])


def labels_of(item: Mapping[str, object], op: str | None = None) -> list[Fact]:
    """The labelled facts of an item, all or those of one *op*."""
    facts = item.get("facts")
    return [
        (fact["type"], fact["before"], fact["after"])
        for fact in (facts if isinstance(facts, list) else ())
        if op is None or fact["op"] == op
    ]
