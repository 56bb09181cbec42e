"""Dates and times of an edit: another day is a fact, the same day in other words is not."""

from collections.abc import Sequence

from facts.context import Context, Whole
from facts.dates import When, agree
from facts.diff import Diff
from facts.draft import Draft, Ledger
from facts.figures import dropped, matched, paired
from facts.passage import Claim, Passage

_SPECIFIC = ("day", "clock", "month", "year", "weekday")


def date_changes(before: Sequence[Claim], after: Sequence[Claim], diff: Diff, context: Context, ledger: Ledger) -> None:
    """Date and time changes of an edit."""
    left, right = matched(before, after, diff, ledger, _same_date)
    for one, other, score in paired(left, right, lambda b, a: _worth(b, a, diff)):
        ledger.add(
            Draft(
                "date", "updated", (one.start, one.end), (other.start, other.end), one.subject, "date.slot",
                0.7 + 0.25 * score, _weight(one, other) or _reported(one, other, diff, context), one.value, other.value,
            )
        )  # fmt: skip
    for claim in right:
        span = (claim.start, claim.end)
        if _known(claim, diff.after, context.before) or claim.kind == "span" or _vaguer(claim, right):
            ledger.tell(None, span)
        else:
            sure = 0.85 if claim.kind in _SPECIFIC else 0.6
            ledger.add(Draft("date", "added", None, span, claim.subject, "date.added", sure, "", None, claim.value))
    for claim in left:
        if _known(claim, diff.before, context.after):
            ledger.tell((claim.start, claim.end), None)
        else:
            dropped(claim, "date", diff, ledger)


def _same_date(one: Claim, other: Claim) -> bool:
    mine, theirs = one.key, other.key
    if not isinstance(mine, When) or not isinstance(theirs, When):
        return False
    return mine == theirs or (agree(mine, theirs) and not _narrows(mine, theirs))


def _narrows(old: When, new: When) -> bool:
    """Whether the later date says a month, a day or an hour that the earlier one left open: "in May" → "on 12 May"."""
    finer = (old.month, old.day, old.minute), (new.month, new.day, new.minute)
    weekday = old.weekday is not None and old.day is None  # which day it was could not be resolved
    return any(a is None and b is not None for a, b in zip(*finer, strict=True)) and not weekday


def _weight(one: Claim, other: Claim) -> str:
    old, new = one.key, other.key
    if not isinstance(old, When) or not isinstance(new, When):
        return ""
    unresolved = {one.kind, other.kind} == {"weekday", "day"} and None in (old.day, new.day)
    return "narrows" if unresolved or (agree(old, new) and _narrows(old, new)) else ""


def _reported(one: Claim, other: Claim, diff: Diff, context: Context) -> str:
    """``reported`` where both weekdays only say when somebody spoke: "denied on Sunday that"."""
    stop = context.lexicon.stop
    spoke = all(_beside_speech(claim, p, stop) for claim, p in ((one, diff.before), (other, diff.after)))
    return "reported" if spoke and one.kind == other.kind == "weekday" else ""


def _beside_speech(claim: Claim, p: Passage, stop: frozenset[str]) -> bool:
    """Whether a verb of saying stands just before a day, or just behind it: "said on Monday", "on Monday denied"."""
    leads = claim.start - 1 if claim.start and p.norms[claim.start - 1] in stop else claim.start
    before = p.mark_before("speech", claim.start) or p.mark_before("speech", leads)
    found = before or p.mark("speech", claim.end)
    return found is not None and found.value in ("say", "deny", "confirm", "allege")


def _worth(one: Claim, other: Claim, diff: Diff) -> float:
    if one.slot != other.slot or not diff.aligned(one, other):
        return 0.0
    return 0.7 + 0.3 * (one.kind == other.kind)


def _vaguer(claim: Claim, others: Sequence[Claim]) -> bool:
    """Whether a part of the day stands beside the day itself."""
    return claim.kind == "part" and any(other.kind in _SPECIFIC for other in others)


def _known(claim: Claim, p: Passage, whole: Whole) -> bool:
    return whole.says([p.norms[at] for at in range(claim.start, claim.end) if p.tokens[at].kind in "wn"])
