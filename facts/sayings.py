"""Who says something: claimants with their verbs of saying, found in a passage."""

from collections.abc import Iterator
from typing import NamedTuple

from facts.lexicon import Lexicon, Mark
from facts.names import misspelt
from facts.passage import Claim, Passage, normed
from facts.quotes import quotes

CLAUSE = frozenset(',;:.()"-')
LONGEST = 10
"""Tokens of a claimant; a longer subject has its head nearer to the verb."""

LABEL = 4
"""Tokens of a claimant before a colon."""

_STOPS = ("and", "but", "that", "while", "when", "to", "because", "after", "as", "if", "or", "before", "since", "where")
_SKIPPED = ("has", "have", "had", "also", "later", "then", "now", "which", "who", "as", "however", "have", "been")
_NOBODY = ("it", "there", "this", "that", "which", "these", "those", "what")
_WHEN = ("dates.weekdays", "dates.months", "dates.relative", "dates.spans", "dates.parts", "dates.clock", "dates.past")
_OF = ("of", "de", "du", "des", "del", "von")
_NOT_SAID = ("sources", "anonymous", "again", "complementizers")


class Saying(NamedTuple):
    """Somebody says something: tokens *start* to *end* ("police said"), the claimant as written, the stance, and the
    token of the verb."""

    start: int
    end: int
    claimant: str
    stance: str
    head: int


def sayings(p: Passage, lexicon: Lexicon) -> list[Saying]:
    """Every claimant with a verb of saying, in order; words inside quotation marks are somebody else's."""
    found: list[Saying] = list(_label(p))
    speech = p.marks("speech")
    quoted = _quoted(p, lexicon) if speech else frozenset()
    for mark in speech:
        if mark.start in quoted:
            continue
        if mark.value == "sources":
            end = phrase_end(p, mark.end, lexicon)
            if end > mark.end:
                found.append(Saying(mark.start, end, _named(p, mark.end, end, lexicon), "say", mark.start))
        elif mark.value not in _NOT_SAID:
            saying = _active(p, mark, quoted, lexicon)
            if saying is not None:
                found.append(saying)
    return found


def speaker(p: Passage, quotation: Claim, lexicon: Lexicon) -> Saying | None:
    """Who says a quotation: the saying just behind it, else the one that leads up to it."""
    found = sayings(p, lexicon)
    behind = next((s for s in found if 0 <= s.start - quotation.end <= 1), None)
    return behind or next((s for s in reversed(found) if 0 <= quotation.start - s.end <= 2), None)


def strangers(one: Saying, other: Saying, lexicon: Lexicon) -> bool:
    """Whether two claimants cannot be one: neither is a pronoun, and they share no telling word, not even misspelt."""
    mine, theirs = (_telling(saying, lexicon) for saying in (one, other))
    if not mine or not theirs or any(words <= lexicon.sets["personal"] for words in (mine, theirs)):
        return False
    return not any(a == b or lexicon.same(a, b) or misspelt(a, b) for a in mine for b in theirs)


def _telling(saying: Saying, lexicon: Lexicon) -> set[str]:
    words = normed(saying.claimant).replace("'s", "").split()
    return {word for word in words if word not in lexicon.stop or word in lexicon.sets["personal"]}


def _label(p: Passage) -> Iterator[Saying]:
    """A headline's way to attribute: "Army: rebels shelled the market"."""
    end = next((at for at in range(min(LABEL + 1, len(p.tokens))) if p.tokens[at].text == ":"), 0)
    known = ("names.roles", "names.organisations", "people.nouns", "names.titles")
    spoken = p.mark("speech", end - 1) if end else None
    anonymous = spoken is not None and spoken.value == "anonymous"
    if end and end + 2 < len(p.tokens) and (anonymous or any(p.mark(kind, end - 1) for kind in known)):
        yield Saying(0, end, p.text(0, end), "say", end)


def _quoted(p: Passage, lexicon: Lexicon) -> frozenset[int]:
    """The tokens of every quotation; one without its closing mark counts where it begins the passage."""
    if not any(token.kind == "q" or token.text == "'" for token in p.tokens):
        return frozenset()
    found = (claim for claim in quotes(p, lexicon) if claim.value["closed"] or claim.start == 0)
    return frozenset(at for claim in found for at in range(claim.start, claim.end))


def _active(p: Passage, mark: Mark, quoted: frozenset[int], lexicon: Lexicon) -> Saying | None:
    verb, end, stance = mark.start, mark.end, str(mark.value)
    if (verb and p.norms[verb - 1] in lexicon.sets["copulas"]) or (p.capital(verb) and verb not in p.firsts):
        return None
    start = subject_start(p, verb, lexicon)
    start = max((at + 1 for at in quoted if start <= at < verb), default=start)
    if start < verb and lexicon.capital_nouns and _is_only_time(p, start, verb, lexicon):
        last = phrase_end(p, end, lexicon)
        return Saying(verb, last, _named(p, end, last, lexicon), stance, verb) if last > end else None
    if start < verb:
        return Saying(start, end, _named(p, start, _subject_end(p, start, verb), lexicon), stance, verb)
    closes = verb > 0 and (p.tokens[verb - 1].text in CLAUSE or verb - 1 in quoted)
    last = phrase_end(p, end, lexicon)
    if not closes or last <= end:
        return None
    if p.capital(end) or p.mark("speech", end) or p.mark("names.roles", end):
        return Saying(verb, last, _named(p, end, last, lexicon), stance, verb)
    if verb - 1 in quoted and not p.mark("places.leads", end) and _has_person(p, end, last):
        return Saying(verb, last, _named(p, end, last, lexicon), stance, verb)
    return None


def _named(p: Passage, start: int, end: int, lexicon: Lexicon) -> str:
    return p.text(*named(p, start, end, lexicon))


def named(p: Passage, start: int, end: int, lexicon: Lexicon) -> tuple[int, int]:
    """The tokens of a claimant without the days, hours and loose words around it: "the ministry on Monday"."""
    first, last, at = start, end, start
    while last - 1 > start and _is_loose(p, last - 1, lexicon):
        last -= 1
    while at < last and (is_when(p, at) or p.tokens[at].kind == "n" or _is_small(p, at, lexicon)):
        first = at + 1 if is_when(p, at) else first
        at += 1
    if at == last or p.norms[first] in _OF:
        return start, end
    return first, last


def _is_only_time(p: Passage, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether nothing but a day or an hour stands before the verb: "Am Montag sagte der Minister"."""
    whens = [is_when(p, at) for at in range(start, end)]
    return any(whens) and all(when or _is_small(p, start + at, lexicon) for at, when in enumerate(whens))


def _is_loose(p: Passage, at: int, lexicon: Lexicon) -> bool:
    """Whether a claimant cannot end with this token."""
    token = p.tokens[at]
    if token.kind == "n":
        return is_when(p, at - 1) or is_when(p, at + 1)
    if token.kind != "w":
        return token.text in ",;:-" or token.kind == "q"
    if is_when(p, at):
        return not (p.capital(at) and p.capital(at - 1)) or p.norms[at] not in lexicon.sets["ambiguous"]
    return _is_small(p, at, lexicon) or p.mark("dates.narrowing", at) is not None


def _is_small(p: Passage, at: int, lexicon: Lexicon) -> bool:
    """Whether a token is a word without weight: "on", "the", "also"."""
    return p.norms[at] in lexicon.stop and (not p.capital(at) or at in p.firsts)


def is_when(p: Passage, at: int) -> bool:
    """Whether a token belongs to a day, a month, a time of day, or a span like "last week"."""
    return any(mark.start <= at < mark.end for kind in _WHEN if kind in p.starting for mark in p.marks(kind))


def _has_person(p: Passage, start: int, end: int) -> bool:
    """Whether a name, a role or a word for people stands among the tokens: "harbour master Elin Korr"."""
    kinds = ("names.roles", "names.titles", "people.nouns")
    return any(p.capital(at) or any(p.mark(kind, at) for kind in kinds) for at in range(start, end))


def _subject_end(p: Passage, start: int, verb: int) -> int:
    end = verb
    while end - 1 > start and p.norms[end - 1] in _SKIPPED:
        end -= 1
    return end


def phrase_end(p: Passage, start: int, lexicon: Lexicon) -> int:
    """Where a claimant behind "according to" or an inverted "said" ends."""
    end = start
    while end < len(p.tokens) and end - start < LONGEST + 2 and p.tokens[end].text not in CLAUSE:
        spoken = p.mark("speech", end)
        named = end > start and p.capital(end - 1) and not p.capital(end) and p.norms[end] not in lexicon.stop
        if lexicon.capital_nouns and named:
            break
        if p.norms[end] in lexicon.sets["copulas"] or p.norms[end] in lexicon.sets["perfect"]:
            break
        if (spoken is not None and spoken.value != "anonymous") or p.has(end, "that", "who", "which", "as", "on", "at"):
            break
        end += 1
    return end


def subject_start(p: Passage, verb: int, lexicon: Lexicon) -> int:
    """Where the subject before a verb of saying begins: back to the clause's edge; *verb* where there is none."""
    at = verb
    while at > 0 and verb - at < LONGEST and not _edge(p, at - 1):
        at -= 1
    while at < verb and p.norms[at] in _SKIPPED:
        at += 1
    if any(p.norms[k] in _NOBODY for k in range(at, min(at + 1, verb))):
        return verb
    pronouns = lexicon.sets["personal"]
    content = (
        p.tokens[k].kind == "w" and (p.norms[k] not in lexicon.stop or p.norms[k] in pronouns) for k in range(at, verb)
    )
    return at if any(content) else verb


def _edge(p: Passage, at: int) -> bool:
    word = p.tokens[at]
    if word.norm == "and" and p.capital(at + 1) and at > 0 and p.capital(at - 1):
        return False
    spoken = p.mark("speech", at)
    if word.text == "-" and p.adjoins(at) and p.adjoins(at + 1):
        return False  # "the Orla-led alliance"
    return (
        word.text in CLAUSE
        or word.kind == "q"
        or word.norm in _STOPS
        or (spoken is not None and spoken.value != "anonymous")
    )
