"""Numbers as written: digits, words, scales, ranges, ratings and scores."""

import re
from typing import NamedTuple

from facts.lexicon import Lexicon
from facts.passage import Passage

LONGEST = 24
"""Characters of a figure; what is longer names something or nothing."""
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


class Figure(NamedTuple):
    """A number as read: tokens *start* to *end*, its bounds, and its form (count, ordinal, fraction, rating, score)."""

    start: int
    end: int
    lo: float | None
    hi: float | None
    form: str
    approx: bool = False


def figure_at(p: Passage, at: int, lexicon: Lexicon) -> Figure | None:
    """The number that begins at a token, a range or rating taken whole; None where there is none."""
    first = _single(p, at, lexicon)
    if first is None:
        return None
    end, middle = first.end, p.norms[first.end] if first.end < len(p.norms) else ""
    if middle == "/" or (middle == "out" and p.has(end + 1, "of")):
        other = _single(p, end + (1 if middle == "/" else 2), lexicon)
        if other is not None:
            return Figure(at, other.end, first.lo, first.hi, f"of {other.lo:g}" if other.lo else "count")
    joined = p.mark("modifier", end)
    between = p.mark_before("modifier", at)
    ranged = joined is not None and joined.value == "range" and between is not None and between.value == "between"
    till = p.mark("till", end) is not None and between is None and p.tokens[at].kind == "n"
    if middle == "-" or ranged or till:
        other = _single(p, end + 1, lexicon)
        rises = other is not None and (other.lo or 0) > (first.lo or 0)
        if other is not None and other.form == first.form and (rises or not till):
            return _range(p, first, other, spoken=ranged or till, opened=ranged)
    return first


def _range(p: Passage, first: Figure, other: Figure, *, spoken: bool, opened: bool) -> Figure:
    low, high = first.lo or 0, other.lo or 0
    if not spoken and high <= low:
        return Figure(first.start, other.end, low, high, f"score {high:g}")
    scaled = low * 10**6 if high >= 10**6 > low * 1000 and p.tokens[first.start].kind == "n" and low < 1000 else low
    return Figure(first.start - (1 if opened else 0), other.end, min(scaled, high), max(scaled, high), "count")


def _single(p: Passage, at: int, lexicon: Lexicon) -> Figure | None:
    if at >= len(p.tokens):
        return None
    if p.tokens[at].kind == "n":
        return _digits(p, at, lexicon)
    for kind in ("numbers.vague", "numbers.fractions"):
        mark = p.mark(kind, at)
        if mark is not None and isinstance(mark.value, list):
            one, other = mark.value
            if kind == "numbers.fractions":
                return Figure(at, mark.end, one / other, one / other, "fraction")
            exact = one == other
            return Figure(at, mark.end, one, other or None, "count", approx=not exact)
    ordinal = p.mark("numbers.ordinals", at)
    if ordinal is not None and isinstance(ordinal.value, int):
        return Figure(at, ordinal.end, ordinal.value, ordinal.value, "ordinal")
    return _words(p, at)


def _digits(p: Passage, at: int, lexicon: Lexicon) -> Figure | None:
    value = _parse(p.tokens[at].text, lexicon.decimal)
    if value is None:
        return None
    end = at + 1
    if p.adjoins(end) and p.has(end, "st", "nd", "rd", "th", "er", "re", "e", "eme"):
        return Figure(at, end + 1, value, value, "ordinal")
    while end < len(p.tokens) and value < 1000 and p.tokens[end].kind == "n" and len(p.tokens[end].text) == 3:
        if lexicon.decimal != "," or p.tokens[end].start - p.tokens[end - 1].end != 1:
            break
        value, end = value * 1000 + float(p.tokens[end].text), end + 1
    scale = p.mark("numbers.scales", end + (1 if p.has(end, "-") and not p.mark("unit", end + 1) else 0))
    if scale is not None and isinstance(scale.value, int):
        letter = len(p.norms[scale.start]) == 1
        if not letter or (p.adjoins(scale.start) and (scale.value != 1_000_000 or _money_before(p, at))):
            return Figure(at, scale.end, value * scale.value, value * scale.value, "count")
    return Figure(at, end, value, value, "count")


def _money_before(p: Passage, at: int) -> bool:
    return at > 0 and p.tokens[at - 1].kind == "s"


def _parse(text: str, decimal: str) -> float | None:
    if len(text) > LONGEST:
        return None
    if text.count(":"):
        minutes, _, rest = text.partition(":")
        return float(minutes) * 60 + (_parse(rest, decimal) or 0)
    if decimal == ",":
        text = text.translate({ord(","): ".", ord("."): ","})
    text = text.replace(",", "") if _GROUPED.match(text) or "," in text else text
    try:
        return float(text)
    except ValueError:  # "1.1.7" names something
        return None


def _words(p: Passage, at: int) -> Figure | None:
    total, current, end = 0.0, 0.0, at
    while end < len(p.tokens) and end - at < LONGEST:
        word, scale = p.mark("numbers.words", end), p.mark("numbers.scales", end)
        if word is not None and isinstance(word.value, int):
            if current % 100 and (word.value >= 10 or current % 10):
                break
            current += word.value
        elif scale is not None and isinstance(scale.value, int) and len(p.norms[end]) > 2 and end > at:
            current = (current or 1) * scale.value
            total, current = (total + current, 0.0) if scale.value >= 1000 else (total, current)
        elif end > at and (p.has(end, "-") or p.mark("numbers.joiners", end)) and p.mark("numbers.words", end + 1):
            if (p.has(end, "-") and current % 10 == 0 and current >= 20) or (
                not p.has(end, "-") and current % 100 == 0 and (total or current >= 100)
            ):
                end += 1
                continue
            break
        else:
            break
        end = (word or scale or p.starting["numbers.words"][at]).end
    value = total + current
    return Figure(at, end, value, value, "count") if end > at else None
