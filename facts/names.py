"""Names of people, organisations and places by capital letters, titles and gazetteer; and when two of them are one."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from facts.lexicon import Lexicon
from facts.passage import Claim, Passage

TURNING = ("un", "in", "im", "dis", "non", "ir", "il", "mis", "re")
"""Prefixes that make another word of one: "correct" and "incorrect" are no typo and its correction."""
_ROMAN = (
    ("shch", "sh"), ("sch", "sh"), ("tch", "ch"), ("tsch", "ch"), ("zh", "j"), ("dzh", "j"), ("kh", "h"),
    ("gh", "g"), ("ph", "f"), ("ck", "k"), ("q", "k"), ("iyy", "i"), ("yy", "i"), ("iy", "i"), ("yi", "i"),
    ("ij", "i"), ("ii", "i"), ("ya", "a"), ("ia", "a"), ("yu", "u"), ("iu", "u"), ("ou", "u"), ("oo", "u"),
    ("ee", "i"), ("ye", "e"), ("ie", "e"), ("yo", "o"), ("ts", "c"), ("tz", "c"), ("w", "v"), ("y", "i"),
    ("x", "ks"), ("'", ""),
)  # fmt: skip
LONGEST = 8
"""Tokens of a name."""

_DOUBLE = re.compile(r"(.)\1+")


def names(p: Passage, taken: set[int], lexicon: Lexicon) -> Iterator[Claim]:
    """Every name outside of the *taken* tokens, to which its own tokens are added."""
    past = 0
    for at in sorted(p.capitals | p.counting):
        if at < past or at in taken or not _begins(p, at, lexicon):
            continue
        past = _end(p, at, taken, lexicon)
        claim = _claim(p, at, past, lexicon)
        if claim is not None:
            taken.update(range(claim.start, claim.end))
            yield claim


def same_name(one: str, other: str, lexicon: Lexicon) -> bool:
    """Whether two normed names can be one entity: an alias, part of the other, initials, or another romanisation."""
    mine, theirs = lexicon.spellings.get(one, one), lexicon.spellings.get(other, other)
    if mine == theirs:
        return True
    left, right = mine.split(), theirs.split()
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long if word not in lexicon.stop):
        return True
    if all(any(_same_part(a, b, lexicon) for b in long) for a in short):
        return True
    return skeleton(mine) == skeleton(theirs)


def _same_part(one: str, other: str, lexicon: Lexicon) -> bool:
    if one == other or (len(one) == 1 and one == other[:1]) or skeleton(one) == skeleton(other):
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= 5 and long.startswith(short) and len(long) - len(short) <= 3:
        return True  # Transnistria, Transnistrian
    return lexicon.inflected and min(len(one), len(other)) > 4 and lexicon.stem(one) == lexicon.stem(other)


@lru_cache(maxsize=16384)
def skeleton(name: str) -> str:
    """A name with romanisation folded: Zelenskyy and Zelenskiy share one, Peterson and Petersen do not."""
    for written, folded in _ROMAN:
        if written in name:
            name = name.replace(written, folded)
    return _DOUBLE.sub(r"\1", name)


def misspelt(one: str, other: str) -> bool:
    """Whether two different words are a letter or two apart, as a typo and its correction are."""
    if min(len(one), len(other)) < 4 or not one.isalpha() or not other.isalpha():
        return one.count(" ") == other.count(" ") > 0 and _one_word_misspelt(one, other)
    if abs(len(one) - len(other)) > 2:
        return False
    far = DamerauLevenshtein.distance(one, other, score_cutoff=2)
    if far > 2 or (far == 2 and min(len(one), len(other)) < 7):
        return False
    short, long = sorted((one, other), key=len)
    return far > 0 and not (long.endswith(short) and long[: -len(short)] in TURNING)


def _one_word_misspelt(one: str, other: str) -> bool:
    """The same for names of several words, of which one is misspelt."""
    pairs = [(a, b) for a, b in zip(one.split(), other.split(), strict=True) if a != b]
    return len(pairs) == 1 and misspelt(*pairs[0])


def _begins(p: Passage, at: int, lexicon: Lexicon) -> bool:
    if p.tokens[at].kind == "n":
        end = at + 2 if p.has(at + 1, "st", "nd", "rd", "th") else at + 1
        return p.capital(end) and p.mark("designators.after", end) is not None
    if not p.capital(at):
        return False
    word = p.norms[at]
    upper = p.tokens[at].text
    if p.mark("names.alias", at) is not None:
        return True
    if p.mark("places.gazetteer", at) is not None and (at not in p.firsts or word not in lexicon.stop):
        return True
    if word in lexicon.stop or word in lexicon.sets["pronouns"]:
        if upper.isupper() and len(upper.replace(".", "")) > 1:
            return word in lexicon.spellings
        return word in lexicon.sets["openers"] and p.capital(at + 1) and at not in p.firsts and not p.titled
    if p.titled:
        return bool(
            p.mark("places.gazetteer", at) or p.mark("names.titles", at) or upper.isupper() or p.capital(at + 1)
        )
    if lexicon.capital_nouns:
        known = word in lexicon.sets["first_names"] or p.mark("names.titles", at) is not None
        return (known and p.capital(at + 1)) or (len(upper) > 1 and upper.isupper() and upper.isalpha())
    if at in p.firsts or (at > 0 and p.tokens[at - 1].kind == "q"):
        return _first_is_name(p, at, lexicon)
    return not p.mark("dates.months", at) and not p.mark("dates.weekdays", at)


def _first_is_name(p: Passage, at: int, lexicon: Lexicon) -> bool:
    """A sentence's first word has a capital anyhow; what follows it tells."""
    if p.mark("places.gazetteer", at) or p.mark("names.titles", at) or p.tokens[at].text.isupper():
        return True
    if p.capital(at + 1) and p.norms[at + 1] not in lexicon.stop:
        return True
    behind = p.norms[at + 1] if at + 1 < len(p.norms) else ""
    known = p.mark("people.nouns", at) or p.mark("numbers.words", at) or p.mark("names.demonyms", at)
    if p.mark("places.demonyms", at):
        return True
    if p.mark("designators.before", at) and at + 1 < len(p.tokens) and p.tokens[at + 1].kind == "n":
        return True
    verb = p.mark("speech", at + 1) or behind in ("was", "is", "has", "had", "also", "were", "did", "who", "'s")
    return bool(verb) and not known and not p.mark("names.roles", at)


def _end(p: Passage, at: int, taken: set[int], lexicon: Lexicon) -> int:
    known = [mark.end for mark in (p.mark("places.gazetteer", at), p.mark("names.alias", at)) if mark is not None]
    end = max(known, default=at + 1)
    while end < len(p.tokens) and end - at < LONGEST:
        step = 0 if end in taken or p.tokens[end - 1].text.endswith("'s") else _step(p, at, end, lexicon)
        if not step:
            break
        end += step
    return end


def _step(p: Passage, at: int, end: int, lexicon: Lexicon) -> int:
    """How many tokens more belong to a name that began at *at*."""
    word = p.norms[end]
    if end == at + 1 and p.tokens[at].kind == "n":
        return 1
    if p.capital(end):
        return int(word not in lexicon.stop or p.tokens[end].text.isupper())
    joined = p.capital(end + 1)
    if word in lexicon.sets["particles"] and joined:
        return 2
    if word in lexicon.sets["suffixes"] and p.tokens[end - 1].kind == "w" and p.capital(end - 1) and not p.titled:
        return int(at not in p.firsts or end - at > 1)
    if word == "-" and p.adjoins(end) and p.adjoins(end + 1):
        return 2 if joined or p.tokens[end + 1].kind == "n" else 0
    if word == "." and len(p.norms[end - 1]) <= 2 and p.adjoins(end) and joined:
        return 2
    return int(p.tokens[end].text.isdigit() and p.mark_before("designators.before", end) is not None)


def _claim(p: Passage, start: int, end: int, lexicon: Lexicon) -> Claim | None:
    words = p.norms[start:end]
    bare = [word for word in words if word.isalnum() and word not in lexicon.sets["titles"] and word != "the"]
    titled = len(bare) < len([word for word in words if word.isalnum()])
    if not bare:
        return None
    name = " ".join(bare)
    demonym = name in lexicon.sets["demonyms"] or (len(bare) == 1 and _is_adjective(p, end, name, lexicon))
    kind = (
        "demonym"
        if demonym
        else "place"
        if _is_place(p, start, end, name, lexicon)
        else _kind(bare, titled, p, start, lexicon)
    )
    folded = lexicon.spellings.get(" ".join(words), lexicon.spellings.get(name, name))
    return Claim(
        "place" if kind == "place" else "name",
        kind,
        start,
        end,
        folded,
        ("place" if kind == "place" else "name",),
        kind,
        {"name": p.text(start, end)},
    )


def _is_adjective(p: Passage, end: int, word: str, lexicon: Lexicon) -> bool:
    """Whether a capitalised word only describes what follows: "Congressional authorization"."""
    behind = p.norms[end] if end < len(p.tokens) and p.tokens[end].kind == "w" else ""
    ending = any(word.endswith(suffix) for suffix in lexicon.sets["adjectival"])
    return ending and bool(behind) and behind not in lexicon.stop and len(word) > 5


def _kind(bare: Sequence[str], titled: bool, p: Passage, start: int, lexicon: Lexicon) -> str:
    if any(word in lexicon.sets["organisations"] for word in bare) or (
        len(bare) == 1 and p.tokens[start].text.isupper()
    ):
        return "organisation"
    known = bare[0] in lexicon.sets["first_names"] and len(bare) > 1
    initials = len(bare) > 1 and all(len(word) == 1 for word in bare[:-1]) and bare[-1].isalpha()
    ranked = titled and "of" not in bare
    return "person" if ranked or known or initials else "name"


def _is_place(p: Passage, start: int, end: int, name: str, lexicon: Lexicon) -> bool:
    mark = p.mark("places.gazetteer", start)
    if mark is not None and mark.end == end:
        return True
    last = p.norms[end - 1]
    if p.has(start - 1, "of") and p.norms[start - 2] in lexicon.sets["suffixes"]:
        return True
    if last in lexicon.sets["suffixes"] and not any(
        word in lexicon.sets["organisations"] - lexicon.sets["suffixes"] for word in name.split()
    ):
        return True
    before = p.mark_before("places.leads", start) or (
        p.mark_before("places.leads", start - 1) if p.has(start - 1, "the") else None
    )
    return (
        before is not None
        and p.has(before.start, "in", "near", "outside", "inside", "across", "throughout")
        and not any(word in lexicon.sets["organisations"] for word in name.split())
    )
