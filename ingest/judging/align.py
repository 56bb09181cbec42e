"""Two sequences of blocks laid beside each other: what stands, and what changed between the blocks that stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.distance import Indel

from facts.fold import fold
from ingest.language import ends_sentence, words_in

SIMILAR = 0.45  # of words in order; unrelated sentences of one page stay below .3
_MANY = 4_000_000  # comparisons from which keys that recur often are left aside
_FEW, _REACH = 10_000, 25
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A change: blocks [a_lo, a_hi) of one sequence stand where [b_lo, b_hi) of the other do; one may be empty."""

    a_lo: int
    a_hi: int
    b_lo: int
    b_hi: int

    def touches(self, lo: int, hi: int) -> bool:
        """Whether the change lies at [lo, hi) of the first sequence; an empty range is the point before *lo*."""
        if lo == hi or self.a_lo == self.a_hi:
            return self.a_lo <= hi and lo <= self.a_hi
        return self.a_lo < hi and lo < self.a_hi


def units(a: Sequence[str], b: Sequence[str]) -> list[Unit]:
    """The changes between two sequences of keys, in order."""
    matcher = SequenceMatcher(None, a, b, autojunk=len(a) * len(b) > _MANY)
    return [Unit(i1, i2, j1, j2) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]


def words(text: str) -> list[str]:
    """The words of a text as they are counted for similarity; of scripts that set no spaces each two letters."""
    found = _WORD.findall(fold(text).casefold())
    if text.isascii() or not _UNSPACED.search(text):
        return found
    return [part for word in found for part in _parts(word)]


def _parts(word: str) -> Iterator[str]:
    """A word's runs without spaces by their pairs of letters, what stands between them as it is."""
    at = 0
    for run in _UNSPACED.finditer(word):
        if run.start() > at:
            yield word[at : run.start()]
        letters, at = run[0], run.end()
        yield from (letters[n : n + 2] for n in range(max(1, len(letters) - 1)))
    if at < len(word):
        yield word[at:]


def similarity(a: str, b: str) -> float:
    """How much of two texts is the same words in the same order, 0–1."""
    return float(Indel.normalized_similarity(words(a), words(b)))


def ticks(a: str, b: str) -> bool:
    """Whether two short lines that are no sentences differ in nothing but their figures, as tickers and counters do."""
    if max(len(a), len(b)) > 90 or ends_sentence(a) or a.rstrip().endswith(('"', "”", "」")):
        return False
    return _DIGITS.sub("0", fold(a)) == _DIGITS.sub("0", fold(b)) and words_in(a) <= 12


def paired(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Which texts are one block edited: the most similar pairs first, each text once, none below SIMILAR. Where very
    many changed at once, only texts at about the same place are compared."""
    mine, theirs = [words(text) for text in before], [words(text) for text in after]
    reach = len(theirs) if len(mine) * len(theirs) <= _FEW else _REACH
    scored = []
    for i, a in enumerate(mine):
        middle = i * len(theirs) // max(1, len(mine))
        for j in range(max(0, middle - reach), min(len(theirs), middle + reach + 1)):
            score = float(Indel.normalized_similarity(a, theirs[j], score_cutoff=SIMILAR))
            if score >= SIMILAR:
                scored.append((-score, i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(scored):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return sorted(pairs.items())
