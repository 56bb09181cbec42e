"""Quantities as slots: an interval with its unit, what is counted, and what befell it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from facts.lexicon import Lexicon
from facts.passage import Claim, Passage

REACH = 6
"""Tokens to either side within which a toll word ("killed") belongs to a number, as long as no clause ends between."""

CASUALTIES = frozenset(("dead", "injured", "missing", "detained", "hostages", "displaced"))

_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_STOPPERS = frozenset(',;:()"')
_BOUNDS = {"least": ("lo", ""), "over": ("lo", ">"), "most": ("hi", ""), "under": ("hi", "<")}


class Figure(NamedTuple):
    """A number as read: tokens *start* to *end*, its bounds, and its form (count, ordinal, fraction, rating, score)."""

    start: int
    end: int
    lo: float | None
    hi: float | None
    form: str
    approx: bool = False


def quantities(p: Passage, taken: set[int], lexicon: Lexicon) -> Iterator[Claim]:
    """Every quantity outside of the *taken* tokens, to which its own tokens are added."""
    at = 0
    while at < len(p.tokens):
        figure = None if at in taken or at not in p.counting else figure_at(p, at, lexicon)
        if figure is None:
            at += 1
            continue
        claim = _claim(p, figure, lexicon)
        if claim is not None:
            taken.update(range(claim.start, claim.end))
            yield claim
        at = max(at + 1, claim.end if claim else figure.end)


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
    if middle == "-" or ranged:
        other = _single(p, end + 1, lexicon)
        if other is not None and other.form == first.form:
            return _range(p, first, other, ranged)
    return first


def _range(p: Passage, first: Figure, other: Figure, spoken: bool) -> Figure:
    low, high = first.lo or 0, other.lo or 0
    if not spoken and high <= low:
        return Figure(first.start, other.end, low, high, f"score {high:g}")
    scaled = low * 10**6 if high >= 10**6 > low * 1000 and p.tokens[first.start].kind == "n" and low < 1000 else low
    return Figure(first.start - (1 if spoken else 0), other.end, min(scaled, high), max(scaled, high), "count")


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
    while end < len(p.tokens):
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


def _claim(p: Passage, figure: Figure, lexicon: Lexicon) -> Claim | None:
    start, end = figure.start, figure.end
    unit, end = _unit_after(p, end, lexicon)
    if start and p.tokens[start - 1].kind == "s" and not unit:
        unit, start = lexicon.symbols.get(p.tokens[start - 1].text, ""), start - 1
        start -= 1 if p.adjoins(start) and p.tokens[start - 1].kind == "w" else 0
    if _is_designator(p, figure, unit):
        return None
    start, end, bound, approx = _modifiers(p, start, end)
    toll = "" if unit and unit not in ("percent",) else _toll(p, start, end)
    head = _head(p, end, lexicon)
    if not _counted(p, figure, lexicon, head, toll, unit, bound):
        return None
    lo, hi = (figure.lo, figure.hi)
    lo, hi = (lo if bound != "hi" else None), (hi if bound != "lo" else None)
    approx = approx or figure.approx
    form = figure.form if not unit else f"{figure.form} {unit}"
    is_toll = toll in CASUALTIES and figure.form in ("count", "fraction") and not unit
    subject = " ".join(part for part in (head, toll) if part) or unit or head
    value = {"lo": _plain(lo), "hi": _plain(hi), "approx": approx, "unit": unit or None}
    kind = "toll" if is_toll else form
    leads = p.mark_before("modifier", start)
    part = leads is not None and leads.value == "part_of"
    value["part_of"] = part or None
    slot = (form, toll, lexicon.stem(head), part)
    return Claim("casualty" if is_toll else "number", kind, start, end, (form, lo, hi, approx), slot, subject, value)


def _unit_after(p: Passage, end: int, lexicon: Lexicon) -> tuple[str, int]:
    if end < len(p.tokens) and p.tokens[end].kind == "s":
        return lexicon.symbols.get(p.tokens[end].text, ""), end + 1
    at = end + 1 if p.has(end, "-") else end
    mark = p.mark("unit", at)
    if mark is None or (len(p.norms[at]) == 1 and not p.adjoins(at)):
        return "", end
    old = p.mark("unit", mark.end + (1 if p.has(mark.end, "-") else 0))
    if (mark.value == "year" and p.has(mark.end, "old")) or (p.has(mark.end, "-") and p.has(mark.end + 1, "old")):
        return "old", mark.end + (1 if p.has(mark.end, "old") else 2)
    return str(old.value if old and old.value == "old" else mark.value), mark.end


def _is_designator(p: Passage, figure: Figure, unit: str) -> bool:
    """A number that names something (F-16, Resolution 2334, 11th Brigade) counts nothing."""
    at, end = figure.start, figure.end
    if unit in ("percent", "dollar", "euro", "pound"):
        return False
    if at >= 2 and p.has(at - 1, "-") and p.adjoins(at) and p.adjoins(at - 1) and p.tokens[at - 2].kind == "w":
        return True
    if p.adjoins(at) and p.tokens[at - 1].kind == "w":
        return True
    if (
        p.adjoins(end)
        and p.tokens[end - 1].kind == "n"
        and p.tokens[end].kind == "w"
        and not unit
        and figure.form == "count"
    ):
        return True
    if figure.form == "ordinal":
        return p.mark("designators.after", end) is not None and p.capital(end)
    return p.capital(at - 1) and p.mark_before("designators.before", at) is not None and not unit


def _modifiers(p: Passage, start: int, end: int) -> tuple[int, int, str, bool]:
    """The span with its modifier, which bound it leaves ("lo", "hi" or both), and whether it is approximate."""
    bound, approx = "", False
    for _ in range(2):
        mark = p.mark_before("modifier", start)
        if mark is None or mark.value in ("range", "part_of", "between") or str(mark.value).startswith("trailing"):
            break
        start = mark.start if mark.value != "exact" else start
        bound = _BOUNDS.get(str(mark.value), (bound, ""))[0]
        approx = approx or mark.value == "about"
        if mark.value == "exact":
            break
    after = p.mark("modifier", end)
    if after is not None and after.value == "trailing_least":
        return start, after.end, "lo", approx
    if after is not None and after.value == "trailing_about":
        return start, after.end, bound, True
    return start, end, bound, approx


def _toll(p: Passage, start: int, end: int) -> str:
    """The toll that a number belongs to: the nearest toll word of its clause, rather after it than before."""
    for at in range(end, min(end + REACH, len(p.tokens))):
        if p.tokens[at].text in _STOPPERS or (at > end and _is_figure(p, at)):
            break
        mark = p.mark("toll", at)
        if mark is not None:
            return str(mark.value)
    for at in range(start - 1, max(start - REACH - 1, -1), -1):
        if p.tokens[at].text in _STOPPERS or _is_figure(p, at):
            break
        mark = p.mark_before("toll", at + 1)
        if mark is not None:
            return str(mark.value)
    return ""


def _is_figure(p: Passage, at: int) -> bool:
    return (
        p.tokens[at].kind == "n" or p.mark("numbers.words", at) is not None or p.mark("numbers.vague", at) is not None
    )


def _head(p: Passage, end: int, lexicon: Lexicon) -> str:
    """What is counted: the last of the content words that follow."""
    head = ""
    for at in range(end, min(end + 4, len(p.tokens))):
        word = p.tokens[at]
        if word.kind != "w" or (word.norm in lexicon.stop and word.norm not in lexicon.sets["people"]):
            break
        if head and p.mark("toll", at) is not None and p.mark("people.nouns", at) is None:
            break
        head = word.norm
        if p.mark("people.nouns", at) is not None and p.mark("people.nouns", at + 1) is None:
            break
    return head


def _counted(p: Passage, figure: Figure, lexicon: Lexicon, head: str, toll: str, unit: str, bound: str) -> bool:
    """Whether a figure counts anything: a lone "one" is a pronoun more often than a number."""
    word = p.norms[figure.start]
    if figure.form == "ordinal":
        return (figure.lo or 0) > 1 or bool(unit)
    if word in lexicon.sets["negligible"] and figure.end == figure.start + 1:
        return bool(toll or unit or bound) and not p.has(figure.end, "of")
    return True


def _plain(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value
