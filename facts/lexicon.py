"""What a language calls things, ready for look-up. Built from the plain tables that config/lexicon.py reads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from facts.model import Recognise
from facts.tokens import tokens

Table = Mapping[str, object]


class Mark(NamedTuple):
    """Tokens *start* to *end* (exclusive) that the lexicon knows as a *kind* of phrase, with what it stands for."""

    start: int
    end: int
    kind: str
    value: object


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A language's phrases by first word, and the sets that rules ask most often. Look-ups take normed words.
    *recognise* is a second opinion on names (see recognised.py); none by default."""

    language: str
    known: bool
    decimal: str
    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], str, object]]]
    stop: frozenset[str]
    words: frozenset[str]
    sets: Mapping[str, frozenset[str]]
    twins: Mapping[str, frozenset[int]]
    opposites: Mapping[str, frozenset[str]]
    rivals: Mapping[str, frozenset[int]]
    spellings: Mapping[str, str]
    symbols: Mapping[str, str]
    months: Mapping[str, int]
    ladders: tuple[str, ...]
    capital_nouns: bool
    inflected: bool
    suffixes: tuple[str, ...]
    struck: Mapping[str, str] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)
    recognise: Recognise | None = None

    def marks(self, norms: Sequence[str]) -> list[Mark]:
        """Every phrase of the lexicon in normed tokens, the longest of a kind at each place, in order."""
        marks: list[Mark] = []
        for at, word in enumerate(norms):
            entries = self.phrases.get(word)
            if entries is None:
                continue
            seen: set[str] = set()
            for words, kind, value in entries:
                size = len(words)
                if kind not in seen and (size == 1 or words == tuple(norms[at : at + size])):
                    seen.add(kind)
                    marks.append(Mark(at, at + size, kind, value))
        return marks

    def stem(self, word: str) -> str:
        """The word without its endings: rough, but the same for the forms of one word."""
        known = self.stems.get(word)
        if known is None:
            known = self._strip(word)
            if len(self.stems) < 50_000:
                self.stems[word] = known
        return known

    def _strip(self, word: str) -> str:
        for suffix in self.suffixes:
            if word.endswith(suffix) and len(word) - len(suffix) >= 3:
                stem = word[: -len(suffix)]
                return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "sl" else stem
        return word

    def same(self, one: str, other: str) -> bool:
        """Whether two words say the same: forms of one word, or synonyms."""
        return one == other or self.stem(one) == self.stem(other) or bool(self.groups(one) & self.groups(other))

    def rival(self, one: str, other: str) -> bool:
        """Whether two words exclude each other: opposites, or two members of one set of alternatives."""
        if other in self.opposites.get(one, ()):
            return True
        mine = self.rivals.get(one) or self.rivals.get(self.stem(one), frozenset())
        theirs = self.rivals.get(other) or self.rivals.get(self.stem(other), frozenset())
        return bool(mine & theirs) and not self.same(one, other)

    def groups(self, word: str) -> frozenset[int]:
        """The synonym groups that a word, or its stem, belongs to."""
        return self.twins.get(word) or self.twins.get(self.stem(word), frozenset())


_BUILT: dict[int, tuple[Table, Lexicon]] = {}


def lexicon_for(table: Table) -> Lexicon:
    """The Lexicon of a loaded table. The last few are remembered by identity, for building one takes milliseconds."""
    built = _BUILT.get(id(table))
    if built is None or built[0] is not table:
        if len(_BUILT) > 16:
            _BUILT.clear()
        built = _BUILT[id(table)] = (table, _build(table))
    return built[1]


def listed(value: object) -> list[str]:
    """The entries of a comma-separated list."""
    return [entry for entry in (" ".join(part.split()) for part in str(value or "").split(",")) if entry]


def phrase(text: str) -> tuple[str, ...]:
    """A phrase as the normed words that marks() compares."""
    return tuple(token.norm for token in tokens(text))


def _build(table: Table) -> Lexicon:
    phrases: dict[str, list[tuple[tuple[str, ...], str, object]]] = {}
    for text, kind, value in _entries(table):
        words = phrase(text)
        if words:
            phrases.setdefault(words[0], []).append((words, kind, value))
    style = _sub(table, "style")
    suffixes = tuple(sorted((s.replace("’", "'") for s in listed(style.get("suffixes"))), key=len, reverse=True))
    bare = Lexicon("", True, ".", {}, frozenset(), frozenset(), {}, {}, {}, {}, {}, {}, {}, (), False, False, suffixes)
    twins, rivals = (
        _twins(listed(style.get("synonyms")), bare),
        _rivals(str(_sub(table, "alternatives").get("sets", "")), bare),
    )
    opposites = _opposites(listed(_sub(table, "opposites").get("pairs")))
    every = {word for entries in phrases.values() for words, _, _ in entries for word in words}
    return Lexicon(
        words=frozenset(every | set(twins) | set(rivals) | set(opposites)),
        language=str(table.get("language", "und")),
        known=bool(table.get("known", False)),
        decimal=str(_sub(table, "numbers").get("decimal", ".")),
        phrases={first: tuple(sorted(rest, key=lambda e: -len(e[0]))) for first, rest in phrases.items()},
        stop=frozenset(
            word
            for entry in listed(style.get("stopwords")) + listed(style.get("contractions"))
            for word in phrase(entry.partition("=")[0])
        ),
        sets=_sets(table),
        twins=twins,
        opposites=opposites,
        rivals=rivals,
        spellings=_spellings(table),
        symbols={str(sign): str(unit) for sign, unit in _sub(table, "symbols").items()},
        months={name: int(str(value)) for name, value in _sub(_sub(table, "dates"), "months").items() if len(name) > 4},
        ladders=tuple(
            sorted({kind for kinds in phrases.values() for _, kind, _ in kinds if kind.startswith("ladder.")})
        ),
        capital_nouns=bool(_sub(table, "names").get("capital_nouns")),
        inflected=bool(_sub(table, "names").get("inflected")),
        suffixes=suffixes,
        struck={toll: str(words) for toll, words in _sub(table, "struck").items()},
    )


_LISTS = {
    "modifiers": "modifier", "units": "unit", "toll": "toll", "speech": "speech", "hedges": "hedge",
    "corrections": "correction", "office": "office",
}  # fmt: skip
_FLAGS = (
    ("people", "nouns"), ("scopes", "phrases"), ("dates", "parts"), ("dates", "spans"), ("dates", "clock"),
    ("dates", "past"), ("dates", "future"), ("dates", "deadline"), ("dates", "narrowing"), ("dates", "zones"),
    ("names", "organisations"), ("names", "pronouns"), ("names", "roles"), ("names", "titles"), ("places", "in"),
    ("places", "near"), ("places", "leads"), ("places", "directions"), ("places", "gazetteer"),
    ("places", "demonyms"), ("status", "future"), ("status", "negations"), ("status", "lacks"),
    ("status", "copulas"), ("status", "perfect"), ("status", "stays"), ("status", "nobody"), ("status", "unreal"),
    ("status", "additions"),
    ("designators", "before"), ("actors", "acts"), ("modifiers", "parts"), ("modifiers", "till"),
    ("modifiers", "degrees"),
    ("designators", "after"), ("numbers", "joiners"),
)  # fmt: skip


def _entries(table: Table) -> Iterator[tuple[str, str, object]]:
    for section, kind in _LISTS.items():
        for value, entries in _sub(table, section).items():
            yield from ((entry, kind, value) for entry in listed(entries))
    names = _sub(table, "names")
    for group in listed(names.get("aliases")) + listed(names.get("spellings")):
        yield from ((form, "names.alias", True) for form in group.split("=") if " " in form)
    for entry in _inflected(table):
        yield entry, "places.gazetteer", True
    for section, name in _FLAGS:
        kind = name if section == "modifiers" else f"{section}.{name}"
        yield from ((entry, kind, True) for entry in listed(_sub(table, section).get(name)))
    numbers, dates = _sub(table, "numbers"), _sub(table, "dates")
    for name in ("words", "scales", "vague", "fractions", "ordinals"):
        yield from ((entry, f"numbers.{name}", value) for entry, value in _sub(numbers, name).items())
    for name in ("months", "weekdays", "relative"):
        yield from ((entry, f"dates.{name}", value) for entry, value in _sub(dates, name).items())
    for entry in listed(_sub(table, "style").get("contractions")):
        short, _, long = entry.partition("=")
        if " not" in long:
            yield short, "status.negations", True
    yield from _ladders(table)


def _inflected(table: Table) -> Iterator[str]:
    """Place names with the endings that the language gives them."""
    endings = listed(_sub(table, "names").get("inflected"))
    for entry in listed(_sub(table, "places").get("gazetteer")) if endings else ():
        stem = entry.rstrip("аяійьюуоыи") if len(entry) > 4 else entry
        yield from (stem + ending for ending in endings if " " not in entry)


def _ladders(table: Table) -> Iterator[tuple[str, str, object]]:
    ladders = _sub(table, "status").get("ladders")
    for ladder in ladders if isinstance(ladders, list) else ():
        for step, entries in enumerate(ladder["steps"]):
            yield from ((entry, f"ladder.{ladder['name']}", (step, False)) for entry in listed(entries))
        for step, entries in enumerate(ladder.get("ends", ())):
            yield from ((entry, f"ladder.{ladder['name']}", (10 + step, True)) for entry in listed(entries))


def _sub(table: Table, name: str) -> Table:
    value = table.get(name)
    return value if isinstance(value, Mapping) else {}


_SETS = {
    "titles": ("names", "titles"),
    "particles": ("names", "particles"),
    "pronouns": ("names", "pronouns"),
    "personal": ("names", "personal"),
    "openers": ("names", "openers"),
    "adjectival": ("names", "adjectival"),
    "organisations": ("names", "organisations"),
    "first_names": ("first_names", "common"),
    "year_leads": ("dates", "year_leads"),
    "ambiguous": ("dates", "ambiguous"),
    "morning": ("dates", "morning_clock"),
    "evening": ("dates", "evening_clock"),
    "suffixes": ("places", "suffixes"),
    "demonyms": ("places", "demonyms"),
    "perfect": ("status", "perfect"),
    "copulas": ("status", "copulas"),
    "also_verbs": ("alternatives", "also_verbs"),
    "past": ("status", "past"),
    "negligible": ("numbers", "negligible"),
    "people": ("people", "nouns"),
    "superlatives": ("numbers", "superlatives"),
    "exact": ("numbers", "exact"),
    "feminine": ("people", "feminine"),
}
"""Sets that rules ask by name: where the tables keep each."""


def _sets(table: Table) -> dict[str, frozenset[str]]:
    return {
        name: frozenset(" ".join(phrase(entry)) for entry in listed(_sub(table, section).get(entries)))
        for name, (section, entries) in _SETS.items()
    }


def _twins(groups: Iterable[str], bare: Lexicon) -> dict[str, frozenset[int]]:
    twins: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for word in group.split("/"):
            for form in {" ".join(phrase(word)), bare.stem(" ".join(phrase(word)))}:
                twins.setdefault(form, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in twins.items()}


def _rivals(sets: str, bare: Lexicon) -> dict[str, frozenset[int]]:
    rivals: dict[str, set[int]] = {}
    for number, members in enumerate(sets.split(";")):
        for word in listed(members):
            for form in {" ".join(phrase(word)), bare.stem(" ".join(phrase(word)))}:
                rivals.setdefault(form, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in rivals.items()}


def _opposites(pairs: Iterable[str]) -> dict[str, frozenset[str]]:
    opposites: dict[str, set[str]] = {}
    for pair in pairs:
        one, _, other = pair.partition("/")
        opposites.setdefault(one, set()).add(other)
        opposites.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in opposites.items()}


def _spellings(table: Table) -> dict[str, str]:
    """Every alias and spelling → the first of its group."""
    names = _sub(table, "names")
    spellings: dict[str, str] = {}
    for group in listed(names.get("spellings")) + listed(names.get("aliases")):
        forms = [" ".join(phrase(form)) for form in group.split("=")]
        for form in forms:
            spellings.setdefault(form, spellings.get(forms[0], forms[0]))
    return spellings
