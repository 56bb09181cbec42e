"""Texts that a feed cut off ("… said on…"): what stands behind the cut is neither new nor gone."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import Indel

from facts.align import Pair
from facts.tokens import Token

ENDS = ("…", "...", "[…]", "[...]", "(…)", "(...)", "… more", "... more", "[+]")


def is_cut(text: str) -> bool:
    """Whether a text ends in an ellipsis."""
    return text.rstrip().endswith(ENDS)


def marked(pairs: Sequence[Pair], *, before: bool, after: bool) -> list[Pair]:
    """The pairs, those marked ``cut`` that stand behind the cut of a text or hold its last sentence."""
    if before == after:
        return list(pairs)
    shared = [pair for pair in pairs if pair.before and pair.after]
    last = max((pair.after[-1] if before else pair.before[-1] for pair in shared), default=-1)
    return [replace(pair, cut=_behind(pair, last, before=before)) for pair in pairs]


def _behind(pair: Pair, last: int, *, before: bool) -> bool:
    own, other = (pair.after, pair.before) if before else (pair.before, pair.after)
    return bool(own) and own[-1] >= last and (own[0] > last or bool(other))


def levelled(left: Sequence[Token], right: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Both sides up to the last word that they share."""
    left, right = _unclosed(left), _unclosed(right)
    codes = Indel.opcodes([token.norm for token in left], [token.norm for token in right])
    equal = [code for code in codes if code.tag == "equal"]
    if not equal:
        return list(left), list(right)
    return list(left[: equal[-1].src_end]), list(right[: equal[-1].dest_end])


def _unclosed(found: Sequence[Token]) -> list[Token]:
    """The tokens without the signs at their end."""
    end = len(found)
    while end and found[end - 1].kind == "p":
        end -= 1
    return list(found[:end])
