"""Figures whose old and new value stand in different sentences: a toll that went with one and came back in another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from facts.diff import Diff
from facts.draft import Draft, Ledger
from facts.figures import direction
from facts.passage import Claim


@dataclass(slots=True)
class Reading:
    """An edit as it was read, before it is judged."""

    before: str
    after: str
    diff: Diff
    ledger: Ledger


def join(readings: Sequence[Reading]) -> None:
    """Turns an added toll into an update where exactly one toll of that class was dropped from another sentence."""
    gone: dict[str, list[tuple[Reading, Claim]]] = {}
    for reading in readings:
        for claim in reading.ledger.loose:
            if claim.type == "casualty":
                gone.setdefault(_state(claim.subject), []).append((reading, claim))
    if not gone:
        return
    for reading in readings:
        for at, draft in enumerate(reading.ledger.drafts):
            origin = _origin(draft, gone)
            if origin is not None:
                reading.ledger.drafts[at] = _updated(draft, *origin)


def _state(subject: str) -> str:
    """What befell them: the last word of a toll's subject."""
    return subject.rpartition(" ")[2]


def _origin(draft: Draft, gone: dict[str, list[tuple[Reading, Claim]]]) -> tuple[Reading, Claim] | None:
    if draft.type != "casualty" or draft.op != "added" or draft.value_after is None:
        return None
    waiting = gone.get(_state(draft.subject), [])
    if len(waiting) != 1:
        return None
    other, claim = waiting.pop()
    _forget(other.ledger, claim)
    return other, claim


def _forget(ledger: Ledger, claim: Claim) -> None:
    span = (claim.start, claim.end)
    ledger.drafts[:] = [d for d in ledger.drafts if not (d.op == "removed" and d.before == span)]


def _updated(draft: Draft, other: Reading, claim: Claim) -> Draft:
    percent, weight = direction(claim.value, draft.value_after or {}, plain=True)
    return replace(
        draft, op="updated", before=(claim.start, claim.end), rule="casualty.across", score=0.7, weight=weight,
        value_before=claim.value, direction=percent, origin=(other.diff.before, other.before),
    )  # fmt: skip
