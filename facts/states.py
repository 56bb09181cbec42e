"""The state of a proposition: ladders of steps, tense, polarity."""

from collections.abc import Iterator, Mapping, Sequence

from facts.context import Context
from facts.diff import Diff, Hunk
from facts.draft import Draft, Ledger, Span
from facts.figures import is_number_word
from facts.lexicon import Mark
from facts.passage import Passage

ALIKE = 0.6
"""Share of equal words from which a negation that came or went turns the sentence."""
RELATED = 0.3
"""Share of equal words from which two steps of one ladder are steps of one thing."""
LACKS = "status.lacks"
NEGATING = ("dis", "un", "in", "im", "non", "il", "ir")
"""Prefixes that turn a word around, in English and most of its neighbours."""
_AUXILIARIES = ("be", "been", "was", "were", "is", "are", "has", "have", "had", "to", "also", "not", "being")


def status_changes(diff: Diff, context: Context, ledger: Ledger) -> None:
    """Status changes of an edit whose two sides say something about the same thing."""
    for hunk in diff.hunks:
        if hunk.b0 < hunk.b1 and hunk.a0 < hunk.a1:
            _tense(hunk, diff, context, ledger)
        _polarity(hunk, diff, context, ledger)
    _ladders(diff, context, ledger)


def _within(p: Passage, kind: str, start: int, end: int) -> Iterator[Mark]:
    return (mark for mark in p.marks(kind) if mark.start < end and start < mark.end)


def _ladders(diff: Diff, context: Context, ledger: Ledger) -> None:
    """arrested → charged: steps of one ladder, in one hunk, or each the only one of its side."""
    for ladder in context.lexicon.ladders:
        if ladder not in diff.before.starting or ladder not in diff.after.starting:
            continue
        kept, before, after = _unequal(ladder, diff)
        for one in before:
            other = next((m for m in after if _one_hunk(one, m, diff)), None)
            if other is None and not kept and len(before) == len(after) == 1 and diff.ratio >= RELATED:
                other = after[0]
            if other is not None and _steps(other) != _steps(one) and not _stays(one, other, diff, context):
                _climb(ladder.partition(".")[2], one, other, ledger)


def _unequal(ladder: str, diff: Diff) -> tuple[int, list[Mark], list[Mark]]:
    """How many marks of a ladder both sides share at the same place, and those that only one has."""
    before, after = _outer(diff.before.marks(ladder)), _outer(diff.after.marks(ladder))
    at = {m.start: m for m in after}
    same = [m for m in before if m.start in diff.forth and diff.forth[m.start] in at]
    same = [m for m in same if _steps(at[diff.forth[m.start]]) == _steps(m)]
    gone = {diff.forth[m.start] for m in same}
    return len(same), [m for m in before if m not in same], [m for m in after if m.start not in gone]


def _outer(marks: Sequence[Mark]) -> list[Mark]:
    """Marks that lie in no longer one: "dead" is no step of its own in "feared dead"."""
    return [m for m in marks if not any(o.start <= m.start and m.end <= o.end and o != m for o in marks)]


def _climb(name: str, one: Mark, other: Mark, ledger: Ledger) -> None:
    b, a = (one.start, one.end), (other.start, other.end)
    if not (ledger.fresh(range(*b), "before") and ledger.fresh(range(*a), "after")):
        return
    (step, ended), (next_step, next_ended) = _steps(one), _steps(other)
    weight = "progresses" if next_step > step and not (ended or next_ended) else "contradicts"
    ledger.add(Draft("status", "updated", b, a, name, f"status.{name}", 0.75, weight))


def _stays(one: Mark, other: Mark, diff: Diff, context: Context) -> bool:
    """Whether two steps are only two words for one state, in this language."""
    return one.end - one.start == other.end - other.start == 1 and context.lexicon.same(
        diff.before.norms[one.start], diff.after.norms[other.start]
    )


def _one_hunk(one: Mark, other: Mark, diff: Diff) -> bool:
    return any(one.start < h.b1 and h.b0 < one.end and other.start < h.a1 and h.a0 < other.end for h in diff.hunks)


def _steps(mark: Mark) -> tuple[int, bool]:
    return mark.value if isinstance(mark.value, tuple) else (0, False)


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
    plain, coming = (
        (diff.after.norms[new], diff.before.norms[old]) if before else (diff.before.norms[old], diff.after.norms[new])
    )
    side, first, verb = (diff.after, hunk.a0, new) if before else (diff.before, hunk.b0, old)
    helped = any(side.norms[at] in context.lexicon.sets["past"] for at in range(max(first - 2, 0), verb))
    if plain.endswith("ing") or (not helped and plain in (coming, coming + "s", coming + "es")):
        return  # "returns" → "will return": a present that may mean the future
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


def _polarity(hunk: Hunk, diff: Diff, context: Context, ledger: Ledger) -> None:
    """A negation that came or went inside an otherwise equal sentence."""
    before = [m for m in _within(diff.before, "status.negations", hunk.b0, hunk.b1) if m.start not in diff.forth]
    after = [m for m in _within(diff.after, "status.negations", hunk.a0, hunk.a1) if m.start not in diff.back]
    before, after = _real(before, diff.before), _real(after, diff.after)
    small = hunk.b1 - hunk.b0 <= 4 and hunk.a1 - hunk.a0 <= 4
    counted = any(
        p.tokens[at].kind == "n" or is_number_word(p, at)
        for p, start, end in ((diff.before, hunk.b0, hunk.b1), (diff.after, hunk.a0, hunk.a1))
        for at in range(start, end)
    )
    if counted or bool(before) == bool(after) or diff.ratio < ALIKE or not small:
        return
    if any(p.mark_before("modifier", m.end) or p.mark("modifier", m.start) for p, m in _sided(before, after, diff)):
        return
    b = _around(before[0], diff.before) if before else _counterpart(after[0], diff.after, diff.back)
    a = _around(after[0], diff.after) if after else _counterpart(before[0], diff.before, diff.forth)
    if not (ledger.fresh(range(*(b or (0, 0))), "before") and ledger.fresh(range(*(a or (0, 0))), "after")):
        return
    if b is None or a is None or _said_otherwise(diff, context):
        return
    ledger.add(Draft("status", "updated", b, a, "negation", "status.negation", 0.75, "contradicts"))


def _said_otherwise(diff: Diff, context: Context) -> bool:
    """Whether the other side negates in another way: "not losing any" → "losing no", "not believing" →
    "disbelieving"."""
    sides = (diff.before, diff.after)
    if any(m.start not in kept for p, kept in zip(sides, (diff.forth, diff.back), strict=True) for m in p.marks(LACKS)):
        return True
    if len({len(p.marks("status.negations")) for p in sides}) == 1:
        return True
    for p, other in (sides, sides[::-1]):
        words = {context.lexicon.stem(norm) for norm in other.norms}
        for norm in p.norms:
            bare = next((norm[len(prefix) :] for prefix in NEGATING if norm.startswith(prefix)), "")
            if len(bare) > 3 and context.lexicon.stem(bare) in words and norm not in other.norms:
                return True
    return False


def _real(marks: Sequence[Mark], p: Passage) -> list[Mark]:
    """Negations without the "no." that only numbers something."""
    return [m for m in marks if not (m.end < len(p.tokens) and p.tokens[min(m.end + 1, len(p.tokens) - 1)].kind == "n")]


def _sided(before: Sequence[Mark], after: Sequence[Mark], diff: Diff) -> list[tuple[Passage, Mark]]:
    return [(diff.before, m) for m in before] + [(diff.after, m) for m in after]


def _around(mark: Mark, p: Passage) -> Span:
    """A negation with the words beside it: "was not wearing"."""
    first = mark.start - 1 if mark.start and p.tokens[mark.start - 1].kind == "w" else mark.start
    last = mark.end + 1 if mark.end < len(p.tokens) and p.tokens[mark.end].kind == "w" else mark.end
    return first, last


def _counterpart(mark: Mark, p: Passage, mapping: Mapping[int, int]) -> Span | None:
    """The words that stand around the same place on the side that has no negation: "was wearing"."""
    first, last = _around(mark, p)
    places = [mapping[at] for at in range(first, last) if at in mapping]
    return (min(places), max(places) + 1) if places and max(places) - min(places) < 6 else None
