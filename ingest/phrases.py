"""The phrase lists of ``config/phrases``, compiled once, and the form in which text is held against them."""

import re
from functools import cache

from config.phrases import load
from facts.fold import fold

_EDGE = " \t.,:;!?…·•|>»«<›‹→▶►-–—*_#()[]\"'"


def spoken(text: str) -> str:
    """The text as phrases are matched on it: typography folded, lower case."""
    return fold(text).casefold()


def bare(said: str) -> str:
    """A spoken text without the punctuation around it."""
    return said.strip(_EDGE)


@cache
def exact() -> frozenset[str]:
    """Whole blocks that are furniture, without punctuation around them."""
    return frozenset(bare(spoken(phrase)) for phrase in load()["exact"])


@cache
def teasers() -> frozenset[str]:
    """Labels that open a teaser."""
    return frozenset(bare(spoken(phrase)) for phrase in load()["teaser"])


@cache
def starts() -> tuple[str, ...]:
    """How a furniture block begins."""
    return tuple(spoken(phrase).rstrip() + " " * phrase.endswith(" ") for phrase in load()["starts"])


@cache
def pattern(kind: str) -> re.Pattern[str]:
    """All patterns of a kind as one."""
    return re.compile("|".join(f"(?:{each})" for each in load().get(kind, ("(?!)",))))


@cache
def patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a kind one by one, where it counts how many of them match."""
    return tuple(re.compile(each) for each in load().get(kind, ()))
