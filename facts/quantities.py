"""Quantities as slots: an interval with its unit, what is counted, and what befell it."""

import math
from collections.abc import Iterator

from facts.lexicon import Lexicon
from facts.model import ChangeType
from facts.numbers import Figure, figure_at
from facts.passage import Claim, Passage

REACH = 6
"""Tokens to either side within which a toll word ("killed") belongs to a number, as long as no clause ends between."""

CASUALTIES = frozenset(("dead", "injured", "missing", "detained", "hostages", "displaced"))
SPOKEN = {"dead": "killed", "hostages": "held hostage"}
"""How a toll's subject reads: "people killed"."""
"""Classes of tolls that are told as casualties; others (rescued, infected) only name what a number counts."""

_STOPPERS = frozenset(',;:()".')
_BOUNDS = {"least": "lo", "over": "lo", "most": "hi", "under": "hi"}


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


def _claim(p: Passage, figure: Figure, lexicon: Lexicon) -> Claim | None:
    start, end = figure.start, figure.end
    unit, end = _unit_after(p, end, lexicon)
    if start and p.tokens[start - 1].kind == "s" and not unit:
        unit, start = lexicon.symbols.get(p.tokens[start - 1].text, ""), start - 1
        start -= 1 if p.adjoins(start) and p.tokens[start - 1].kind == "w" else 0
    if _is_designator(p, figure, unit):
        return None
    start, end, bound, approx = _modifiers(p, start, end)
    leads = p.mark_before("modifier", start)
    part = (leads is not None and leads.value == "part_of") or p.mark("parts", end) is not None
    toll = "" if unit and unit != "percent" else _toll(p, start, end, part=part)
    head = _head(p, end, lexicon)
    beside = (
        head in lexicon.sets["people"] or p.mark("toll", end) is not None or p.mark_before("toll", start) is not None
    )
    measured = bool(unit or bound or (toll and beside))
    if not _counted(p, figure, lexicon, measured):
        return None
    lo, hi = (figure.lo, figure.hi)
    lo, hi = (lo if bound != "hi" else None), (hi if bound != "lo" else None)
    approx = approx or figure.approx
    form = figure.form if not unit else f"{figure.form} {unit}"
    is_toll = toll in CASUALTIES and figure.form in ("count", "fraction") and not unit
    counted = " ".join(filter(None, (head, toll))) or unit
    noun = "" if p.mark("toll", end) is not None and head == p.norms[end] else head  # "34 injured" counts people
    subject = f"{noun or 'people'} {SPOKEN.get(toll, toll)}" if is_toll else counted
    value = {"lo": _plain(lo), "hi": _plain(hi), "approx": approx, "unit": unit or None}
    kind = "toll" if is_toll else form
    value["part_of"] = part or None
    share = "" if not part else "own" if _toll_after(p, end) == toll != "" else "inherited"
    slot = (form, toll, lexicon.stem(head), share)
    digits = "".join(filter(str.isdigit, p.text(start, end)))
    type_: ChangeType = "casualty" if is_toll else "number"
    return Claim(type_, kind, start, end, (form, lo, hi, approx), slot, subject, value, digits)


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
        bound = _BOUNDS.get(str(mark.value), bound)
        approx = approx or mark.value == "about"
        if mark.value == "exact":
            break
    after = p.mark("modifier", end)
    if after is not None and after.value == "trailing_least":
        return start, after.end, "lo", approx
    if after is not None and after.value == "trailing_about":
        return start, after.end, bound, True
    return start, end, bound, approx


def _toll(p: Passage, start: int, end: int, *, part: bool) -> str:
    """The toll that a number belongs to: a toll word just before it, else the nearest of its clause, rather after it
    than before; "the death toll from … rose to 87" reaches further."""
    close = p.mark_before("toll", start)
    if close is not None and start - close.start <= 2:
        return str(close.value)
    own = _toll_after(p, end)
    return own or ("" if not part and _predicated(p, start, end) else _toll_before(p, start, part=part))


def _predicated(p: Passage, start: int, end: int) -> bool:
    """Whether a figure opens a clause of its own behind an "and": what befell others is not said of it ("two died and
    three are being questioned")."""
    if p.mark_before("numbers.joiners", start) is None:
        return False
    for at in range(end, min(end + REACH, len(p.tokens))):
        if p.tokens[at].text in _STOPPERS or p.mark("numbers.joiners", at):
            return False
        if p.mark("status.copulas", at) or p.mark("status.perfect", at) or p.mark("status.stays", at):
            return True
    return False


def _toll_after(p: Passage, end: int) -> str:
    for at in range(end, min(end + REACH, len(p.tokens))):
        if p.tokens[at].text in _STOPPERS or (at > end and (_is_figure(p, at) or p.mark("numbers.joiners", at))):
            break
        mark = p.mark("toll", at)
        if mark is not None:
            return str(mark.value)
    return ""


def _toll_before(p: Passage, start: int, *, part: bool) -> str:
    for at in range(start - 1, max(start - 2 * REACH - 1, -1), -1):
        comma = p.tokens[at].text == ","
        if (p.tokens[at].text in _STOPPERS and not (part and comma)) or (_is_figure(p, at) and not part):
            break
        mark = p.mark_before("toll", at + 1)
        if mark is not None and (start - at <= REACH or p.norms[at] == "toll"):
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
        if p.mark("status.stays", at):
            break
        if head and p.mark("toll", at) is not None and p.mark("people.nouns", at) is None:
            break
        head = word.norm
        if p.mark("people.nouns", at) is not None and p.mark("people.nouns", at + 1) is None:
            break
    return head


def _counted(p: Passage, figure: Figure, lexicon: Lexicon, measured: bool) -> bool:
    """Whether a figure counts anything: a lone "one" is a pronoun more often than a number."""
    word = p.norms[figure.start]
    if figure.form == "ordinal":
        return (figure.lo or 0) > 1
    if word in lexicon.sets["negligible"] and figure.end == figure.start + 1:
        return measured and not p.has(figure.end, "of")
    return True


def _plain(value: float | None) -> float | int | None:
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value == int(value) else value
