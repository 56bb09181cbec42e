"""Sentences and clauses that only one side has: what they say beyond figures, names and quotations."""

from facts.context import Context
from facts.diff import Diff
from facts.draft import Draft, Ledger, Span
from facts.lexicon import Lexicon
from facts.passage import Passage
from facts.sayings import sayings

CLAUSE = 9
"""Tokens of a put-in clause up to which the whole clause is the telling span."""


def single_changes(before: Passage, after: Passage, context: Context, ledger: Ledger, *, isolated: bool) -> None:
    """Status and events that come or go with a whole sentence; a removed denial is never silent."""
    if _announces(before) or _announces(after):
        ledger.drafts.clear()
        ledger.note("it only says that the story goes on, which is no claim")
        return
    if after.tokens:
        denial = next((s for s in sayings(after, context.lexicon) if s.stance == "deny"), None)
        if denial is not None:
            span = (denial.start, denial.end)
            ledger.add(Draft("status", "added", None, span, denial.claimant, "status.denial", 0.7))
        status_added(after, (0, len(after.tokens)), set(), context.lexicon, ledger)
        if not ledger.drafts and _says_something(after, context):
            ledger.add(Draft("event", "added", None, (0, len(after.tokens)), "event", "event.sentence", 0.6))
        return
    denial = next((s for s in sayings(before, context.lexicon) if s.stance in ("deny", "allege")), None)
    if denial is not None:
        span = (denial.start, denial.end)
        ledger.add(Draft("status", "removed", span, None, denial.claimant, "status.denial", 0.7, "accuses"))
    elif not isolated:
        ledger.note("it is gone, but the text around it was rewritten, so it may only stand there in other words")
        ledger.drafts[:] = [d for d in ledger.drafts if d.weight != "dropped"]
    elif not ledger.drafts and _says_something(before, context):
        whole = (0, len(before.tokens))
        ledger.add(Draft("event", "removed", whole, None, "event", "event.sentence", 0.5, "dropped"))


def _says_something(p: Passage, context: Context) -> bool:
    """Whether a sentence has more than one word of content: "Read on." has not."""
    return sum(t.kind in "wn" and t.norm not in context.lexicon.stop for t in p.tokens) > 1


def _announces(p: Passage) -> bool:
    """Whether a sentence only says that the story goes on."""
    return len(p.tokens) < 30 and any(mark.value == "developing" for mark in p.marks("correction"))


def clause_changes(diff: Diff, context: Context, ledger: Ledger) -> None:
    """A clause put into a sentence that says how something ended: "… and the attacker is dead"."""
    known = {context.lexicon.stem(norm) for norm in diff.before.norms}
    for hunk in diff.hunks:
        quoted = any(
            d.type == "quote" and d.after and d.after[0] < hunk.a1 and hunk.a0 < d.after[1] for d in ledger.drafts
        )
        words = sum(token.kind == "w" for token in diff.after.tokens[hunk.a0 : hunk.a1])
        if hunk.b1 - hunk.b0 <= 1 and words >= 2 and not quoted:
            status_added(diff.after, (hunk.a0, hunk.a1), known, context.lexicon, ledger, _struck(diff.before))


def _struck(p: Passage) -> frozenset[object]:
    """What a passage says befell people, by class of toll: who "died" need not also have been "killed"."""
    return frozenset(mark.value for mark in p.marks("toll"))


def status_added(
    after: Passage,
    within: Span,
    known: set[str],
    lexicon: Lexicon,
    ledger: Ledger,
    struck: frozenset[object] = frozenset(),
) -> None:
    """The first state in a span that is said as done: behind "was", "has been", or a verb of its own. *known* are the
    stems of the other side, which says those states too, and *struck* the tolls of which it speaks."""
    for mark in after.marks("status.additions"):
        if not (within[0] <= mark.start < within[1]) or not ledger.fresh(range(mark.start, mark.end), "after"):
            continue
        if not _done(after, mark.start, lexicon) or _counted(after, mark.start, ledger):
            continue
        toll = after.mark("toll", mark.start)
        if lexicon.stem(after.norms[mark.start]) in known or (toll is not None and toll.value in struck):
            continue
        span = (mark.start, mark.end)
        if within[1] - within[0] <= CLAUSE and within != (0, len(after.tokens)):
            span = _without_joiner(after, within)
        ledger.add(Draft("status", "added", None, span, "status", "status.added", 0.6))
        return


def _counted(p: Passage, at: int, ledger: Ledger) -> bool:
    """Whether a toll has told this already: "Nine people died"."""
    return p.mark("toll", at) is not None and any(draft.type == "casualty" for draft in ledger.drafts)


def _done(p: Passage, at: int, lexicon: Lexicon) -> bool:
    before = p.norms[max(0, at - 3) : at]
    helped = any(word in lexicon.sets["copulas"] or word in lexicon.sets["perfect"] for word in before)
    hoped = any(word in ("could", "may", "might", "if", "not") for word in before)
    past = p.norms[at].endswith("ed") and at > 0 and p.tokens[at - 1].kind == "w"
    return (helped or past) and not hoped


def _without_joiner(p: Passage, span: Span) -> Span:
    start, end = span
    while start < end - 1 and (p.tokens[start].kind != "w" or p.has(start, "and", "but", "while", "with")):
        start += 1
    return start, end
