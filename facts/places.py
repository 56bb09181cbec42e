"""Where: near → in, north → northwest."""

from collections.abc import Sequence

from facts.context import Context
from facts.diff import Diff, Hunk
from facts.draft import Draft, Ledger, Span
from facts.passage import Claim, Passage

WAYS = "places.directions"


def place_changes(before: Sequence[Claim], diff: Diff, context: Context, ledger: Ledger) -> None:
    """Prepositions and directions that move an otherwise equal place."""
    for claim in before:
        start = diff.forth.get(claim.start)
        old = _relation(diff.before, claim.start)
        new = _relation(diff.after, start) if start is not None else None
        if old and new and old[1] != new[1] and old[0] not in diff.forth and start is not None:
            end = start + claim.end - claim.start
            ledger.add(
                Draft(
                    "place",
                    "updated",
                    (old[0], claim.end),
                    (new[0], min(end, len(diff.after.tokens))),
                    "place",
                    "place.relation",
                    0.8,
                )
            )
    for hunk in diff.hunks:
        _way(hunk, diff, context, ledger)
        _preposition(hunk, diff, ledger)


def _way(hunk: Hunk, diff: Diff, context: Context, ledger: Ledger) -> None:
    """north → northwest"""
    old = [m for m in diff.before.marks(WAYS) if hunk.b0 <= m.start < hunk.b1 and m.start not in ledger.told_before]
    new = [m for m in diff.after.marks(WAYS) if hunk.a0 <= m.start < hunk.a1 and m.start not in ledger.told_after]
    if not old or not new:
        return
    one, other = old[0], new[0]
    if context.lexicon.stem(diff.before.norms[one.start]) != context.lexicon.stem(diff.after.norms[other.start]):
        b, a = (one.start, one.end), (other.start, other.end)
        ledger.add(Draft("place", "updated", b, a, "direction", "place.direction", 0.75))


def _preposition(hunk: Hunk, diff: Diff, ledger: Ledger) -> None:
    """outside → inside, before anything that has no name"""
    b, a = (hunk.b0, hunk.b1), (hunk.a0, hunk.a1)
    near, into = diff.before.mark("places.near", hunk.b0), diff.after.mark("places.in", hunk.a0)
    if near is None and into is None:
        near, into = diff.after.mark("places.near", hunk.a0), diff.before.mark("places.in", hunk.b0)
    whole = near is not None and into is not None and {near.end, into.end} == {hunk.b1, hunk.a1}
    spatial = whole and _spatial(diff.before, b) and _spatial(diff.after, a)
    if spatial and ledger.fresh(range(*b), "before") and ledger.fresh(range(*a), "after"):
        ledger.add(Draft("place", "updated", b, a, "place", "place.relation", 0.7))


def _spatial(p: Passage, span: Span) -> bool:
    """Whether a preposition is one of place only: "at" and "around" also stand before times and figures."""
    return span[1] - span[0] > 1 or len(p.norms[span[0]]) > 4


def _relation(p: Passage, start: int) -> tuple[int, str] | None:
    at = start - 1 if p.has(start - 1, "the") else start
    for kind in ("near", "in"):
        mark = p.mark_before(f"places.{kind}", at)
        if mark is not None:
            return mark.start, kind
    return None
