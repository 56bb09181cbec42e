"""Two texts as one, marked: which words went, which came. Paragraphs first, then words, so that marks never split a
word and a long text stays cheap."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Kind = Literal["same", "del", "ins"]

_WORD = re.compile(r"(\w+(?:[.,:'’\-]\w+)*|[^\w\s]|^)(\s*)")
"""A word or number whole (1,200 · 14:30 · don't · F-16) or one mark, with the space after it, which is not compared."""
_SENTENCE = re.compile(r"(?<=[.!?…])(?=\s)")
_DEAR = 20_000
"""Equal pairs of words up to which difflib is asked about one paragraph. It is cubic on repeated words: 20,000 take
30 ms at worst (eight letters shuffled), and a paragraph of 300 real words has 1,500."""
_DEAR_IN_ALL = 300_000
"""The same for a whole text: what comes after counts as replaced, so that no page can hold the process up."""
_ALIKE = 0.4
"""Share of words that two paragraphs have in common, from which one is read as the other rewritten."""
_PAIRS_MAX = 400
"""Pairs of pieces up to which each is weighed against each in one replaced stretch; weighing one takes 7 µs."""
_RARE = 8
"""Pieces of a long stretch that may share a word which still tells them apart."""
_LIKELIEST = 3
"""Pieces that are weighed as what one of a long stretch became."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of text that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the two texts read as one. *marks* joined without ``ins`` give the old, without ``del`` the new
    wording (spaces are the new text's)."""

    marks: tuple[Mark, ...]

    @property
    def changed(self) -> bool:
        """Whether any word went or came."""
        return any(mark.kind != "same" for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Pair:
    """One paragraph and what became of it. *old* and *new* are its lines in the two texts, from 0; None where that text
    has no such paragraph, and *before* or *after* is empty."""

    before: str
    after: str
    old: int | None
    new: int | None

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after or self.old is None or self.new is None


class Effort:
    """What difflib may still cost, in pairs of equal tokens."""

    def __init__(self, most: int = _DEAR_IN_ALL) -> None:
        self._left = most

    def affords(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Whether these two may be compared; then their price is spent."""
        counted = Counter(new)
        price = sum(counted[token] for token in old)
        if price > min(_DEAR, self._left):
            return False
        self._left -= price
        return True


def marked(before: str, after: str) -> tuple[Mark, ...]:
    """The words of two short texts (a headline, a sentence) as one run of marks."""
    return _marked(before, after, Effort())


def paired(before: str, after: str) -> tuple[Pair, ...]:
    """Which paragraph of one text became which of the other, without looking at their words yet. Empty lines are left
    out where they came or went."""
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    return tuple(_aligned(old, new, Effort()))


def pair_marks(pair: Pair, effort: Effort, *, cut: bool = True) -> tuple[Mark, ...]:
    """The words of one paragraph marked, as far as *effort* goes; it may be *cut* into sentences."""
    if not pair.changed:
        return (Mark("same", pair.after),)
    if pair.new is None or pair.old is None:
        return (Mark("del", pair.before),) if pair.new is None else (Mark("ins", pair.after),)
    return _marked(pair.before, pair.after, effort, cut=cut)


def paragraphs(pairs: Sequence[Pair]) -> tuple[Paragraph, ...]:
    """The words of each pair marked, as far as one text's effort goes."""
    effort = Effort()
    return tuple(Paragraph(pair_marks(pair, effort)) for pair in pairs)


def _aligned(old: Sequence[str], new: Sequence[str], effort: Effort) -> Iterator[Pair]:
    """Pieces (paragraphs or sentences) of two texts, each with what became of it."""
    for tag, i1, i2, j1, j2 in _opcodes(old, new, effort):
        if tag == "equal":
            yield from (Pair(new[j], new[j], i, j) for i, j in zip(range(i1, i2), range(j1, j2), strict=True))
            continue
        i, j = i1, j1
        for pair_i, pair_j in [*((i1 + di, j1 + dj) for di, dj in _pairs(old[i1:i2], new[j1:j2])), (i2, j2)]:
            yield from (Pair(old[at], "", at, None) for at in range(i, pair_i) if old[at])
            yield from (Pair("", new[at], None, at) for at in range(j, pair_j) if new[at])
            if pair_i < i2:
                yield Pair(old[pair_i], new[pair_j], pair_i, pair_j)
            i, j = pair_i + 1, pair_j + 1


def _opcodes(old: Sequence[str], new: Sequence[str], effort: Effort) -> list[tuple[str, int, int, int, int]]:
    """difflib's opcodes, or one replacement where difflib would take too long."""
    if not effort.affords(old, new):
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def _marked(before: str, after: str, effort: Effort, *, cut: bool = False) -> tuple[Mark, ...]:
    """Word by word; where that is too dear, sentence by sentence first."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    old_words, new_words = [word for word, _ in old], [word for word, _ in new]
    opcodes = _opcodes(old_words, new_words, effort)
    if cut and len(opcodes) == 1 and opcodes[0][0] == "replace":
        pieces = _aligned(_SENTENCE.split(before), _SENTENCE.split(after), effort)
        return tuple(mark for pair in pieces for mark in pair_marks(pair, effort, cut=False))
    marks: list[Mark] = []
    lead = ""  # the space after a word that stayed, where only the old text has one
    for tag, i1, i2, j1, j2 in opcodes:
        if tag == "equal":
            marks.append(Mark("same", _text(new[j1:j2])))
            lead = "" if new[j2 - 1][1] else old[i2 - 1][1]
            continue
        if i2 > i1:
            marks.append(Mark("del", lead + _text(old[i1:i2])))
        if j2 > j1:
            marks.append(Mark("ins", _text(new[j1:j2])))
    return _spaced(marks)


def _spaced(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The same marks with the space between a change and what follows it moved out of the change."""
    spaced: list[Mark] = []
    for mark in marks:
        last = [spaced.pop()] if spaced and spaced[-1].kind != "same" and mark.kind == "same" else []
        if last and spaced and spaced[-1].kind != "same":
            last.insert(0, spaced.pop())
        ends = {each.text[len(each.text.rstrip()) :] for each in last}
        alone = len(last) == 1 and bool(spaced) and spaced[-1].text[-1:].isspace()
        space = ends.pop() if len(ends) == 1 and not alone else ""
        spaced += [Mark(each.kind, each.text.removesuffix(space)) for each in last]
        spaced.append(Mark(mark.kind, space + mark.text))
    return tuple(mark for mark in spaced if mark.text)


def _text(tokens: Sequence[tuple[str, str]]) -> str:
    return "".join(word + space for word, space in tokens)


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Which old piece became which new one, in order: the pairing with the greatest likeness in sum."""
    old_bags, new_bags = [_bag(text) for text in old], [_bag(text) for text in new]
    weighed = ((i, j, _alike(old_bags[i], new_bags[j])) for i, j in _candidates(old_bags, new_bags))
    return _heaviest([pair for pair in weighed if pair[2] >= _ALIKE])


def _candidates(old: Sequence[Counter[str]], new: Sequence[Counter[str]]) -> Iterator[tuple[int, int]]:
    """Pairs worth weighing, by *i*, then by *j* downwards: all of a short stretch; of a long one those that share the
    most words which few pieces have."""
    if len(old) * len(new) <= _PAIRS_MAX:
        yield from ((i, j) for i in range(len(old)) for j in reversed(range(len(new))))
        return
    having: dict[str, list[int]] = {}
    for j, bag in enumerate(new):
        for word in bag:
            having.setdefault(word, []).append(j)
    for i, bag in enumerate(old):
        rare = (having[word] for word in bag if len(having.get(word, ())) in range(1, _RARE + 1))
        votes = Counter(j for places in rare for j in places)
        yield from ((i, j) for j in sorted((j for j, _ in votes.most_common(_LIKELIEST)), reverse=True))


def _heaviest(weighed: Sequence[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """The chain of pairs, rising on both sides, whose likeness sums up highest (a heaviest increasing subsequence: the
    chains known so far stand by their last *j*, each heavier than those before it)."""
    ends: list[int] = []
    chains: list[tuple[float, tuple[Any, ...]]] = []
    for i, j, alike in weighed:
        at = bisect_left(ends, j)
        total, chain = chains[at - 1] if at else (0.0, ())
        total += alike
        worse = at
        while worse < len(ends) and chains[worse][0] <= total:
            worse += 1
        if worse == at and at < len(ends) and ends[at] == j:
            continue
        ends[at:worse], chains[at:worse] = [j], [(total, (chain, i, j))]
    pairs: list[tuple[int, int]] = []
    chain = chains[-1][1] if chains else ()
    while chain:
        chain, i, j = chain
        pairs.append((i, j))
    return pairs[::-1]


def alike(before: str, after: str) -> float:
    """The share of words that two texts have in common, 0 to 1."""
    return _alike(_bag(before), _bag(after))


def _bag(text: str) -> Counter[str]:
    return Counter(word for word, _ in _WORD.findall(text.lower()))


def _alike(old: Counter[str], new: Counter[str]) -> float:
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 0.0
