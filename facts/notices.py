"""Correction notices: what the outlet itself says it got wrong."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from facts.align import Line, Pair, align
from facts.fold import fingerprint
from facts.lexicon import Lexicon
from facts.passage import Passage

Block = tuple[int, ...]
SPOKEN = 4
"""Words of a phrase ("an earlier version of …") that makes a notice wherever it stands in its sentence."""


def is_notice(p: Passage) -> bool:
    """Whether a sentence is a correction notice: it begins like one, or says what an earlier version said."""
    return any(mark.value == "phrases" for mark in p.marks("correction")) or _begins(p)


def opens_notice(p: Passage) -> bool:
    """The same, surer: "police misidentified the man" speaks of no article, and may be edited like any sentence."""
    phrases = [mark for mark in p.marks("correction") if mark.value == "phrases"]
    return _begins(p) or any(mark.end - mark.start >= (SPOKEN if mark.start > 1 else SPOKEN - 1) for mark in phrases)


def _begins(p: Passage) -> bool:
    return any(
        mark.start in (0, 1) and (p.has(mark.end, ":", "-", ".") or mark.end == len(p.tokens))
        for mark in p.marks("correction")
        if mark.value == "starts"
    )


def appeared(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The notices that are new, in order."""
    known = {fingerprint(notice) for notice in before}
    return [notice for notice in after if fingerprint(notice) not in known]


def aligned(
    sides: tuple[Sequence[Line], Sequence[Line]],
    passages: tuple[Callable[[Block], Passage], Callable[[Block], Passage]],
    lexicon: Lexicon,
) -> list[Pair]:
    """The pairs of two texts. A notice that came or changed is taken whole, with what follows it in its paragraph, and
    stands against a notice only: its words are no claims of the article."""
    keys = [{line.key for line in lines} for lines in sides]
    firsts = [_firsts(sides[at], keys[1 - at], passages[at], lexicon) for at in (0, 1)]
    if not any(firsts):
        return align(*sides)
    mine, theirs = (_blocks(sides[at], firsts[at], keys[1 - at]) for at in (0, 1))
    old, new = _changed(sides, mine, theirs), _changed(sides[::-1], theirs, mine)
    size = min(len(old), len(new))
    pairs = _without(sides, {at for block in old for at in block}, {at for block in new for at in block})
    told = [Pair(b, a) for b, a in zip(old, new, strict=False)]
    for pair in (*told, *(Pair((), block) for block in new[size:])):
        before = [at for at, other in enumerate(pairs) if other.after and other.after[0] < pair.after[0]]
        pairs.insert(before[-1] + 1 if before else 0, pair)
    return pairs + [Pair(block, ()) for block in old[size:]]


def _firsts(lines: Sequence[Line], theirs: set[str], read: Callable[[Block], Passage], lexicon: Lexicon) -> list[int]:
    """The sentences that open a notice, in paragraphs where the versions differ. Only those with the first two words of
    one are read."""
    touched = {line.sentence.paragraph for line in lines if line.key not in theirs}
    return [
        at
        for at, line in enumerate(lines)
        if line.sentence.paragraph in touched and _begun(line, lexicon) and opens_notice(read((at,)))
    ]


def _begun(line: Line, lexicon: Lexicon) -> bool:
    norms = line.norms
    return any(
        kind == "correction" and words[1:2] in ((), norms[at + 1 : at + 2], ("'",))
        for at, word in enumerate(norms)
        for words, kind, _ in lexicon.phrases.get(word, ())
    )


def _blocks(lines: Sequence[Line], firsts: Sequence[int], theirs: set[str]) -> list[Block]:
    """Each notice with the rest of its paragraph; in a text of one paragraph, with what only this version says."""
    several = bool(lines) and lines[0].sentence.paragraph != lines[-1].sentence.paragraph
    blocks: list[Block] = []
    for first in firsts:
        if blocks and first <= blocks[-1][-1]:
            continue
        last = first + 1
        while last < len(lines) and lines[last].sentence.paragraph == lines[first].sentence.paragraph:
            if not several and lines[last].key in theirs:
                break
            last += 1
        blocks.append(tuple(range(first, last)))
    return blocks


def _changed(sides: Sequence[Sequence[Line]], mine: Sequence[Block], theirs: Sequence[Block]) -> list[Block]:
    """The notices that the other version does not have in these words."""
    known = [[sides[1][at].key for at in block] for block in theirs]
    return [block for block in mine if [sides[0][at].key for at in block] not in known]


def _without(sides: tuple[Sequence[Line], Sequence[Line]], old: set[int], new: set[int]) -> list[Pair]:
    """The pairs of the rest of both texts."""
    left, right = (
        [at for at in range(len(lines)) if at not in gone] for lines, gone in zip(sides, (old, new), strict=True)
    )
    found = align([sides[0][at] for at in left], [sides[1][at] for at in right])
    return [
        replace(pair, before=tuple(left[at] for at in pair.before), after=tuple(right[at] for at in pair.after))
        for pair in found
    ]
