"""Whether two texts are one article's: equal, nearly so, or one written on from the other. Pure."""

from dataclasses import dataclass

from ingest.judging.align import words

RUN = 4
"""Words of a run. Two stories of one site share hardly any, two states of one story most."""

SHARED = 0.6
"""The share of the shorter text's runs that must stand in the longer one. Measured: 20 documents before and after a
news event share .62 to 1.0, 1,500 pairs of different pages of one site at most .03."""

GROWN = 0.3
"""The share of the longer text's runs that must stand in the shorter one: a brief that a round-up repeats word by word
is not the round-up."""


@dataclass(frozen=True, slots=True)
class Sameness:
    """How much of the shorter text stands in the longer one, and the other way round, 0–1."""

    shared: float
    grown: float

    @property
    def is_one(self) -> bool:
        """Whether these are two states of one text."""
        return self.shared >= SHARED and self.grown >= GROWN


def sameness(one: str, other: str) -> Sameness:
    """Compares two texts by the runs of words that both have; too short a text is one run of its own."""
    short, long = sorted((_runs(one), _runs(other)), key=len)
    if not short:
        return Sameness(0.0, 0.0)
    both = len(short & long)
    return Sameness(both / len(short), both / len(long))


def _runs(text: str) -> set[tuple[str, ...]]:
    said = words(text)
    return {tuple(said[n : n + RUN]) for n in range(max(1, len(said) - RUN + 1))} if said else set()
