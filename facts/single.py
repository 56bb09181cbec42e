"""Sentences that only one side has: what they say beyond figures, names and quotations."""

from facts.context import Context
from facts.draft import Draft, Ledger
from facts.passage import Passage
from facts.sayings import sayings


def single_changes(before: Passage, after: Passage, context: Context, ledger: Ledger) -> None:
    """Status and events that come or go with a whole sentence; a removed denial is never silent."""
    if after.tokens:
        _status(after, ledger)
        if not ledger.drafts:
            ledger.add(Draft("event", "added", None, (0, len(after.tokens)), "event", "event.sentence", 0.6))
        return
    denial = next((s for s in sayings(before, context.lexicon) if s.stance in ("deny", "allege")), None)
    if denial is not None:
        ledger.add(
            Draft(
                "status",
                "removed",
                (denial.start, denial.end),
                None,
                denial.claimant,
                "status.denial_removed",
                0.7,
                "accuses",
            )
        )
    elif not ledger.drafts:
        ledger.add(Draft("event", "removed", (0, len(before.tokens)), None, "event", "event.sentence", 0.5, "dropped"))


def _status(after: Passage, ledger: Ledger) -> None:
    mark = next(iter(after.marks("status.additions")), None)
    if mark is not None:
        ledger.add(Draft("status", "added", None, (mark.start, mark.end), "status", "status.added", 0.6))
