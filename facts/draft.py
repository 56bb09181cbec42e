"""A fact change on its way: found by a rule, not yet judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from facts.model import ChangeType, Modality, Op
from facts.passage import Claim, Passage

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Draft:
    """A change by token spans of the edit's two passages. *weight* is how the severity rule reads it: ``contradicts``,
    ``progresses``, ``dropped``, ``hedge``, ``source``, ``retranslated``, ``accuses``… *origin* is the passage and the
    sentence of *before* where that stands in another edit."""

    type: ChangeType
    op: Op
    before: Span | None
    after: Span | None
    subject: str
    rule: str
    score: float
    weight: str = ""
    value_before: Mapping[str, object] | None = None
    value_after: Mapping[str, object] | None = None
    direction: str | None = None
    modality: Modality = "stated"
    origin: tuple[Passage, str] | None = None


@dataclass(slots=True)
class Ledger:
    """What an edit has been read to say: drafts, notes and *readings* of spans for
    ``--explain``, and the tokens that are accounted for.
    *closed* tokens stand in a quotation that another replaced: nothing inside is told by itself."""

    drafts: list[Draft] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    loose: list[Claim] = field(default_factory=list)
    closed_before: set[int] = field(default_factory=set)
    closed_after: set[int] = field(default_factory=set)
    told_before: set[int] = field(default_factory=set)
    told_after: set[int] = field(default_factory=set)

    def add(self, draft: Draft) -> None:
        """Keeps a draft and marks its tokens as told."""
        self.drafts.append(draft)
        self.tell(draft.before, draft.after)

    def tell(self, before: Span | None, after: Span | None) -> None:
        """Marks tokens as accounted for without a change."""
        self.told_before.update(range(*(before or (0, 0))))
        self.told_after.update(range(*(after or (0, 0))))

    def note(self, text: str) -> None:
        """Says for ``--explain`` what was read and why it makes no change."""
        self.notes.append(text)

    def fresh(self, spans: Iterable[int], side: str) -> bool:
        """Whether no rule has spoken for any of these tokens yet."""
        return not (self.told_before if side == "before" else self.told_after).intersection(spans)
