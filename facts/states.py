"""The state of a proposition: ladders of steps, tense, polarity."""

from collections.abc import Iterator

from facts.context import Context
from facts.diff import Diff, Hunk
from facts.draft import Draft, Ledger, Span
from facts.lexicon import Mark
from facts.model import Op
from facts.passage import Passage

ALIKE = 0.6
"""Share of equal words from which a negation that came or went turns the sentence."""
RELATED = 0.3
"""Share of equal words from which two steps of one ladder are steps of one thing."""
_AUXILIARIES = ("be", "been", "was", "were", "is", "are", "has", "have", "had", "to", "also", "not", "being")


def status_changes(diff: Diff, context: Context, ledger: Ledger) -> None:
    """Status changes of an edit whose two sides say something about the same thing."""
    for hunk in diff.hunks:
        if hunk.b0 < hunk.b1 and hunk.a0 < hunk.a1:
            _tense(hunk, diff, context, ledger)
        _polarity(hunk, diff, ledger)
    _ladders(diff, context, ledger)


def _within(p: Passage, kind: str, start: int, end: int) -> Iterator[Mark]:
    return (mark for mark in p.marks(kind) if mark.start < end and start < mark.end)


def _ladders(diff: Diff, context: Context, ledger: Ledger) -> None:
    """arrested → charged: steps of one ladder, in one hunk, or each the only one of its side."""
    before = [m for m in diff.before.marks("ladder") if m.start not in diff.forth]
    after = [m for m in diff.after.marks("ladder") if m.start not in diff.back]
    for one in before:
        name, step, ended = _steps(one)
        rivals = [m for m in after if _steps(m)[0] == name]
        kin = [m for m in before if _steps(m)[0] == name]
        other = next((m for m in rivals if _one_hunk(one, m, diff)), None)
        if other is None and len(rivals) == len(kin) == 1 and diff.ratio >= RELATED:
            other = rivals[0]
        if other is None or _steps(other)[1] == step:
            continue
        b, a = (one.start, one.end), (other.start, other.end)
        if not (ledger.fresh(range(*b), "before") and ledger.fresh(range(*a), "after")) or _stays(
            one, other, diff, context
        ):
            continue
        _, next_step, next_ended = _steps(other)
        weight = "progresses" if next_step > step and not (ended or next_ended) else "contradicts"
        ledger.add(Draft("status", "updated", b, a, name, f"status.{name}", 0.75, weight))


def _stays(one: Mark, other: Mark, diff: Diff, context: Context) -> bool:
    """Whether two steps are only two words for one state, in this language."""
    return one.end - one.start == other.end - other.start == 1 and context.lexicon.same(
        diff.before.norms[one.start], diff.after.norms[other.start]
    )


def _one_hunk(one: Mark, other: Mark, diff: Diff) -> bool:
    return any(h.b0 <= one.start < h.b1 and h.a0 <= other.start < h.a1 for h in diff.hunks)


def _steps(mark: Mark) -> tuple[str, int, bool]:
    return mark.value if isinstance(mark.value, tuple) else ("", 0, False)


def _tense(hunk: Hunk, diff: Diff, context: Context, ledger: Ledger) -> None:
    """will be formed → was formed: the same verb, first to come and then done, or put back into the future."""
    before = next(_within(diff.before, "status.future", hunk.b0, hunk.b1), None)
    after = next(_within(diff.after, "status.future", hunk.a0, hunk.a1), None)
    if (before is None) == (after is None):
        return
    old, new = _verb(diff.before, before.end if before else hunk.b0), _verb(diff.after, after.end if after else hunk.a0)
    if old is None or new is None or diff.before.norms[old] in context.lexicon.stop:
        return
    if context.lexicon.stem(diff.before.norms[old]) != context.lexicon.stem(diff.after.norms[new]):
        return
    b = (before.start if before else min(hunk.b0, old), old + 1)
    a = (after.start if after else min(hunk.a0, new), new + 1)
    modality = "expected" if after is not None else "stated"
    weight = "contradicts" if after is not None else "progresses"
    subject = diff.after.norms[new]
    if modality == "expected":
        ledger.add(Draft("status", "updated", b, a, subject, "status.tense", 0.75, weight, modality="expected"))
    else:
        ledger.add(Draft("status", "updated", b, a, subject, "status.tense", 0.8, weight))


def _verb(p: Passage, at: int) -> int | None:
    while at < len(p.norms) and p.norms[at] in _AUXILIARIES:
        at += 1
    return at if at < len(p.norms) and p.tokens[at].kind == "w" else None


def _polarity(hunk: Hunk, diff: Diff, ledger: Ledger) -> None:
    """A negation that came or went inside an otherwise equal sentence."""
    before = [m for m in _within(diff.before, "status.negations", hunk.b0, hunk.b1) if m.start not in diff.forth]
    after = [m for m in _within(diff.after, "status.negations", hunk.a0, hunk.a1) if m.start not in diff.back]
    small = hunk.b1 - hunk.b0 <= 4 and hunk.a1 - hunk.a0 <= 4
    if bool(before) == bool(after) or diff.ratio < ALIKE or not small:
        return
    b = _around(before[0], diff.before) if before else _span(hunk.b0, hunk.b1)
    a = _around(after[0], diff.after) if after else _span(hunk.a0, hunk.a1)
    op: Op = "updated" if b and a else "removed" if b else "added"
    ledger.add(Draft("status", op, b, a, "negation", "status.negation", 0.75, "contradicts"))


def _around(mark: Mark, p: Passage) -> Span:
    return max(mark.start - 1, 0), min(mark.end + 1, len(p.tokens))


def _span(start: int, end: int) -> Span | None:
    return (start, end) if start < end else None
