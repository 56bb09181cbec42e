"""Where two passages differ, word by word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import Indel

from facts.passage import Claim, Passage


class Hunk(NamedTuple):
    """Tokens *b0* to *b1* of the one passage that stand for *a0* to *a1* of the other; one side may be empty."""

    b0: int
    b1: int
    a0: int
    a1: int


@dataclass(frozen=True, slots=True)
class Diff:
    """Two passages, their differing hunks, and which tokens are the same (*forth*: before → after, *back*);
    *ratio* is their share of both, *contained* of the shorter."""

    before: Passage
    after: Passage
    hunks: Sequence[Hunk]
    forth: Mapping[int, int]
    back: Mapping[int, int]
    ratio: float
    contained: float

    def aligned(self, one: Claim, other: Claim) -> bool:
        """Whether two claims stand at the same place: in one hunk, or between the same neighbours."""
        if any(h.b0 < one.end and one.start < h.b1 and h.a0 < other.end and other.start < h.a1 for h in self.hunks):
            return True
        return any(self.forth.get(at) in range(other.start, other.end) for at in range(one.start, one.end))


def diff(before: Passage, after: Passage) -> Diff:
    """Compares two passages by their words, numbers and symbols; punctuation is no difference."""
    left = [at for at, token in enumerate(before.tokens) if token.kind in "wns"]
    right = [at for at, token in enumerate(after.tokens) if token.kind in "wns"]
    one, other = [before.norms[at] for at in left], [after.norms[at] for at in right]
    forth: dict[int, int] = {}
    hunks: list[Hunk] = []
    left.append(len(before.tokens))
    right.append(len(after.tokens))
    joined = False
    for code in Indel.opcodes(one, other):
        b0, b1, a0, a1 = code.src_start, code.src_end, code.dest_start, code.dest_end
        if code.tag == "equal":
            forth.update(zip(left[b0:b1], right[a0:a1], strict=True))
            joined = False
            continue
        hunk = Hunk(left[b0], _past(left, b0, b1), right[a0], _past(right, a0, a1))
        if joined:
            hunk = Hunk(hunks[-1].b0, max(hunk.b1, hunks[-1].b1), hunks[-1].a0, max(hunk.a1, hunks[-1].a1))
            hunks.pop()
        hunks.append(hunk)
        joined = True
    total, least = len(one) + len(other), min(len(one), len(other))
    back = {a: b for b, a in forth.items()}
    ratio, contained = (2 * len(forth) / total if total else 1.0), (len(forth) / least if least else 0.0)
    return Diff(before, after, hunks, forth, back, ratio, contained)


def _past(places: Sequence[int], start: int, end: int) -> int:
    return places[end - 1] + 1 if end > start else places[start]
