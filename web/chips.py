"""A fact change as a chip: the few words that a person reads at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from facts.model import Change

_LONG = 60
"""Characters of a value that a chip shows; the sentence stands beside it."""


@dataclass(frozen=True, slots=True)
class Chip:
    """``casualty 12 → 15 people killed``. Either value is empty where the claim was added or removed."""

    type: str
    before: str
    after: str
    subject: str
    severity: str
    note: str

    @property
    def words(self) -> str:
        """The chip as plain text, without its severity."""
        return " ".join(part for part in (self.type, self.moved, self.subject, self.note) if part)

    @property
    def moved(self) -> str:
        """``12 → 15``, ``new: 15`` or ``gone: 12``; empty when there is no value."""
        if self.before and self.after:
            return f"{self.before} → {self.after}"
        return f"gone: {self.before}" if self.before else f"new: {self.after}" if self.after else ""


def chip_of(change: Change, *, reverts: bool = False, stealth: bool = False) -> Chip:
    """The chip of a change. Its note says what matters beside the values: reverted, unannounced, who lost the claim."""
    notes = [note for note, holds in (("back to an earlier value", reverts), ("unannounced", stealth)) if holds]
    subject = "" if change.subject in (change.type, change.before, change.after) else change.subject
    return Chip(
        change.type,
        shortened(change.before),
        shortened(change.after),
        shortened(subject),
        change.severity,
        f"({', '.join(notes)})" if notes else "",
    )


def chip_of_told(told: Mapping[str, Any]) -> Chip:
    """The chip of a change as an alert tells it."""
    said = {name: shortened(str(told.get(name) or "")) for name in ("before", "after", "subject")}
    if said["subject"] in (told.get("type"), said["before"], said["after"]):
        said["subject"] = ""
    return Chip(str(told.get("type") or ""), severity=str(told.get("severity") or ""), note="", **said)


def shortened(value: str | None, most: int = _LONG) -> str:
    """The value on one line, cut to *most* characters."""
    written = " ".join((value or "").split())
    return written if len(written) <= most else written[: most - 1].rstrip() + "…"
