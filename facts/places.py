"""Where: near → in, north → northwest."""

from collections.abc import Sequence

from facts.context import Context
from facts.diff import Diff
from facts.draft import Draft, Ledger
from facts.passage import Claim, Passage


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
        old_way = [
            m
            for m in diff.before.marks("places.directions")
            if hunk.b0 <= m.start < hunk.b1 and m.start not in ledger.told_before
        ]
        new_way = [
            m
            for m in diff.after.marks("places.directions")
            if hunk.a0 <= m.start < hunk.a1 and m.start not in ledger.told_after
        ]
        if (
            old_way
            and new_way
            and context.lexicon.stem(diff.before.norms[old_way[0].start])
            != context.lexicon.stem(diff.after.norms[new_way[0].start])
        ):
            one, other = old_way[0], new_way[0]
            ledger.add(
                Draft(
                    "place",
                    "updated",
                    (one.start, one.end),
                    (other.start, other.end),
                    "direction",
                    "place.direction",
                    0.75,
                )
            )


def _relation(p: Passage, start: int) -> tuple[int, str] | None:
    at = start - 1 if p.has(start - 1, "the") else start
    for kind in ("near", "in"):
        mark = p.mark_before(f"places.{kind}", at)
        if mark is not None:
            return mark.start, kind
    return None
