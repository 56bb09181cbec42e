"""What no other rule has told: content words replaced or put in, in an otherwise equal sentence."""

from facts.context import Context
from facts.diff import Diff, Hunk
from facts.draft import Draft, Ledger
from facts.names import misspelt
from facts.passage import Passage


def event_changes(diff: Diff, context: Context, ledger: Ledger) -> None:
    """Events replaced, added or removed, from the hunks that other rules have left."""
    for hunk in diff.hunks:
        before = _content(diff.before, hunk.b0, hunk.b1, ledger.told_before, context)
        after = _content(diff.after, hunk.a0, hunk.a1, ledger.told_after, context)
        if before and after:
            _replaced(hunk, before, after, diff, context, ledger)
        elif len(after) >= 3 and hunk.b0 == hunk.b1:
            fresh = [at for at in after if not context.before.having([diff.after.norms[at]])]
            if len(fresh) >= 2:
                ledger.add(Draft("event", "added", None, (hunk.a0, hunk.a1), "event", "event.added", 0.55))
        elif len(before) >= 3 and hunk.a0 == hunk.a1:
            ledger.note(f"dropped detail: {diff.before.text(hunk.b0, hunk.b1)!r}")


def _content(p: Passage, start: int, end: int, told: set[int], context: Context) -> list[int]:
    return [
        at
        for at in range(start, end)
        if p.tokens[at].kind == "w" and p.norms[at] not in context.lexicon.stop and at not in told
    ]


def _replaced(hunk: Hunk, before: list[int], after: list[int], diff: Diff, context: Context, ledger: Ledger) -> None:
    lexicon = context.lexicon
    old = [at for at in before if not any(_alike(diff.before.norms[at], diff.after.norms[k], context) for k in after)]
    new = [at for at in after if not any(_alike(diff.after.norms[at], diff.before.norms[k], context) for k in before)]
    if not old or not new or diff.ratio < 0.6:
        ledger.note(f"style: {diff.before.text(hunk.b0, hunk.b1)!r} → {diff.after.text(hunk.a0, hunk.a1)!r}")
        return
    b, a = (old[0], old[-1] + 1), (new[0], new[-1] + 1)
    opposite = any(diff.after.norms[k] in lexicon.opposites.get(diff.before.norms[at], ()) for at in old for k in new)
    kind = "status" if opposite else "event"
    ledger.add(Draft(kind, "updated", b, a, kind, f"{kind}.replaced", 0.6, "contradicts" if opposite else ""))


def _alike(one: str, other: str, context: Context) -> bool:
    return context.lexicon.same(one, other) or misspelt(one, other)
