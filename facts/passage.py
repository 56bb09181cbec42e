"""One side of an edit: its tokens, and what the lexicon knows among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facts.lexicon import Lexicon, Mark
from facts.model import ChangeType
from facts.tokens import Token, norm

_COUNTING = frozenset(
    (
        "numbers.words", "numbers.vague", "numbers.fractions", "numbers.ordinals", "dates.months", "dates.weekdays",
        "dates.relative", "dates.spans", "dates.parts",
    )
)  # fmt: skip
Marks = Mapping[int, Mark]


@dataclass(frozen=True, slots=True)
class Passage:
    """Tokens of one or more sentences of *source*. *starting* and *ending* find marks by kind and place,
    *counting* holds the tokens at which a number or a date can begin, *capitals*
    the words that begin with a capital letter."""

    source: str
    tokens: Sequence[Token]
    norms: Sequence[str]
    starting: Mapping[str, Marks]
    ending: Mapping[str, Marks]
    firsts: frozenset[int]
    titled: bool
    counting: frozenset[int]
    capitals: frozenset[int]

    def text(self, start: int, end: int) -> str:
        """Tokens *start* to *end* as written."""
        return self.source[self.tokens[start].start : self.tokens[end - 1].end] if start < end else ""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of *source* that the tokens take."""
        return self.tokens[start].start, self.tokens[end - 1].end

    def mark(self, kind: str, at: int) -> Mark | None:
        """The mark of a kind that begins at a token."""
        return self.starting.get(kind, {}).get(at)

    def mark_before(self, kind: str, at: int) -> Mark | None:
        """The mark of a kind that ends just before a token."""
        return self.ending.get(kind, {}).get(at)

    def marks(self, kind: str) -> Sequence[Mark]:
        """Every mark of a kind, in order."""
        return tuple(self.starting.get(kind, {}).values())

    def adjoins(self, at: int) -> bool:
        """Whether nothing stands between a token and the one before it."""
        return 0 < at < len(self.tokens) and self.tokens[at - 1].end == self.tokens[at].start

    def capital(self, at: int) -> bool:
        """Whether a token is a word that begins with a capital letter."""
        return at in self.capitals

    def has(self, at: int, *norms: str) -> bool:
        """Whether a token is one of the given normed words."""
        return 0 <= at < len(self.norms) and self.norms[at] in norms


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable thing that tokens *start* to *end* say. Two claims agree when their *key* is equal; *slot* is what
    the claim is about (two values of one slot are an update); *digits* are a figure's digits as written."""

    type: ChangeType
    kind: str
    start: int
    end: int
    key: object
    slot: tuple[object, ...]
    subject: str
    value: Mapping[str, object]
    digits: str = ""


def passage(source: str, found: Sequence[Token], lexicon: Lexicon, firsts: frozenset[int] = frozenset({0})) -> Passage:
    """Reads tokens once under a lexicon; *firsts* are the tokens that begin a sentence."""
    starting: dict[str, dict[int, Mark]] = {}
    ending: dict[str, dict[int, Mark]] = {}
    norms = [token.norm for token in found]
    capitals = frozenset(at for at, token in enumerate(found) if token.kind == "w" and token.text[0].isupper())
    counting = {at for at, token in enumerate(found) if token.kind == "n"}
    for mark in lexicon.marks(norms):
        starting.setdefault(mark.kind, {}).setdefault(mark.start, mark)
        ending.setdefault(mark.kind, {}).setdefault(mark.end, mark)
        if mark.kind in _COUNTING:
            counting.add(mark.start)
    words = [t.text for t in found if t.kind == "w" and len(t.text) > 3]
    closed = bool(found) and found[-1].text == "."
    titled = len(words) > 3 and not closed and sum(word[0].isupper() for word in words) > 0.8 * len(words)
    return Passage(source, found, norms, starting, ending, firsts, titled, frozenset(counting), capitals)


def normed(text: str) -> str:
    """A word as Passage.norms holds it."""
    return norm(text, "w")
