"""A paragraph and what became of it, sentence by sentence, with the numbers of the fact changes where they stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from facts.tokens import sentences
from web.article.marks import Effort, Kind, Mark, Pair, alike, pair_marks, paired

Side = Literal["old", "new"]
_TOGETHER = 0.05
"""How much more alike a sentence and both its halves must be than it and the better half."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Characters *start* to *end* of a line of one text that are the value of fact change *number*. *home* is false for
    a place that merely shows the same."""

    number: int
    side: Side
    line: int
    start: int
    end: int
    home: bool = True


@dataclass(frozen=True, slots=True)
class Tie:
    """The number of a fact change in the text. *home* is true at the one place that its chip leads to."""

    number: int
    home: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text that stayed, went or came. *fact* is true for a value that a fact change is about; *ties* are the
    numbers that stand after it."""

    kind: Kind
    text: str
    fact: bool = False
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or several that became one another."""

    spans: tuple[Span, ...]

    @property
    def changed(self) -> bool:
        """Whether any word of it went or came, or a fact change stands here."""
        return any(span.kind != "same" or span.ties for span in self.spans)

    @property
    def text(self) -> str:
        """Its words in the newer text, or those that went."""
        return side_of(self.spans, "del") or side_of(self.spans, "ins")


def side_of(run: Sequence[Mark] | Sequence[Span], without: Kind) -> str:
    """The text of a run *without* what went, or without what came."""
    return "".join(each.text for each in run if each.kind != without)


def pieces(pair: Pair, anchors: Sequence[Anchor], language: str, effort: Effort) -> tuple[Piece, ...]:
    """A paragraph and what became of it, sentence by sentence; *anchors* are those of its own lines."""
    old, new = _segments(pair.before, language), _segments(pair.after, language)
    found: list[Piece] = []
    for before, after in _sentence_pairs(old, new):
        marks = _marks(before.text, after.text, effort)
        spans = tuple(_cut(marks, anchors, before.start, after.start))
        if spans:
            found.append(Piece(spans))
    return tuple(found)


class _Segment(NamedTuple):
    """A sentence with the space after it, and where it begins in its line."""

    text: str
    start: int


def _segments(line: str, language: str) -> list[_Segment]:
    if not line:
        return []
    starts = [0, *(sentence.start for sentence in sentences(line, language)[1:]), len(line)]
    return [_Segment(line[start:end], start) for start, end in pairwise(starts)]


def _sentence_pairs(old: Sequence[_Segment], new: Sequence[_Segment]) -> Iterator[tuple[_Segment, _Segment]]:
    """Which sentence became which. One that was split or merged keeps all its parts together."""
    pairs = paired("\n".join(_flat(each) for each in old), "\n".join(_flat(each) for each in new))
    places = [([] if p.old is None else [p.old], [] if p.new is None else [p.new]) for p in pairs]
    for olds, news in _joined(places, old, new):
        yield _whole(olds, old), _whole(news, new)


def _joined(
    places: Sequence[tuple[list[int], list[int]]], old: Sequence[_Segment], new: Sequence[_Segment]
) -> list[tuple[list[int], list[int]]]:
    """Takes a sentence without a partner into its neighbour where together they are more alike than apart."""
    joined: list[tuple[list[int], list[int]]] = []
    for olds, news in places:
        last = joined[-1] if joined else ([], [])
        both = (last[0] + olds, last[1] + news)
        lone = not olds or not news or not last[0] or not last[1]
        if lone and both[0] and both[1] and len(both[0]) + len(both[1]) > 2:
            apart = max(alike(_whole(o, old).text, _whole(n, new).text) for o, n in (last, (olds, news)))
            if alike(_whole(both[0], old).text, _whole(both[1], new).text) > apart + _TOGETHER:
                joined[-1] = both
                continue
        joined.append((olds, news))
    return joined


def _flat(segment: _Segment) -> str:
    return " ".join(segment.text.split())


def _whole(places: Sequence[int], segments: Sequence[_Segment]) -> _Segment:
    return _Segment("".join(segments[at].text for at in places), segments[places[0]].start if places else 0)


def _marks(before: str, after: str, effort: Effort) -> tuple[Mark, ...]:
    if before.split() == after.split():
        return (Mark("same", after),)
    return pair_marks(Pair(before, after, 0 if before else None, 0 if after else None), effort)


def _cut(marks: Sequence[Mark], anchors: Sequence[Anchor], old_at: int, new_at: int) -> Iterator[Span]:
    """The marks as spans that end wherever a value ends; the marks begin at these characters of their lines."""
    for mark in marks:
        size = len(mark.text)
        here = [a for a in anchors if mark.kind == "same" or a.side == ("old" if mark.kind == "del" else "new")]
        placed = [(a, a.start - _base(a, old_at, new_at), a.end - _base(a, old_at, new_at)) for a in here]
        cuts = {at for _, start, end in placed for at in (start, end) if 0 < at < size}
        for start, end in pairwise((0, *sorted(cuts), size)):
            inside = any(a_start <= start and end <= a_end for _, a_start, a_end in placed)
            ties = tuple(Tie(a.number, a.home) for a, a_start, a_end in placed if a_start < a_end == end)
            yield Span(mark.kind, mark.text[start:end], inside, ties)
        old_at += size if mark.kind != "ins" else 0
        new_at += size if mark.kind != "del" else 0


def _base(anchor: Anchor, old_at: int, new_at: int) -> int:
    return old_at if anchor.side == "old" else new_at


def echoed(spans: Sequence[Span], moved: Sequence[tuple[int, str, str]]) -> tuple[Span, ...]:
    """The same spans with numbers at further places where the very *moved* values (number, before, after) were
    exchanged: a toll that is in the headline and in the text is one change."""
    told = {tie.number for span in spans for tie in span.ties}
    echoes = list(spans)
    for at in range(1, len(echoes)):
        went, came = echoes[at - 1], echoes[at]
        if (went.kind, came.kind) == ("del", "ins") and not came.ties:
            pair = (went.text.strip(), came.text.strip())
            same = [number for number, *values in moved if tuple(values) == pair and number not in told]
            if same:
                echoes[at] = replace(came, fact=True, ties=tuple(Tie(number, home=False) for number in same[:1]))
                echoes[at - 1] = replace(went, fact=True)
    return tuple(echoes)
