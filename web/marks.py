"""Two texts as one, marked: which words went, which came. Paragraphs first, then words, so that marks never split a
word and a long text stays cheap."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "del", "ins"]

_WORD = re.compile(r"(\w+(?:[.,:'’\-]\w+)*|[^\w\s]|^)(\s*)")
"""A word or number whole (1,200 · 14:30 · don't · F-16) or one mark, with the space after it, which is not compared."""
_SENTENCE = re.compile(r"(?<=[.!?…])(?=\s)")
_DEAR = 100_000
"""Equal pairs of words up to which difflib is asked about one paragraph. It is cubic on repeated words: 100,000 take
0.5 s at worst (eight letters shuffled), and a paragraph of 300 real words has 1,500."""
_DEAR_IN_ALL = 300_000
"""The same for a whole text: what comes after counts as replaced, so that no page can hold the process up."""
_ALIKE = 0.4
"""Share of words that two paragraphs have in common, from which one is read as the other rewritten."""
_PAIRS_MAX = 40_000
"""Pairs of paragraphs weighed against each other in one replaced stretch."""


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


class _Effort:
    """What difflib may still cost, in pairs of equal tokens."""

    def __init__(self) -> None:
        self._left = _DEAR_IN_ALL

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
    return _marked(before, after, _Effort())


def paragraphs(before: str, after: str) -> tuple[Paragraph, ...]:
    """Two texts of one paragraph a line as one list of marked paragraphs."""
    effort = _Effort()
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    return tuple(Paragraph(marks) for marks in _aligned(old, new, effort, cut=True))


def _aligned(old: Sequence[str], new: Sequence[str], effort: _Effort, *, cut: bool) -> list[tuple[Mark, ...]]:
    """Pieces (paragraphs that may be *cut* into sentences, or sentences) of two texts, each as its own run of marks."""
    runs: list[tuple[Mark, ...]] = []
    for tag, i1, i2, j1, j2 in _opcodes(old, new, effort):
        if tag == "equal":
            runs += [(Mark("same", text),) for text in new[j1:j2]]
        else:
            runs += _rewritten(old[i1:i2], new[j1:j2], effort, cut=cut)
    return runs


def _opcodes(old: Sequence[str], new: Sequence[str], effort: _Effort) -> list[tuple[str, int, int, int, int]]:
    """difflib's opcodes, or one replacement where difflib would take too long."""
    if not effort.affords(old, new):
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def _marked(before: str, after: str, effort: _Effort, *, cut: bool = False) -> tuple[Mark, ...]:
    """Word by word; where that is too dear, sentence by sentence first."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    old_words, new_words = [word for word, _ in old], [word for word, _ in new]
    opcodes = _opcodes(old_words, new_words, effort)
    if cut and len(opcodes) == 1 and opcodes[0][0] == "replace":
        runs = _aligned(_SENTENCE.split(before), _SENTENCE.split(after), effort, cut=False)
        return tuple(mark for run in runs for mark in run)
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


def _rewritten(old: Sequence[str], new: Sequence[str], effort: _Effort, *, cut: bool) -> list[tuple[Mark, ...]]:
    """A replaced stretch: pieces that resemble each other are read as one rewritten, the others went or came."""
    runs: list[tuple[Mark, ...]] = []
    i = j = 0
    for pair_i, pair_j in [*_pairs(old, new), (len(old), len(new))]:
        runs += [(Mark("del", text),) for text in old[i:pair_i] if text]
        runs += [(Mark("ins", text),) for text in new[j:pair_j] if text]
        if pair_i < len(old):
            runs.append(_marked(old[pair_i], new[pair_j], effort, cut=cut))
        i, j = pair_i + 1, pair_j + 1
    return runs


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Which old piece became which new one, in order: the pairing with the greatest likeness in sum."""
    if len(old) * len(new) > _PAIRS_MAX:
        return []
    old_bags, new_bags = [_bag(text) for text in old], [_bag(text) for text in new]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            alike = _alike(old_bags[i], new_bags[j])
            paired = alike + best[i + 1][j + 1] if alike >= _ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new) and best[i][j] > 0:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _bag(text: str) -> Counter[str]:
    return Counter(word for word, _ in _WORD.findall(text.lower()))


def _alike(old: Counter[str], new: Counter[str]) -> float:
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 0.0
