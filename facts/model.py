"""The values that the comparison takes and gives. Words as in docs/architecture.md."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

ChangeType = Literal[
    "correction", "casualty", "status", "number", "date", "name", "place", "quote", "attribution", "event"
]
Op = Literal["added", "removed", "updated"]
Severity = Literal["info", "low", "medium", "high", "critical"]
Position = Literal["headline", "lede", "body"]
Action = Literal["addition", "deletion", "edit", "refactor", "split", "merge"]
Intention = Literal["fact", "style"]
Modality = Literal["stated", "expected", "alleged", "possible", "planned", "denied"]
EntityKind = Literal["person", "organisation", "place", "other"]

SEVERITIES: tuple[Severity, ...] = ("info", "low", "medium", "high", "critical")


class Entity(NamedTuple):
    """Characters *start* to *end* of a text that are a name; ``other`` names no person, organisation or place."""

    start: int
    end: int
    kind: EntityKind


Recognise = Callable[[str], Sequence[Entity]]
"""Finds the entities of a sentence or two. It must take any text, and give the same answer to the same text."""


@dataclass(frozen=True, slots=True)
class Document:
    """One version's text as it is compared: one paragraph a line, without the headline.

    *notices* holds correction and editor's notes that the page shows outside of the text; *zone* is the outlet's zone,
    in which relative days are resolved against *published*: its IANA name, or its offset then (``+02:00``).
    """

    text: str
    headline: str = ""
    published: datetime | None = None
    language: str = "en"
    zone: str = "UTC"
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """One aligned sentence pair. Empty *before*: an addition; empty *after*: a deletion. *label* names a style
    (``spelling``, ``typography``, ``moved``…) and is empty for a fact."""

    action: Action
    intention: Intention
    before: str
    after: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One claim before and after. Offsets are character spans in the two texts (in the headlines where *position* is
    ``headline``), None on the side that lacks the claim. *confidence* is 0–1, *rule* names what fired; *edit* is the
    index of its edit in the comparison."""

    type: ChangeType
    op: Op
    subject: str
    before: str | None
    after: str | None
    value_before: Mapping[str, object] | None
    value_after: Mapping[str, object] | None
    direction: str | None
    claimant_before: str | None
    claimant_after: str | None
    modality: Modality
    position: Position
    sentence_before: str
    sentence_after: str
    offset_before: tuple[int, int] | None
    offset_after: tuple[int, int] | None
    severity: Severity
    confidence: float
    rule: str
    edit: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that compare() found between two documents: edits in the order of the text, changes loudest first."""

    edits: tuple[Edit, ...]
    changes: tuple[Change, ...]
    explanations: tuple[str, ...] = ()

    @property
    def factual(self) -> bool:
        """Whether any fact changed. What merely went with a text that shrank (``info``) is no fact change."""
        return any(change.severity != "info" for change in self.changes)

    @property
    def severity(self) -> Severity | None:
        """The loudest change's severity; None when nothing is factual."""
        return max((c.severity for c in self.changes if self.factual), key=SEVERITIES.index, default=None)
