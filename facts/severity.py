"""How loud a change is: the table of docs/architecture.md §4, one function a type."""

from facts.draft import Draft
from facts.model import SEVERITIES, Position, Severity

CRITICAL_RISE = 0.25
"""A toll that rises by this share or more is critical."""


SURE = 0.65
"""Confidence below which a change is medium at most: a loud alert must rarely be wrong."""


def severity_of(draft: Draft, position: Position, *, shrank: bool) -> Severity:
    """The severity of a change where it stands: one level higher in a headline or first paragraph."""
    level = _base(draft, shrank=shrank)
    if draft.score < SURE and draft.type != "correction" and draft.weight != "dropped person":
        level = min(level, "medium", key=SEVERITIES.index)
    if draft.weight == "about" or (draft.type == "casualty" and draft.weight == "bound") or draft.weight == "reported":
        return "medium"
    if position == "body" or (draft.weight.startswith("dropped") and not draft.weight.endswith("person")):
        return level
    return SEVERITIES[min(SEVERITIES.index(level) + 1, len(SEVERITIES) - 1)]


def _base(draft: Draft, *, shrank: bool) -> Severity:
    if draft.type == "correction":
        return "critical"
    if draft.op == "removed" and draft.type not in ("attribution", "status"):
        return "medium" if draft.weight == "rounds" else _removed(draft, shrank=shrank)
    if draft.type == "casualty":
        return _casualty(draft)
    if draft.type == "status":
        return (
            "critical"
            if draft.weight == "contradicts"
            else "high"
            if draft.op == "updated" or draft.weight == "office"
            else "medium"
        )
    if draft.type == "number":
        return "medium" if draft.op == "added" or draft.weight.startswith(("small", "rounds")) else "high"
    if draft.type == "date":
        return "medium" if draft.op == "added" or draft.weight == "narrows" else "high"
    if draft.type == "quote":
        return "medium" if draft.op == "added" or draft.weight == "retranslated" else "high"
    if draft.type == "attribution":
        return "low" if draft.weight == "source" else "high"
    return "medium" if draft.type == "event" or draft.op == "added" else "high"


def _removed(draft: Draft, *, shrank: bool) -> Severity:
    if draft.weight in ("dropped person", "withdrawn", "accuses"):
        return "high"
    return "info" if shrank else "medium"


def _casualty(draft: Draft) -> Severity:
    if draft.op == "added":
        return "critical"
    if draft.weight == "rounds":
        return "medium"
    share = _share(draft)
    return "critical" if share is not None and (share < 0 or share >= CRITICAL_RISE) else "high"


def _share(draft: Draft) -> float | None:
    try:
        return float(draft.weight.removeprefix("small "))
    except ValueError:
        return None
