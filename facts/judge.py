"""Drafts become changes: severity, position, offsets, claimants, and whether the edit is a fact or style."""

from collections.abc import Sequence
from dataclasses import dataclass

from facts.across import Reading
from facts.align import Line, Pair
from facts.context import Context
from facts.draft import Draft, Span
from facts.lexicon import Lexicon
from facts.model import Action, Change, Edit, Modality, Position
from facts.passage import Passage, passage
from facts.quotes import without_comma
from facts.reading import read
from facts.reasons import style, told, unmoved
from facts.sayings import sayings
from facts.severity import severity_of
from facts.spelling import respelt
from facts.subjects import subject_of
from facts.tokens import Token, tokens
from facts.truncation import levelled

NEAR = 8
"""Tokens before a claim within which a hedge or "will" belongs to it."""
UNKNOWN = 0.8
"""What is left of a reading's confidence in a language without a lexicon."""


@dataclass(frozen=True, slots=True)
class Side:
    """One text of a comparison, its lines, and whether it is the headline or the body."""

    source: str
    lines: Sequence[Line]
    position: Position

    @property
    def several(self) -> bool:
        """Whether the text has more than one paragraph: a lone one is a body without a lede."""
        return bool(self.lines) and self.lines[0].sentence.paragraph != self.lines[-1].sentence.paragraph

    def tokens(self, places: Sequence[int]) -> tuple[list[Token], frozenset[int]]:
        """The tokens of the named sentences, and which of them begin a sentence."""
        found: list[Token] = []
        firsts = set()
        for at in places:
            firsts.add(len(found))
            line = self.lines[at]
            placed = line.tokens and line.tokens[0].start >= line.sentence.start
            same = placed and line.tokens[-1].end <= line.sentence.start + len(line.sentence.text)
            found.extend(line.tokens if same else tokens(line.sentence.text, line.sentence.start))
        return found, frozenset(firsts)

    def passage(self, places: Sequence[int], lexicon: Lexicon) -> Passage:
        """The named sentences as one passage."""
        found, firsts = self.tokens(places)
        return passage(self.source, found, lexicon, firsts)

    def text(self, places: Sequence[int]) -> str:
        """The named sentences as written."""
        return " ".join(self.lines[at].sentence.text for at in places)

    def where(self, places: Sequence[int]) -> Position:
        """``lede`` for sentences of the first of several paragraphs, else ``body``; ``headline`` for a headline."""
        if self.position == "headline" or not places or not self.several:
            return self.position
        return "lede" if self.lines[places[0]].sentence.paragraph == self.lines[0].sentence.paragraph else "body"


def read_pair(pair: Pair, old: Side, new: Side, context: Context) -> Reading | None:
    """Reads one aligned pair; None where its sentences differ in typography or place at most."""
    if pair.same or (pair.cut and not (pair.before and pair.after)):
        return None
    (left, starts), (right, others) = old.tokens(pair.before), new.tokens(pair.after)
    if pair.cut:
        left, right = levelled(left, right)
    left, right = respelt(left, right, context.lexicon)
    before = passage(old.source, left, context.lexicon, starts)
    after = passage(new.source, right, context.lexicon, others)
    ledger, compared = read(before, after, context, isolated=pair.isolated)
    return Reading(old.text(pair.before), new.text(pair.after), compared, ledger)


def judge(
    pair: Pair, old: Side, new: Side, reading: Reading | None, context: Context, edit: int
) -> tuple[Edit, list[Change], list[str]]:
    """The edit that a pair makes, its fact changes, and the notes for ``--explain``."""
    if reading is None:
        label = "truncated" if pair.cut else "moved" if pair.moved else "typography"
        action = "refactor" if pair.same else _action(pair)
        edited = Edit(action, "style", old.text(pair.before), new.text(pair.after), label)
        return edited, [], [_verdict(edited, unmoved(label), edit)]
    position = new.where(pair.after) if pair.after else old.where(pair.before)
    changes = [_change(draft, reading, position, context, edit) for draft in reading.ledger.drafts]
    factual = any(change.severity != "info" for change in changes)
    label = "" if factual else "shortened" if reading.ledger.loose else "wording"
    edited = Edit(_action(pair), "fact" if factual else "style", reading.before, reading.after, label)
    why = _why(edited, changes, reading, context, edit) if context.explain else []
    return edited, changes, why


def _why(edit: Edit, changes: Sequence[Change], reading: Reading, context: Context, number: int) -> list[str]:
    """The story of one edit for ``--explain``: what decided in a sentence, then what was read and what was not told."""
    reasons = list(dict.fromkeys(told(change) for change in changes))
    notes = reading.ledger.notes
    if edit.intention == "fact":
        reason = "; ".join(reasons)
    elif reasons:
        reason, notes = f"{'; '.join(reasons)}, while the text as a whole became much shorter", []
    else:
        reason, notes = style(reading.diff, notes, context.lexicon), notes[2:]
    rest = dict.fromkeys((*notes, *reading.ledger.readings))
    return [_verdict(edit, reason, number), *(f"  {note}" for note in rest)]


def _verdict(edit: Edit, reason: str, number: int) -> str:
    return f"edit {number + 1} ({edit.action}): {edit.intention}: {reason}"


def correction(notice: str, edit: int) -> Change:
    """A correction notice that the page shows outside of its text."""
    return Change(
        "correction", "added", "notice", None, notice, None, None, None, None, None, "stated", "body", "", notice,
        None, None, "critical", 0.95, "correction.notice", edit,
    )  # fmt: skip


def _action(pair: Pair) -> Action:
    if not pair.before:
        return "addition"
    if not pair.after:
        return "deletion"
    if len(pair.after) > len(pair.before):
        return "split"
    return "merge" if len(pair.before) > len(pair.after) else "edit"


def _change(d: Draft, reading: Reading, position: Position, context: Context, edit: int) -> Change:
    sure = d.score if context.lexicon.known else d.score * UNKNOWN
    before, sentence = d.origin or (reading.diff.before, reading.before)
    after = reading.diff.after
    firm = d.modality
    if firm == "stated":
        firm = _modality(after, d.after) if d.after else _modality(before, d.before)
    claimants = _claimant(before, d, d.before, context), _claimant(after, d, d.after, context)
    return Change(
        type=d.type, op=d.op, subject=subject_of(d, before, after, claimants[1] or claimants[0], context.lexicon),
        before=_text(before, d, d.before), after=_text(after, d, d.after),
        value_before=d.value_before, value_after=d.value_after, direction=d.direction,
        claimant_before=claimants[0], claimant_after=claimants[1],
        modality=firm, position=position, sentence_before=sentence, sentence_after=reading.after,
        offset_before=_offset(before, d.before), offset_after=_offset(after, d.after),
        severity=severity_of(d, position, shrank=context.shrank), confidence=sure, rule=d.rule, edit=edit,
    )  # fmt: skip


def _modality(p: Passage, span: Span | None) -> Modality:
    """How firmly the passage says what stands in the span: by a hedge or a word of the future close before it."""
    if span is None:
        return "stated"
    near = range(max(span[0] - NEAR, 0), span[1])
    for mark in p.marks("hedge"):
        if mark.start in near and (mark.value == "strong" or mark.end - mark.start > 1):
            return "alleged" if mark.value == "strong" else "possible"
    return "expected" if any(mark.start in near for mark in p.marks("status.future")) else "stated"


def _text(p: Passage, d: Draft, span: Span | None) -> str | None:
    if span is None:
        return None
    return without_comma(p.text(*span)) if d.type == "quote" else p.text(*span)


def _offset(p: Passage, span: Span | None) -> tuple[int, int] | None:
    return p.span(*span) if span is not None else None


def _claimant(p: Passage, d: Draft, span: Span | None, context: Context) -> str | None:
    if span is None or d.type == "correction":  # a notice is the outlet's own voice
        return None
    found = sayings(p, context.lexicon)
    return found[0].claimant if found else None
