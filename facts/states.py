"""The state of a proposition: ladders of steps, tense, polarity, opposites."""

from collections.abc import Iterator

from facts.context import Context
from facts.diff import Diff, Hunk
from facts.draft import Draft, Ledger, Span
from facts.lexicon import Mark
from facts.passage import Passage


def status_changes(diff: Diff, context: Context, ledger: Ledger) -> None:
    """Status changes of an edit whose two sides say something about the same thing."""
    for hunk in diff.hunks:
        if hunk.b0 < hunk.b1 and hunk.a0 < hunk.a1:
            _ladder(hunk, diff, ledger)
            _tense(hunk, diff, context, ledger)
        _polarity(hunk, diff, ledger)


def _within(p: Passage, kind: str, start: int, end: int) -> Iterator[Mark]:
    return (mark for mark in p.marks(kind) if mark.start < end and start < mark.end)


def _ladder(hunk: Hunk, diff: Diff, ledger: Ledger) -> None:
    for one in _within(diff.before, "ladder", hunk.b0, hunk.b1):
        for other in _within(diff.after, "ladder", hunk.a0, hunk.a1):
            (name, step, ended), (other_name, other_step, other_ended) = _steps(one), _steps(other)
            if name != other_name or step == other_step or one.start in diff.forth or other.start in diff.back:
                continue
            if not (
                ledger.fresh(range(one.start, one.end), "before")
                and ledger.fresh(range(other.start, other.end), "after")
            ):
                continue
            weight = "progresses" if other_step > step and not (ended or other_ended) else "contradicts"
            ledger.add(
                Draft(
                    "status",
                    "updated",
                    (one.start, one.end),
                    (other.start, other.end),
                    name,
                    f"status.{name}",
                    0.8,
                    weight,
                )
            )


def _steps(mark: Mark) -> tuple[str, int, bool]:
    return mark.value if isinstance(mark.value, tuple) else ("", 0, False)


def _tense(hunk: Hunk, diff: Diff, context: Context, ledger: Ledger) -> None:
    """will be formed → was formed: the same verb, first to come and then done."""
    before = next(_within(diff.before, "status.future", hunk.b0, hunk.b1), None)
    after = next(_within(diff.after, "status.future", hunk.a0, hunk.a1), None)
    if (before is None) == (after is None):
        return
    verb_before, verb_after = _verb(diff.before, before or hunk.b0), _verb(diff.after, after or hunk.a0)
    stem = context.lexicon.stem
    if (
        verb_before is None
        or verb_after is None
        or stem(diff.before.norms[verb_before]) != stem(diff.after.norms[verb_after])
    ):
        return
    b: Span = (before.start if before else min(hunk.b0, verb_before), verb_before + 1)
    a: Span = (after.start if after else min(hunk.a0, verb_after), verb_after + 1)
    if b[0] < b[1] and a[0] < a[1]:
        modality = "expected" if after is not None else "stated"
        ledger.add(
            Draft(
                "status",
                "updated",
                b,
                a,
                diff.after.norms[verb_after],
                "status.tense",
                0.8,
                "progresses",
                modality=modality,
            )
        )  # type: ignore[arg-type]


def _verb(p: Passage, start: Mark | int) -> int | None:
    at = start.end if isinstance(start, Mark) else start
    skipped = ("be", "been", "was", "were", "is", "are", "has", "have", "had", "to", "also", "not")
    while at < len(p.norms) and p.norms[at] in skipped:
        at += 1
    return at if at < len(p.norms) and p.tokens[at].kind == "w" else None


def _polarity(hunk: Hunk, diff: Diff, ledger: Ledger) -> None:
    """A negation that came or went inside an otherwise equal sentence."""
    before = [m for m in _within(diff.before, "status.negations", hunk.b0, hunk.b1) if m.start not in diff.forth]
    after = [m for m in _within(diff.after, "status.negations", hunk.a0, hunk.a1) if m.start not in diff.back]
    if bool(before) == bool(after) or diff.ratio < 0.6:
        return
    mark, p = (before or after)[0], diff.before if before else diff.after
    small = hunk.b1 - hunk.b0 <= 4 and hunk.a1 - hunk.a0 <= 4
    if not small:
        return
    first, last = max(mark.start - 1, 0), min(mark.end + 1, len(p.tokens))
    before_span: Span | None = (first, last) if before else (hunk.b0, hunk.b1) if hunk.b1 > hunk.b0 else None
    after_span: Span | None = (first, last) if after else (hunk.a0, hunk.a1) if hunk.a1 > hunk.a0 else None
    op = "updated" if before_span and after_span else "removed" if before_span else "added"
    ledger.add(Draft("status", op, before_span, after_span, "negation", "status.negation", 0.75, "contradicts"))  # type: ignore[arg-type]
