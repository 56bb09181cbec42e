"""Quantities of an edit: which are equal, which is the new value of which, which came or went."""

from collections.abc import Callable, Mapping, Sequence

from facts.attribution import differ
from facts.context import Context, Whole
from facts.diff import Diff
from facts.draft import Draft, Ledger, Span
from facts.model import ChangeType, Op
from facts.passage import Claim, Passage
from facts.reasons import cited

Agree = Callable[[Claim, Claim], bool]
SMALL = 0.05
"""Share by which a plain count may move without being loud (docs/architecture.md §4)."""
HUGE = 100
"""Factor from which a rise is told as a factor, for nobody reads +99900%."""
NEAR = 5
"""Tokens before a figure within which "rate" or "vote" says what it is."""
_SPOKEN = ("words", "vague", "fractions", "ordinals", "scales")


def matched(
    before: Sequence[Claim], after: Sequence[Claim], diff: Diff, ledger: Ledger, agrees: Agree
) -> tuple[list[Claim], list[Claim]]:
    """The claims of either side that have no equal on the other; equals pair at the same place first, and are told."""
    left, right = list(before), list(after)
    for strict in (True, False):
        for one in list(left):
            other = next((c for c in right if agrees(one, c) and (not strict or diff.aligned(one, c))), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                ledger.tell((one.start, one.end), (other.start, other.end))
    return left, right


def paired(
    before: list[Claim], after: list[Claim], worth: Callable[[Claim, Claim], float]
) -> list[tuple[Claim, Claim, float]]:
    """The best pairs whose worth is above zero; they are taken out of the two lists."""
    scored = [(worth(one, other), at, where) for at, one in enumerate(before) for where, other in enumerate(after)]
    pairs = []
    used_before: set[int] = set()
    used_after: set[int] = set()
    for score, at, where in sorted(scored, key=lambda s: (-s[0], abs(s[1] - s[2]), s[1])):
        if score > 0 and at not in used_before and where not in used_after:
            used_before.add(at)
            used_after.add(where)
            pairs.append((before[at], after[where], score))
    before[:] = [claim for at, claim in enumerate(before) if at not in used_before]
    after[:] = [claim for at, claim in enumerate(after) if at not in used_after]
    return pairs


def quantity_changes(
    before: Sequence[Claim], after: Sequence[Claim], diff: Diff, context: Context, ledger: Ledger
) -> None:
    """Number and casualty changes of an edit."""
    left, right = matched(before, after, diff, ledger, lambda b, a: _same_quantity(b, a, diff))
    elsewhere = differ(diff, context) if left and right else False
    for one, other, score in paired(left, right, lambda b, a: _slot_worth(b, a, diff)):
        if elsewhere and one.type == other.type == "casualty":
            _other_source(one, other, ledger)
            continue
        draft = _updated(one, other, score, diff, context.lexicon.sets["exact"])
        if draft.weight in ("bound", "rounds", "about") and not diff.aligned(one, other):
            ledger.note(f"the same figure in other words: {cited(diff.after.text(other.start, other.end))}")
            ledger.tell(draft.before, draft.after)
        else:
            ledger.add(draft)
    for claim in right:
        if (_telling(claim) or _ranks(claim, diff, context)) and not _known(claim, diff.after, context.before):
            kind = _type(claim)
            ledger.add(
                Draft(kind, "added", None, _whole(claim), claim.subject, f"{kind}.added", 0.85, "", None, claim.value)
            )
        else:
            ledger.tell(None, _whole(claim))
    for claim in left:
        if _telling(claim) and not _known(claim, diff.before, context.after):
            dropped(claim, _type(claim), diff, ledger)
        else:
            ledger.tell(_whole(claim), None)


def degree_changes(diff: Diff, ledger: Ledger) -> None:
    """An "almost" that came or went away from any figure: "almost all residents" → "all residents"."""
    for hunk in diff.hunks:
        before, after = hunk.b1 - hunk.b0 == 1, hunk.a1 - hunk.a0 == 1
        if before == after or (hunk.b1 > hunk.b0 and hunk.a1 > hunk.a0):
            continue
        p, at = (diff.before, hunk.b0) if before else (diff.after, hunk.a0)
        mark = p.mark("degrees", at)
        side = "before" if before else "after"
        if mark is None or not ledger.fresh([at], side) or diff.ratio < 0.6:
            continue
        span = (at, at + 1)
        op: Op = "removed" if before else "added"
        left, right = (span, None) if before else (None, span)
        ledger.add(Draft("number", op, left, right, "degree", "number.degree", 0.6, "rounds"))


def _other_source(one: Claim, other: Claim, ledger: Ledger) -> None:
    """Another source's figure for the same thing: the one goes, the other comes."""
    b, a = _whole(one), _whole(other)
    rule = "casualty.source"
    ledger.add(Draft("casualty", "removed", b, None, one.subject, rule, 0.7, "dropped", one.value, None))
    ledger.add(Draft("casualty", "added", None, a, other.subject, rule, 0.7, "", None, other.value))


def dropped(claim: Claim, kind: ChangeType, diff: Diff, ledger: Ledger, weight: str = "dropped") -> None:
    """A claim that only the older side has: a change where its whole sentence went, else a detail cut for length."""
    ledger.loose.append(claim)
    if diff.after.tokens and weight == "dropped":
        ledger.note(f"a detail was only cut: {cited(diff.before.text(claim.start, claim.end))}")
        ledger.tell(_whole(claim), None)
        return
    ledger.add(
        Draft(kind, "removed", _whole(claim), None, claim.subject, f"{kind}.removed", 0.55, weight, claim.value, None)
    )


def _whole(claim: Claim) -> Span:
    return claim.start, claim.end


def _type(*claims: Claim) -> ChangeType:
    return "casualty" if any(claim.type == "casualty" for claim in claims) else "number"


def _telling(claim: Claim) -> bool:
    """Whether a figure says something by itself: ordinals and a bare "one" do only where they change."""
    if claim.kind == "ordinal":
        return False
    lone = claim.value.get("lo") == claim.value.get("hi") == 1 and claim.digits == ""
    return claim.type == "casualty" or not lone


def _ranks(claim: Claim, diff: Diff, context: Context) -> bool:
    """Whether an ordinal was put in where it turns a rank: "largest" → "second-largest"."""
    inserted = any(h.b0 == h.b1 and h.a0 <= claim.start < h.a1 <= claim.end for h in diff.hunks)
    ranked = diff.after.norms[claim.end - 1 : claim.end + 2][-1]
    superlative = any(ranked.endswith(ending) for ending in context.lexicon.sets["superlatives"])
    return claim.kind == "ordinal" and inserted and superlative


def _same_quantity(one: Claim, other: Claim, diff: Diff) -> bool:
    if one.key != other.key and not _regrouped(one, other):
        return False
    (_, toll, head, part), (_, other_toll, other_head, other_part) = one.slot, other.slot
    rivals = bool(toll and other_toll) and toll != other_toll
    if (part != other_part or rivals) and not diff.aligned(one, other):
        return False
    return diff.aligned(one, other) or head == other_head or toll == other_toll or not (head and other_head)


def _regrouped(one: Claim, other: Claim) -> bool:
    """Whether 30.000 became 30,000: the same digits, grouped in another country's way."""
    mine, theirs = one.value.get("lo"), other.value.get("lo")
    if one.slot[0] != other.slot[0] or not isinstance(mine, (int, float)) or not isinstance(theirs, (int, float)):
        return False
    small, large = sorted((mine, theirs))
    return small > 0 and round(large / small, 9) == 1000 and one.digits == other.digits and len(one.digits) > 3


def _slot_worth(one: Claim, other: Claim, diff: Diff) -> float:
    """How surely two figures are two values of one slot; 0 where they cannot be."""
    (form, toll, head, part), (other_form, other_toll, other_head, other_part) = one.slot, other.slot
    aligned = diff.aligned(one, other)
    if form != other_form and not (aligned and {form, other_form}.isdisjoint(("ordinal",)) and diff.ratio > 0.6):
        return 0.0
    same_value = _middle(one.value) == _middle(other.value)
    if (toll and other_toll and toll != other_toll) or (
        part != other_part and not (same_value and {part, other_part} == {"", "own"})
    ):
        return 0.0
    same_toll = bool(toll) and toll == other_toll
    equal = 0.9 * same_value
    worth = 0.45 * aligned + 0.3 * (head == other_head) + 0.25 * same_toll + equal
    return worth if worth >= 0.45 or same_toll else 0.0


def _updated(one: Claim, other: Claim, score: float, diff: Diff, exact: frozenset[str]) -> Draft:
    before, after = _spans(one, other, diff)
    kind = _type(one, other)
    plain = _is_plain(one, diff.before, exact) and _is_plain(other, diff.after, exact)
    percent, weight = direction(one.value, other.value, plain=plain)
    if weight == "rounds" and all(one.value.get(side) == other.value.get(side) for side in ("lo", "hi")):
        weight = "about"
    subject, sure = other.subject or one.subject, min(0.97, 0.75 + 0.25 * score)
    return Draft(kind, "updated", before, after, subject, f"{kind}.slot", sure, weight, one.value, other.value, percent)


def _is_plain(claim: Claim, p: Passage, exact: frozenset[str]) -> bool:
    """Whether a figure is a plain count, of which a little more is little: no vote, seat, score or rate."""
    bounds = [value for value in (claim.value.get("lo"), claim.value.get("hi")) if value is not None]
    if claim.slot[0] != "count" or any(not isinstance(value, int) for value in bounds):
        return False
    if _against(p, claim.start - 2) or _against(p, claim.end) or _against(p, claim.end + 1):
        return False
    start, end = claim.start, claim.end
    while start > max(0, claim.start - NEAR) and p.tokens[start - 1].text not in ".;":
        start -= 1
    while end < min(len(p.tokens), claim.end + 3) and p.tokens[end].text not in ",.;":
        end += 1
    return exact.isdisjoint(p.norms[start:end])


def _against(p: Passage, at: int) -> bool:
    """Whether a token stands between the two figures of a score: "52 votes to 48"; "from 52 to 48" is a span."""
    if not p.has(at, "to", "-", ":") or at + 1 not in p.counting:
        return False
    return any(place in p.counting and not p.has(place - 1, "from") for place in (at - 1, at - 2) if place >= 0)


def _spans(one: Claim, other: Claim, diff: Diff) -> tuple[Span, Span]:
    """The telling part: a modifier that both share is left out."""
    b0, b1, a0, a1 = one.start, one.end, other.start, other.end
    while b1 - b0 > 1 and a1 - a0 > 1 and diff.before.norms[b0] == diff.after.norms[a0]:
        if diff.before.tokens[b0].kind != "w" or is_number_word(diff.before, b0):
            break
        b0, a0 = b0 + 1, a0 + 1
    return (b0, b1), (a0, a1)


def is_number_word(p: Passage, at: int) -> bool:
    """Whether a token begins a number in words."""
    return any(p.mark(f"numbers.{kind}", at) for kind in _SPOKEN)


def direction(old: Mapping[str, object], new: Mapping[str, object], *, plain: bool) -> tuple[str | None, str]:
    """How far a value moved, for people and for the severity rule (``bound`` where only its bounds changed). *plain*:
    a count, of which less than 5 % is little."""
    before, after = _middle(old), _middle(new)
    if before is None or after is None or before == after:
        bounds = (old.get("lo") is None) == (new.get("lo") is None) and (old.get("hi") is None) == (
            new.get("hi") is None
        )
        return None, ("rounds" if bounds else "bound") if before == after else ""
    if not before:
        return "up" if after > 0 else "down", ""
    share = (after - before) / abs(before)
    return moved_by(share), f"{'small ' if plain and abs(share) < SMALL else ''}{share:+.4f}"


def moved_by(share: float) -> str:
    """A share as people read it: +25%, −99.9% where something is left, and ×1000 instead of thousands of percent."""
    if share >= HUGE - 1:
        return f"×{round(share + 1)}"
    if -1 < share < -0.99:
        return f"-{int(round(-share * 1000, 6)) / 10:.1f}%"
    return f"{share:+.0%}" if abs(share) >= 0.1 else f"{share:+.1%}"


def _middle(value: Mapping[str, object]) -> float | None:
    bounds = [float(str(value[side])) for side in ("lo", "hi") if value.get(side) is not None]
    return sum(bounds) / len(bounds) if bounds else None


def _known(claim: Claim, p: Passage, whole: Whole) -> bool:
    """Whether the other text says this figure of the same thing somewhere else: moved, or repeated from the lede."""
    if claim.value.get("part_of"):
        return False
    figure = [p.norms[at] for at in range(*_whole(claim)) if p.tokens[at].kind == "n" or is_number_word(p, at)]
    about = [word for word in claim.subject.split() if word in p.norms][:1]
    return bool(figure) and whole.having(figure + about)
