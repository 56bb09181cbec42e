"""Why an edit was told as a fact, or kept as style: the comparison asked again, aloud."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from config.lexicon import load
from facts.compare import compare
from facts.lexicon import lexicon_for
from facts.model import Comparison, Document, Edit

WHOLE_MAX = 24_000
"""Characters of both texts up to which they are compared whole: at most about 100 ms. Longer ones are read edit by
edit, without what the rest of the text says."""
EDITS_MAX = 20
"""Edits that one page explains."""
SENTENCES = 1_000
"""Characters of one side of an edit that is read by itself."""
EXCERPT = 400
"""Characters of a sentence that is explained."""

NOTES_MAX = 12
"""Notes that stand with one edit."""
_VERDICT = re.compile(r"edit (\d+) \([a-z]+\): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Why:
    """One edit and why it is a fact or style. *verdict* says in a sentence which words decided; *notes*
    say what was read and not told; *kept* is what was decided when the version was read, where that differs."""

    action: str
    intention: str
    label: str
    before: str
    after: str
    verdict: str
    notes: tuple[str, ...]
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The edits of a version explained. *whole*: both texts were at hand; *left* edits are not shown."""

    edits: tuple[Why, ...]
    whole: bool
    left: int


def explained(before: Document, after: Document, kept: Sequence[Edit]) -> Explanation:
    """Explains the edits that were *kept* when the version was read; ones that the rules would no longer make are
    explained as far as they go."""
    lexicon = lexicon_for(load(after.language))
    if len(before.text) + len(after.text) <= WHOLE_MAX:
        found = _whys(compare(before, after, lexicon, explain=True))
        return Explanation(_held_against(found[:EDITS_MAX], kept), True, max(0, len(found) - EDITS_MAX))
    told = []
    for each in kept[:EDITS_MAX]:
        old, new = _alone(each.before, after), _alone(each.after, after)
        found = _whys(compare(old, new, lexicon, explain=True))
        told += found or [_unread(each)]
    return Explanation(_held_against(told[:EDITS_MAX], kept), False, max(0, len(kept) - EDITS_MAX))


def _alone(text: str, version: Document) -> Document:
    return Document(text[:SENTENCES], published=version.published, language=version.language)


def _sides(edit: Edit) -> tuple[str, str]:
    return edit.before, edit.after


def _unread(edit: Edit) -> Why:
    verdict = "fact" if edit.intention == "fact" else f"style ({edit.label})"
    return Why(edit.action, edit.intention, edit.label, _cut(edit.before), _cut(edit.after), verdict, ())


def _whys(comparison: Comparison) -> list[Why]:
    """The edits of a comparison with what it said about each; one that differs in typography or place at most is
    explained by its label alone."""
    said: dict[int, list[str]] = {}
    at = -1
    for note in comparison.explanations:
        head = _VERDICT.fullmatch(note)
        at = int(head[1]) - 1 if head else at
        said.setdefault(at, []).append(head[2] if head else note.strip())
    return [_why(edit, said.get(at, [])) for at, edit in enumerate(comparison.edits)]


def _why(edit: Edit, said: Sequence[str]) -> Why:
    known = _unread(edit)
    return replace(known, verdict=said[0], notes=tuple(said[1 : NOTES_MAX + 1])) if said else known


def _held_against(whys: Sequence[Why], kept: Sequence[Edit]) -> tuple[Why, ...]:
    """The same, each with what was decided when the version was read, where that differs."""
    decided = {_sides(edit): edit for edit in kept}
    shortened = {(_cut(before), _cut(after)): edit for (before, after), edit in decided.items()}
    return tuple(_beside(why, shortened.get((why.before, why.after))) for why in whys)


def _beside(why: Why, edit: Edit | None) -> Why:
    if edit is None or edit.intention == why.intention:
        return why
    return replace(why, kept=_unread(edit).verdict)


def _cut(text: str) -> str:
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"
