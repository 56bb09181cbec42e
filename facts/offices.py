"""Who leaves or takes an office, and arrests after "nobody has been arrested": what became of a person."""

from collections.abc import Iterator

from facts.context import Context, Whole
from facts.diff import Diff
from facts.draft import Draft, Ledger, Span
from facts.lexicon import Lexicon, Mark
from facts.passage import Passage
from facts.sayings import is_when, named, subject_start

NEAR = 3
"""Tokens before a verb within which "will", "not" or "to" say that it has not happened."""
REACH = 12
"""Tokens between the halves of a verb that is taken apart ("trat am Montag zurück")."""
NOBODY = 6
"""Tokens from "no one" to what has not befallen anybody."""
_UNREAL = ("status.future", "status.negations", "hedge", "status.unreal")
_PEOPLE = ("names.roles", "names.titles", "people.nouns", "names.pronouns")


def office_changes(diff: Diff, context: Context, ledger: Ledger) -> None:
    """A person in office who resigned, was dismissed or appointed, where the older text does not say so."""
    before = {state for _, _, state in _turns(diff.before)}
    for start, end, state in _turns(diff.after):
        who = _holder(diff.after, start, end, state, context.lexicon)
        accepted = state == "accepted" and not _said("resigned", context.after, context.lexicon)
        if state in before or not (who or accepted) or not ledger.fresh(range(start, end), "after"):
            continue
        if _said(state, context.before, context.lexicon):
            ledger.note("who left or took office was known before")
            continue
        subject = diff.after.text(*who) if who else ""
        value = {"state": "resigned" if accepted else state}
        after = (start, end)
        ledger.add(Draft("status", "added", None, after, subject, "status.office", 0.75, "office", None, value))
        return


def _turns(p: Passage) -> Iterator[tuple[int, int, str]]:
    """Every verb of leaving or taking office that is said as done: its tokens and what it means."""
    for mark in p.marks("office"):
        end = mark.end
        if mark.value == "split":
            last = min(end + REACH, len(p.tokens))
            end = next((at + 1 for at in range(end, last) if p.mark("office", at) and _closes(p, at)), 0)
        if mark.value == "closing" or not end or _unreal(p, mark.start) or p.mark("status.stays", end):
            continue
        yield mark.start, end, "resigned" if mark.value == "split" else str(mark.value)


def _closes(p: Passage, at: int) -> bool:
    mark = p.mark("office", at)
    return mark is not None and mark.value == "closing"


def _unreal(p: Passage, at: int) -> bool:
    return any(p.mark(kind, place) for place in range(max(at - NEAR, 0), at) for kind in _UNREAL)


def _holder(p: Passage, start: int, end: int, state: str, lexicon: Lexicon) -> Span | None:
    """Whose office it is: the subject of the verb, or the object of an active "sacked". None where nobody is named."""
    if state == "accepted":
        return None
    passive = any(p.norms[at] in lexicon.sets["copulas"] for at in range(max(start - NEAR, 0), start))
    found = _subject(p, start, lexicon) if state == "resigned" or passive or p.titled else None
    found = found or (_object(p, end, lexicon) if state != "resigned" else None)
    if found is None:
        return None
    return found if any(p.capital(at) or any(p.mark(kind, at) for kind in _PEOPLE) for at in range(*found)) else None


def _subject(p: Passage, verb: int, lexicon: Lexicon) -> Span | None:
    start = subject_start(p, verb, lexicon)
    helped = (at for at in range(start, verb) if p.norms[at] in lexicon.sets["copulas"] | lexicon.sets["perfect"])
    start, end = named(p, start, next(helped, verb), lexicon) if start < verb else (start, verb)
    return (start, end) if start < end else None


def _object(p: Passage, start: int, lexicon: Lexicon) -> Span | None:
    """The noun phrase behind a verb: "the captain", up to a day, a preposition or a sign."""
    end = start
    while end < len(p.tokens) and p.tokens[end].kind == "w" and not is_when(p, end):
        if p.norms[end] in lexicon.stop and end > start and not p.capital(end):
            break
        end += 1
    content = any(p.norms[at] not in lexicon.stop for at in range(start, end))
    return (start, end) if content else None


def _said(state: str, whole: Whole, lexicon: Lexicon) -> bool:
    """Whether a text says the same of anybody with any word for it."""
    return any(
        whole.says(words)
        for entries in lexicon.phrases.values()
        for words, kind, value in entries
        if kind == "office" and value == state
    )


def nobody_changes(diff: Diff, context: Context, ledger: Ledger) -> None:
    """No one has been arrested → the captain was arrested: told whole, with whom it befell as its subject."""
    for p, other, turned in ((diff.before, diff.after, False), (diff.after, diff.before, True)):
        for nobody, done in _unstruck(p):
            befell = next((m for m in other.marks("status.additions") if _alike(m, done, other, p, context)), None)
            if befell is None or any(
                place in range(n.start, m.end) for n, m in _unstruck(other) for place in befell[:1]
            ):
                continue
            whom = _whom(other, befell, context.lexicon)
            clause = _clause(other, befell, context.lexicon)
            sides = ((nobody.start, done.end), clause)
            b, a = sides[::-1] if turned else sides
            subject = other.text(*whom) if whom else ""
            weight = "contradicts" if turned else "progresses"
            ledger.add(Draft("status", "updated", b, a, subject, "status.nobody", 0.8, weight))
            return


def _unstruck(p: Passage) -> Iterator[tuple[Mark, Mark]]:
    """Every "no one" with the state that has befallen nobody."""
    for nobody in p.marks("status.nobody"):
        within = range(nobody.start, nobody.end + NOBODY)
        done = next((m for m in p.marks("status.additions") if m.start in within), None)
        if done is not None:
            yield nobody, done


def _alike(one: Mark, other: Mark, p: Passage, q: Passage, context: Context) -> bool:
    same = context.lexicon.same(p.norms[one.start], q.norms[other.start])
    return same and not _unreal(p, one.start)


def _whom(p: Passage, done: Mark, lexicon: Lexicon) -> Span | None:
    copulas = lexicon.sets["copulas"]
    passive = any(p.norms[at] in copulas for at in range(max(done.start - NEAR, 0), done.start))
    return _subject(p, done.start, lexicon) if passive else _object(p, done.end, lexicon)


def _clause(p: Passage, done: Mark, lexicon: Lexicon) -> Span:
    """The whole clause of a verb, from its subject to its last word."""
    start, end = subject_start(p, done.start, lexicon), done.end
    while end < len(p.tokens) and p.tokens[end].text not in ",;:." and p.tokens[end].kind != "q":
        end += 1
    return start, end
