"""Typos put right before anything is compared, so that no rule stumbles over one."""

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from facts.lexicon import Lexicon
from facts.names import misspelt
from facts.tokens import Token

SHORTEST = 5
"""Letters of a word from which a letter amiss is a typo rather than another word."""


def respelt(before: Sequence[Token], after: Sequence[Token], lexicon: Lexicon) -> tuple[list[Token], list[Token]]:
    """Both sides with the norm of a misspelt lower-case word set to that of its correction, where one stands for the
    other; of two words that the lexicon knows neither is a typo."""
    left, right = list(before), list(after)
    gone: list[int] = []
    came: list[int] = []
    for code in [*Indel.opcodes([token.norm for token in left], [token.norm for token in right]), None]:
        if code is not None and code.tag != "equal":
            gone.extend(range(code.src_start, code.src_end))
            came.extend(range(code.dest_start, code.dest_end))
            continue
        if len(gone) == len(came):
            for b, a in zip(gone, came, strict=True):
                _settle(left, b, right, a, lexicon)
        gone, came = [], []
    return left, right


def _settle(left: list[Token], b: int, right: list[Token], a: int, lexicon: Lexicon) -> None:
    one, other = left[b], right[a]
    if not (one.kind == other.kind == "w" and one.text.islower() and other.text.islower()):
        return
    if min(len(one.norm), len(other.norm)) < SHORTEST or not misspelt(one.norm, other.norm):
        return
    known, known_too = one.norm in lexicon.words, other.norm in lexicon.words
    if known and known_too:
        return
    if known:
        right[a] = other._replace(norm=one.norm)
    else:
        left[b] = one._replace(norm=other.norm)
