"""Why an edit is a fact or style, in plain sentences for ``--explain``: the words that decided, and no inner names."""

from collections import Counter
from collections.abc import Sequence

from facts.diff import Diff
from facts.lexicon import Lexicon
from facts.model import Change
from facts.names import same_name
from facts.passage import Claim, Passage, normed

LONGEST = 60
"""Characters of a text that a sentence cites."""
_MARKS = "\"“”„«»‘’'`「『"

_SAYS = {
    "number.degree": "a word for how far a figure holds {came}: {one}",
    "casualty.source added": "another source gives a count of {subject}: {one}",
    "casualty.source removed": "a source's count of {subject} is gone: {one}",
    "status.stance": "{who} took another stance: {before} became {after}",
    "status.tense expected": "what was told as done is now to come: {before} became {after}",
    "status.tense": "what was to come is now told as done: {before} became {after}",
    "status.negation": "a word that denies came or went: {before} became {after}",
    "status.opposite": "a word became its opposite: {before} became {after}",
    "status.added": "a new state of things is told: {one}",
    "status.denial added": "a denial is new: {one}",
    "status.denial removed": "a denial or an accusation is gone: {one}",
    "attribution.replaced": "somebody else says it: {before} became {after}",
    "attribution.removed": "nobody is named any more who says it: {one} is gone",
    "attribution.added": "it is now told who says it: {one}",
    "attribution.firmer": "a word of doubt is gone: {one}",
    "attribution.hedged": "a word of doubt is new: {one}",
    "quote.words": "the words of a quotation changed: {before} became {after}",
    "quote.added": "a quotation is new: {one}",
    "quote.removed": "a quotation is gone: {one}",
    "name.swapped": "two names changed places: {before} became {after}",
    "name.named": "what had no name has one: {before} became {after}",
    "place.named": "what had no name has one: {before} became {after}",
    "place.relation": "it is somewhere else: {before} became {after}",
    "place.direction": "it is in another direction: {before} became {after}",
    "event.rival": "two things that exclude each other: {before} became {after}",
    "event.complement": "it is now said to be something else: {before} became {after}",
    "event.replaced": "the sentence says something else: {before} became {after}",
    "event.added": "the sentence says something more: {one}",
    "event.sentence added": "a sentence says something new: {one}",
    "event.sentence removed": "a sentence is gone: {one}",
    "correction.notice": "a correction notice {came}: {one}",
}
"""By rule, and by what came of it where that matters."""
_CALLED = {"date": "date or time", "name": "name", "place": "place", "status": "state", "event": "word"}
_LABELS = {
    "typography": "the same words; at most marks, spaces or capitals differ",
    "moved": "the same sentence stands at another place",
    "truncated": "one of the texts breaks off here, and what lies behind is not compared",
}
_READ = {
    "person": "a person", "organisation": "an organisation", "place": "a place",
    "demonym": "a nationality, a party or the like", "name": "a name", "quote": "a quotation",
    "words": "words in quotation marks",
}  # fmt: skip
_STRUCK = {"dead": "killed", "hostages": "held hostage"}


def cited(text: str) -> str:
    """A piece of text in quotation marks on one line, cut where it is long."""
    line = " ".join(text.split())
    if len(line) > LONGEST:
        line = line[: LONGEST - 1].rstrip() + "…"
    return line if line[:1] in _MARKS and line[-1:] in _MARKS else f"“{line}”"


def moved(one: str, other: str) -> str:
    """That a piece of text became another, came or went."""
    if one and other:
        return f"{cited(one)} became {cited(other)}"
    return f"{cited(other)} came" if other else f"{cited(one)} went"


def told(change: Change) -> str:
    """Why a change is a fact: what moved, with its words."""
    template = _SAYS.get(f"{change.rule} {change.op}") or _SAYS.get(f"{change.rule} {change.modality}")
    template = template or _SAYS.get(change.rule) or _usual(change)
    after = cited(change.after or "")
    before = cited(change.before or "")
    came = {"added": "is new", "removed": "is gone"}.get(change.op, "changed")
    return template.format(
        before=before, after=after, one=after if change.after else before, came=came,
        subject=change.subject or "something", who=change.subject or change.claimant_after or "somebody",
    )  # fmt: skip


def _usual(change: Change) -> str:
    """A value that came, went or moved."""
    counted = change.type in ("casualty", "number")
    what = _CALLED.get(change.type, "figure")
    if counted and change.subject:
        what = "count of {subject}" if change.type == "casualty" else "figure for {subject}"
        updated, single = f"the {what} moved from {{before}} to {{after}}", what
    elif counted or change.type == "date":
        updated, single = f"the {what} moved from {{before}} to {{after}}", what
    elif change.type == "status":
        updated, single = "the same matter is in another state: {before} became {after}", what
    else:
        updated, single = f"another {what} stands here: {{before}} became {{after}}", what
    return updated if change.op == "updated" else f"a {single} {{came}}: {{one}}"


def unmoved(label: str) -> str:
    """Why an edit whose words are the same is style."""
    return _LABELS[label]


def style(diff: Diff, notes: Sequence[str], lexicon: Lexicon) -> str:
    """Why an edit is style: what the rules noted, else how the words differ."""
    if notes:
        return "; ".join(dict.fromkeys(notes[:2]))
    left, right = ([t.norm for t in p.tokens if t.kind in "wn"] for p in (diff.before, diff.after))
    if left == right:
        return "the same words; only punctuation, capitals or spelling differ"
    gone, came = Counter(left) - Counter(right), Counter(right) - Counter(left)
    if not gone and not came:
        return "the same words in another order"
    pieces = [(diff.before.text(h.b0, h.b1), diff.after.text(h.a0, h.a1)) for h in diff.hunks]
    one, other = max(pieces, key=lambda piece: sum(map(len, piece)))
    how = moved(one, other)
    if all(word in lexicon.stop for word in (*gone, *came)):
        return f"only small words differ: {how}"
    if one and other and one[0].isupper() and same_name(normed(one), normed(other), lexicon):
        return f"the same name, only spelt or shortened otherwise: {how}"
    return f"no checkable claim differs{', the same is said in other words' if one and other else ''}: {how}"


def read_as(p: Passage, claim: Claim) -> str:
    """What a span was read as."""
    kind = {"number": "a figure", "date": "a date or time"}.get(claim.type) or _READ.get(claim.kind, "a name")
    if claim.type == "casualty":
        kind = f"a count of people {_STRUCK.get(str(claim.slot[1]), claim.slot[1])}"
    return f"{cited(p.text(claim.start, claim.end))} was read as {kind}"
