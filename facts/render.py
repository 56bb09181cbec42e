"""Changes and comparisons as the plain mappings that the webhook and `compare --json` carry."""

from collections.abc import Mapping, Sequence

from facts.model import Change, Comparison


def change_as_dict(change: Change, *, id: str, reverts: str | None = None) -> dict[str, object]:  # noqa: A002
    """The change object of docs/architecture.md §5; *reverts* is the id of the change that this one takes back."""
    return {
        "id": id,
        "type": change.type,
        "op": change.op,
        "subject": change.subject,
        "before": change.before,
        "after": change.after,
        "value_before": _plain(change.value_before),
        "value_after": _plain(change.value_after),
        "direction": change.direction,
        "claimant_before": change.claimant_before,
        "claimant_after": change.claimant_after,
        "modality": change.modality,
        "position": change.position,
        "sentence_before": change.sentence_before,
        "sentence_after": change.sentence_after,
        "offsets": {"before": _span(change.offset_before), "after": _span(change.offset_after)},
        "severity": change.severity,
        "confidence": round(change.confidence, 3),
        "rule": change.rule,
        "reverts": reverts,
    }


def comparison_as_dict(comparison: Comparison, *, id: object, ids: Sequence[str] | None = None) -> dict[str, object]:  # noqa: A002
    """The object that `compare --json` prints; without *ids* the changes are numbered from "1"."""
    named = ids or [str(number) for number, _ in enumerate(comparison.changes, 1)]
    return {
        "id": id,
        "factual": comparison.factual,
        "severity": comparison.severity,
        "edits": [
            {"action": e.action, "intention": e.intention, "before": e.before, "after": e.after}
            for e in comparison.edits
        ],
        "changes": [change_as_dict(c, id=name) for c, name in zip(comparison.changes, named, strict=True)],
    }


def _span(span: tuple[int, int] | None) -> list[int] | None:
    return list(span) if span is not None else None


def _plain(value: Mapping[str, object] | None) -> dict[str, object] | None:
    return dict(value) if value is not None else None
