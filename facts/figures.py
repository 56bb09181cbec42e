"""Quantities and dates of an edit: which are equal, which is the new value of which, which came or went."""

from collections.abc import Callable, Sequence

from facts.context import Context, Whole
from facts.dates import When, agree
from facts.diff import Diff
from facts.draft import Draft, Ledger, Span
from facts.model import Op
from facts.passage import Claim, Passage

Agree = Callable[[Claim, Claim], bool]


def matched(
    before: Sequence[Claim], after: Sequence[Claim], diff: Diff, agrees: Agree
) -> tuple[list[Claim], list[Claim]]:
    """The claims of either side that have no equal on the other; equals pair at the same place first."""
    left, right = list(before), list(after)
    for strict in (True, False):
        for one in list(left):
            for other in right:
                if agrees(one, other) and (not strict or diff.aligned(one, other)):
                    left.remove(one)
                    right.remove(other)
                    break
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
    left, right = matched(before, after, diff, lambda one, other: _same_quantity(one, other, diff))
    for one, other, score in paired(left, right, lambda b, a: _slot_worth(b, a, diff)):
        ledger.add(_updated(one, other, score, diff))
    for claim in right:
        if _telling(claim) and not _known(claim, diff.after, context.before):
            ledger.add(_single(claim, "added", diff.after))
    for claim in left:
        if _telling(claim) and not _known(claim, diff.before, context.after):
            ledger.add(_single(claim, "removed", diff.before))


def _telling(claim: Claim) -> bool:
    """Whether a figure says something by itself: ordinals and a bare "one" do only where they change."""
    return (claim.kind != "ordinal" and claim.key != ("count", 1.0, 1.0, False)) or claim.type == "casualty"


def _same_quantity(one: Claim, other: Claim, diff: Diff) -> bool:
    if one.key != other.key:
        return False
    toll, other_toll, head, other_head = one.slot[1], other.slot[1], one.slot[2], other.slot[2]
    return diff.aligned(one, other) or head == other_head or toll == other_toll or not (head and other_head)


def _slot_worth(one: Claim, other: Claim, diff: Diff) -> float:
    """How surely two figures are two values of one slot; 0 where they cannot be."""
    (form, toll, head), (other_form, other_toll, other_head) = one.slot, other.slot
    aligned = diff.aligned(one, other)
    if form != other_form and not (
        aligned and {form, other_form} <= {"count", "fraction", "ordinal", "count percent"} and diff.ratio > 0.6
    ):
        return 0.0
    if toll and other_toll and toll != other_toll:
        return 0.0
    same_head = head == other_head
    worth = 0.45 * aligned + 0.3 * same_head + 0.25 * (toll == other_toll and bool(toll))
    return worth if worth >= 0.45 or (toll and toll == other_toll) else 0.0


def _updated(one: Claim, other: Claim, score: float, diff: Diff) -> Draft:
    before, after = _spans(one, other, diff)
    kind = "casualty" if "casualty" in (one.type, other.type) else "number"
    direction, weight = _direction(one, other)
    return Draft(
        kind, "updated", before, after, other.subject or one.subject, f"{kind}.slot", min(0.97, 0.75 + 0.25 * score), weight, one.value, other.value, direction,
    )  # fmt: skip


def _spans(one: Claim, other: Claim, diff: Diff) -> tuple[Span, Span]:
    """The telling part: a modifier or unit that both share is left out."""
    b0, b1, a0, a1 = one.start, one.end, other.start, other.end
    while (
        b1 - b0 > 1
        and a1 - a0 > 1
        and diff.before.norms[b0] == diff.after.norms[a0]
        and diff.before.tokens[b0].kind == "w"
        and not _numeric(diff.before, b0)
    ):
        b0, a0 = b0 + 1, a0 + 1
    return (b0, b1), (a0, a1)


def _numeric(p: Passage, at: int) -> bool:
    return any(p.mark(f"numbers.{kind}", at) for kind in ("words", "vague", "fractions", "ordinals", "scales"))


def _direction(one: Claim, other: Claim) -> tuple[str | None, str]:
    old, new = _middle(one), _middle(other)
    if old is None or new is None or old == new:
        return None, "bound" if old == new else ""
    if not old:
        return "up", ""
    share = (new - old) / abs(old)
    percent = f"{share:+.0%}" if abs(share) >= 0.1 else f"{share:+.1%}"
    rates = str(one.key[0]) if isinstance(one.key, tuple) else ""
    small = abs(share) < 0.05 and rates == "count"
    return percent, f"{'small ' if small else ''}{share:+.4f}"


def _middle(claim: Claim) -> float | None:
    bounds = [float(str(claim.value[side])) for side in ("lo", "hi") if claim.value.get(side) is not None]
    return sum(bounds) / len(bounds) if bounds else None


def _known(claim: Claim, p: Passage, whole: Whole) -> bool:
    """Whether the other text says this figure of the same thing somewhere else: moved, or repeated from the lede."""
    figure = [p.norms[at] for at in range(claim.start, claim.end) if p.tokens[at].kind == "n" or _numeric(p, at)]
    about = [word for word in claim.subject.split() if word in p.norms][:1]
    return bool(figure) and whole.having(figure + about)


def _single(claim: Claim, op: Op, p: Passage) -> Draft:
    span = (claim.start, claim.end)
    kind = "casualty" if claim.type == "casualty" else "number"
    rule = f"{kind}.{op}"
    if op == "added":
        return Draft(kind, op, None, span, claim.subject, rule, 0.7, "", None, claim.value)
    return Draft(kind, op, span, None, claim.subject, rule, 0.5, "dropped", claim.value, None)


def date_changes(before: Sequence[Claim], after: Sequence[Claim], diff: Diff, context: Context, ledger: Ledger) -> None:
    """Date and time changes of an edit."""
    left, right = matched(before, after, diff, _same_date)
    for one, other, score in paired(left, right, lambda b, a: _date_worth(b, a, diff)):
        weight = "narrows" if _narrows(one, other) else ""
        ledger.add(
            Draft(
                "date", "updated", (one.start, one.end), (other.start, other.end), one.subject, "date.slot", 0.7 + 0.25 * score,
                weight, one.value, other.value,
            )
        )  # fmt: skip
    for claim in right:
        if not _date_known(claim, diff.after, context.before):
            ledger.add(
                Draft(
                    "date",
                    "added",
                    None,
                    (claim.start, claim.end),
                    claim.subject,
                    "date.added",
                    0.7,
                    "",
                    None,
                    claim.value,
                )
            )
    for claim in left:
        if not _date_known(claim, diff.before, context.after):
            ledger.add(
                Draft(
                    "date",
                    "removed",
                    (claim.start, claim.end),
                    None,
                    claim.subject,
                    "date.removed",
                    0.5,
                    "dropped",
                    claim.value,
                    None,
                )
            )


def _same_date(one: Claim, other: Claim) -> bool:
    mine, theirs = one.key, other.key
    return isinstance(mine, When) and isinstance(theirs, When) and (mine == theirs or agree(mine, theirs))


def _date_worth(one: Claim, other: Claim, diff: Diff) -> float:
    if one.slot != other.slot:
        return 0.0
    return (0.7 if diff.aligned(one, other) else 0.2) + 0.3 * (one.kind == other.kind)


def _narrows(one: Claim, other: Claim) -> bool:
    return {one.kind, other.kind} == {"year", "month"}


def _date_known(claim: Claim, p: Passage, whole: Whole) -> bool:
    return whole.having(p.norms[at] for at in range(claim.start, claim.end) if p.tokens[at].kind in "wn")
