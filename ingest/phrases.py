"""The phrase lists of ``config/phrases``, compiled once, and the form in which text is held against them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from config.phrases import load
from facts.fold import fold

_EDGE = " \t.,:;!?…·•|>»«<›‹→▶►-–—*_#()[]\"'"


def spoken(text: str) -> str:
    """The text as phrases are matched on it: typography folded, lower case."""
    return fold(text).casefold()


def spoken_all(texts: Sequence[str]) -> list[str]:
    """Many one-line texts at once, which costs a tenth of one by one."""
    folded = fold("\n".join(texts)).casefold().split("\n")
    return folded if len(folded) == len(texts) else [spoken(text) for text in texts]


def bare(said: str) -> str:
    """A spoken text without the punctuation around it."""
    return said.strip(_EDGE)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The patterns of one kind. Those that begin a block are tried at its beginning only; of the others none is tried
    on a text without one of the *hints*, which are words that every one of them needs."""

    beginning: re.Pattern[str]
    within: re.Pattern[str] | None
    hints: tuple[str, ...]

    def found(self, said: str) -> str:
        """What matched, or nothing."""
        match = self.beginning.match(said)
        if match is None and self.within is not None and any(hint in said for hint in self.hints):
            match = self.within.search(said)
        return match[0] or said[:20] if match else ""


@cache
def phrases(kind: str) -> Phrases:
    """All patterns of a kind."""
    every = load().get(kind, ())
    beginning = [each for each in every if each.startswith("^")]
    within = [each for each in every if not each.startswith("^")]
    return Phrases(_any(beginning), _any(within) if within else None, load().get(f"{kind}_hints", ("",)))


@cache
def patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a kind one by one, where it counts how many of them match."""
    return tuple(re.compile(each) for each in load().get(kind, ()))


@cache
def whole(kind: str) -> re.Pattern[str]:
    """The patterns of a kind as one that has to match a whole block."""
    return _any(load().get(kind, ()))


def _any(every: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in every) or "(?!)")


@cache
def exact() -> frozenset[str]:
    """Whole blocks that are furniture, without punctuation around them: labels that open one ("Read also:") too."""
    opening = (phrase for phrase in load()["starts"] if phrase.rstrip().endswith(":"))
    return frozenset(bare(spoken(phrase)) for phrase in (*load()["exact"], *opening))


@cache
def adverts() -> frozenset[str]:
    """Labels of advertisements, without punctuation around them."""
    return frozenset(bare(spoken(phrase)) for phrase in load()["adverts"])


@cache
def teasers() -> frozenset[str]:
    """Labels that open a teaser."""
    return frozenset(bare(spoken(phrase)) for phrase in load()["teaser"])


@cache
def starts() -> tuple[str, ...]:
    """How a furniture block begins."""
    return tuple(spoken(phrase).rstrip() + " " * phrase.endswith(" ") for phrase in load()["starts"])
