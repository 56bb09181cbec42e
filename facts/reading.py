"""The rules in the order in which they speak; each sees what the earlier ones have told."""

from datetime import date

from facts.attribution import attribution_changes, stance_changes
from facts.context import Context
from facts.dates import dates
from facts.diff import Diff, diff
from facts.draft import Draft, Ledger
from facts.entities import name_changes
from facts.events import event_changes
from facts.figures import degree_changes, quantity_changes
from facts.lexicon import Lexicon
from facts.moments import date_changes
from facts.names import names
from facts.notices import is_notice, opens_notice
from facts.offices import nobody_changes, office_changes
from facts.passage import Claim, Passage
from facts.places import place_changes
from facts.quantities import quantities
from facts.quotes import quotes
from facts.reasons import read_as
from facts.recognised import sharpened
from facts.single import clause_changes, single_changes
from facts.spoken import quote_changes
from facts.states import status_changes


def claims(p: Passage, lexicon: Lexicon, published: date | None) -> dict[str, list[Claim]]:
    """The claims of a passage by the rule that reads them; no token is read twice, save inside quotation marks."""
    taken: set[int] = set()
    return {
        "quote": list(quotes(p, lexicon)),
        "date": list(dates(p, taken, lexicon, published)),
        "number": list(quantities(p, taken, lexicon)),
        "name": list(sharpened(names(p, taken, lexicon), p, taken, lexicon)),
    }


def read(before: Passage, after: Passage, context: Context, *, isolated: bool = True) -> tuple[Ledger, Diff]:
    """Everything that the rules find between two passages, either of which may be empty. *isolated* says that the
    sentences around stayed as they were."""
    ledger = Ledger()
    compared = diff(before, after)
    if _notice(before, after, ledger):
        return ledger, compared
    left = claims(before, context.lexicon, context.before.published)
    right = claims(after, context.lexicon, context.after.published)
    if context.explain:
        _explain(before, left, ledger)
        _explain(after, right, ledger)
    quote_changes(left["quote"], right["quote"], compared, context, ledger)
    both = bool(before.tokens and after.tokens)
    if both:
        stance_changes(compared, context, ledger)
        nobody_changes(compared, context, ledger)
        status_changes(compared, context, ledger)
        office_changes(compared, context, ledger)
        attribution_changes(compared, context, ledger)
    for kind in ("date", "number", "name"):
        left[kind] = [claim for claim in left[kind] if claim.start not in ledger.closed_before]
        right[kind] = [claim for claim in right[kind] if claim.start not in ledger.closed_after]
    date_changes(left["date"], right["date"], compared, context, ledger)
    quantity_changes(left["number"], right["number"], compared, context, ledger)
    if both:
        degree_changes(compared, ledger)
        place_changes(left["name"], compared, context, ledger)
    name_changes(left["name"], right["name"], compared, context, ledger)
    if both:
        clause_changes(compared, context, ledger)
        event_changes(compared, context, ledger)
    else:
        if after.tokens:
            office_changes(compared, context, ledger)
        single_changes(before, after, context, ledger, isolated=isolated)
    ledger.drafts[:] = [draft for draft in ledger.drafts if not _inside(draft, ledger)]
    return ledger, compared


def _notice(before: Passage, after: Passage, ledger: Ledger) -> bool:
    """Whether the edit is one of a correction notice, which is then told as a whole."""
    b, a = (0, len(before.tokens)), (0, len(after.tokens))
    if opens_notice(before) and opens_notice(after):
        ledger.add(Draft("correction", "updated", b, a, "notice", "correction.notice", 0.95))
    elif is_notice(after) and not is_notice(before):
        ledger.add(Draft("correction", "added", None, a, "notice", "correction.notice", 0.95))
    elif opens_notice(before) and not after.tokens:
        ledger.note("a correction notice is gone, whose words are no claims of the article")
    else:
        return False
    return True


def _explain(p: Passage, found: dict[str, list[Claim]], ledger: Ledger) -> None:
    """Says what each span was read as."""
    for claimed in found.values():
        ledger.readings.extend(read_as(p, claim) for claim in claimed)


def _inside(draft: Draft, ledger: Ledger) -> bool:
    """Whether a claim came or went within a quotation that was reworded: the quotation tells it."""
    if draft.op == "updated" or draft.type not in ("date", "number", "name", "place", "status", "event"):
        return False
    added = draft.op == "added"
    own = draft.after if added else draft.before
    for other in ledger.drafts:
        span = other.after if added else other.before
        if other.type == "quote" and other is not draft and own and span and span[0] <= own[0] and own[1] <= span[1]:
            return True
    return False
