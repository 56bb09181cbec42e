"""What a change is about, as a reader sees it: no reporting words, days or times, and nothing that the value says."""

import re

from facts.draft import Draft, Span
from facts.fold import fold
from facts.lexicon import Lexicon
from facts.passage import Passage
from facts.sayings import is_when

KINDS = {"court": "court case", "life": "life and health", "control": "control of a place"}
"""Ladders whose name alone tells a reader little; "deal", "plan" or "office" do."""
_UNSAID = (
    "date", "clock", "name", "place", "demonym", "person", "organisation", "event", "quote", "notice", "number",
    "degree", "hedge", "negation", "state", "status", "truth",
)  # fmt: skip
"""Subjects that only repeat the type, name a rule, or guess at what kind of name it is."""
_VAGUE = ("truth", "negation", "state", "status")
NEAR = 16
"""Tokens before a value within which the word stands that it is about."""
HEAD = 5
"""Tokens behind a figure within which stands what it counts."""
_WORD = re.compile(r"\w+")


def subject_of(d: Draft, before: Passage, after: Passage, said: str | None, lexicon: Lexicon) -> str:
    """The subject of a change. *said*: who says it, which is what a bare change of state is about. Empty where the
    type or the value says it already."""
    p, span = (after, d.after) if d.after else (before, d.before)
    if span is None:
        return ""
    if d.type == "casualty":
        return _struck(d, before, after, lexicon)
    subject = _written(d, p, span, said, lexicon)
    values = [q.text(*own) for q, own in ((before, d.before), (after, d.after)) if own]
    if d.rule == "status.nobody":  # the clause names whom, and so does the subject
        return subject
    return "" if any(_repeats(subject, value) for value in values) else subject


def _written(d: Draft, p: Passage, span: Span, said: str | None, lexicon: Lexicon) -> str:
    if d.rule == "status.tense":
        return _nearest(p, span[0], lexicon)
    if d.rule == "status.added" and span[1] - span[0] > 1:  # a clause that names what it is about
        return ""
    if d.type == "status":
        return KINDS.get(d.subject, d.subject) if d.subject not in _VAGUE else said or _nearest(p, span[0], lexicon)
    if d.type == "number" and d.subject not in _UNSAID:
        return _measured(d, p, span, lexicon)
    if d.type == "attribution" or d.subject in _UNSAID:
        return ""
    return d.subject or (_nearest(p, span[0], lexicon) if d.type == "number" else "")


def _measured(d: Draft, p: Passage, span: Span, lexicon: Lexicon) -> str:
    """What a figure counts, as written behind it; a unit is part of the value, and is no subject."""
    units = {(value or {}).get("unit") for value in (d.value_before, d.value_after)}
    if d.subject in units:
        return ""
    bounds = [(value or {}).get(side) for value in (d.value_before, d.value_after) for side in ("lo", "hi")]
    counts = all(isinstance(bound, int | None) for bound in bounds)  # a quake of 6.2 counts nothing
    return _behind(p, span[1], d.subject) if d.subject and counts else _nearest(p, span[0], lexicon)


def _behind(p: Passage, start: int, last: str) -> str:
    """The words from a figure to the *last* one of what it counts: "rescue workers"."""
    for at in range(start, min(start + HEAD, len(p.tokens))):
        if p.norms[at] == last:
            return p.text(start, at + 1).lstrip("-–— ")
        if p.tokens[at].kind not in "wn" and p.norms[at] != "-":
            break
    return _as_written(p, last)


def _as_written(p: Passage, word: str) -> str:
    return next((t.text for t in p.tokens if t.norm == word), word)


def _nearest(p: Passage, first: int, lexicon: Lexicon) -> str:
    """The nearest telling word before a value; none where only days, reporting words or another clause stand there."""
    for at in range(first - 1, max(first - NEAR, 0) - 1, -1):
        token = p.tokens[at]
        if token.kind in "qn" or token.text in ";:()" or (token.text == "," and at < first - 1):
            break
        told = token.kind == "w" and token.norm not in lexicon.stop
        if told and p.mark("speech", at) is None and not is_when(p, at) and not p.mark("hedge", at):
            word = token.text.removesuffix("'s").removesuffix("’s")
            return word[0].lower() + word[1:] if at in p.firsts and not lexicon.capital_nouns else word
    return ""


def _struck(d: Draft, before: Passage, after: Passage, lexicon: Lexicon) -> str:
    """Whom a toll counts and what befell them, in the language of the text: "people killed", "полицейских ранено"."""
    noun, _, toll = d.subject.partition(" ")
    toll = "hostages" if toll == "held hostage" else "dead" if toll == "killed" else toll
    masculine, _, feminine = lexicon.struck.get(toll, toll).partition("/")
    people = lexicon.struck.get("people", "people")
    if noun == "people":
        noun = people
    places = [(p, at) for p in (after, before) for at, norm in enumerate(p.norms) if norm == noun]
    for p, at in places[:1]:
        inside = any(mark.start <= at < mark.end for mark in p.marks("toll"))
        noun = people if inside else p.tokens[at].text if lexicon.capital_nouns else p.tokens[at].text.lower()
    form = feminine if feminine and fold(noun).casefold() in lexicon.sets["feminine"] else masculine
    return f"{noun} {form}".strip()


def _repeats(subject: str, value: str) -> bool:
    """Whether a value has every word of the subject."""
    return set(_WORD.findall(fold(subject).casefold())) <= set(_WORD.findall(fold(value).casefold()))
