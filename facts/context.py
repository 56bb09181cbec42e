"""What the two whole texts say, asked when one edit alone cannot tell: was this known before, or is it still said?"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from facts.align import Line
from facts.lexicon import Lexicon


@dataclass(slots=True)
class Whole:
    """All lines of one text, found by word."""

    lines: Sequence[Line]
    published: date | None
    places: dict[str, set[int]] = field(default_factory=dict)

    def having(self, words: Iterable[str]) -> bool:
        """Whether one sentence has all of these normed words."""
        if not self.places:
            places: dict[str, set[int]] = defaultdict(set)
            for at, line in enumerate(self.lines):
                for word in line.norms:
                    places[word].add(at)
            self.places = places or {"": set()}
        found: set[int] | None = None
        for word in words:
            here = self.places.get(word)
            if not here:
                return False
            found = here if found is None else found & here
            if not found:
                return False
        return found is not None

    def says(self, words: Sequence[str]) -> bool:
        """Whether one sentence has these normed words one behind the other."""
        return self.times(words) > 0

    def times(self, words: Sequence[str]) -> int:
        """In how many sentences these normed words stand one behind the other."""
        wanted = tuple(words)
        if not wanted or not self.having(wanted):
            return 0
        size = len(wanted)
        common = set.intersection(*(self.places[word] for word in wanted))
        lines = (self.lines[at].norms for at in common)
        return sum(any(norms[at : at + size] == wanted for at in range(len(norms) - size + 1)) for norms in lines)


@dataclass(frozen=True, slots=True)
class Context:
    """The two wholes and the language they are read in."""

    lexicon: Lexicon
    before: Whole
    after: Whole
    shrank: bool = False
    explain: bool = False
