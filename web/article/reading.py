"""How a difference is laid out for reading: what changed in full, what did not folded, never more than a page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from facts.tokens import sentences
from web.article.marks import Effort, Pair
from web.article.pieces import Anchor, Piece, Span, echoed, pieces

BYTES_MAX = 30_000
"""Bytes of article text, marks included, on one page; the next page takes it up."""
FOLDED_MAX = 5_000
"""Bytes of unchanged text that a page keeps at hand, folded."""
EFFORT = 60_000
"""What marking one page may cost (see ``web.article.marks.Effort``): at most about 90 ms."""
LONG_LINE = 4_000
"""Characters from which a paragraph is read sentence by sentence, so that no paragraph outgrows a page."""
_BESIDE = 1
"""Unchanged sentences shown on either side of a changed one."""
_MARKUP = 24
"""Bytes of markup around one run of words."""
_END = re.compile(r"(?<=[.!?…。])\s(?=\S)")


@dataclass(frozen=True, slots=True)
class Row:
    """Sentences of one paragraph that stand together. *paragraph* is its place in the pair of texts."""

    paragraph: int
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """Whether any of them changed."""
        return any(piece.changed for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Fold:
    """So many unchanged *sentences* left out; *texts* holds their paragraphs where there was room for them."""

    sentences: int
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """One page of a text in order. *start* and *next* are paragraphs: where this page begins, and where the next one
    does (None at the end); *cut*: the first paragraph alone is longer than a page."""

    rows: tuple[Row | Fold, ...]
    start: int
    next: int | None
    cut: bool = False

    @property
    def numbers(self) -> frozenset[int]:
        """The fact changes whose place is on this page."""
        spans = (span for row in self.rows if isinstance(row, Row) for piece in row.pieces for span in piece.spans)
        return frozenset(tie.number for span in spans for tie in span.ties if tie.home)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read and how: two texts paired, where fact changes stand in them, the exchanged values (number, before,
    after), the language, and whether unchanged sentences are left in."""

    pairs: Sequence[Pair]
    anchors: Sequence[Anchor]
    moved: Sequence[tuple[int, str, str]]
    language: str
    whole: bool


def broken(text: str) -> str:
    """A text whose very long paragraphs are cut at their sentences. It stays as long, so that offsets hold."""
    if len(text) <= LONG_LINE:
        return text
    return "\n".join(_END.sub("\n", line) if len(line) > LONG_LINE else line for line in text.split("\n"))


def laid(reading: Reading, start: int = 0) -> Laid:
    """The page that begins at paragraph *start*."""
    places = places_of(reading)
    units = _units(reading, places, start)
    rows: list[Row | Fold] = []
    left, spare = BYTES_MAX, FOLDED_MAX
    hidden: list[_Unit] = []
    following: int | None = None
    cut = False
    for unit, near in _neared(units, whole=reading.whole):
        if not near:
            hidden.append(unit)
            continue
        cost = unit.cost
        if cost > left and rows:
            if unit.at == start:
                cut = True
                continue
            following = unit.at
            break
        left -= cost
        if hidden:
            fold = _fold(hidden, spare)
            rows.append(fold)
            spare -= sum(len(text.encode(errors="replace")) for text in fold.texts)
            hidden = []
        _append(rows, unit)
    if hidden and following is None:
        rows.append(_fold(hidden, spare))
    return Laid(tuple(rows), start, following, cut)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or an unchanged paragraph far from any change as a whole."""

    at: int
    piece: Piece
    count: int
    far: bool = False

    @property
    def cost(self) -> int:
        """Bytes that it takes on the page, about."""
        return sum(len(s.text.encode(errors="replace")) + _MARKUP + 60 * len(s.ties) for s in self.piece.spans)


def places_of(reading: Reading) -> Mapping[int, list[Anchor]]:
    """Which anchors stand in the lines of which pair, by the pair's place."""
    lines = {("old", pair.old): at for at, pair in enumerate(reading.pairs)}
    lines |= {("new", pair.new): at for at, pair in enumerate(reading.pairs)}
    found: dict[int, list[Anchor]] = {}
    for anchor in reading.anchors:
        at = lines.get((anchor.side, anchor.line))
        if at is not None:
            found.setdefault(at, []).append(anchor)
    return found


def _units(reading: Reading, places: Mapping[int, list[Anchor]], start: int) -> Iterator[_Unit]:
    effort = Effort(EFFORT)
    moving: list[bool] = [pair.changed or at in places for at, pair in enumerate(reading.pairs)]
    for at in range(start, len(reading.pairs)):
        pair = reading.pairs[at]
        if not moving[at] and not reading.whole and not any(moving[max(0, at - _BESIDE) : at + _BESIDE + 1]):
            count = len(sentences(pair.after, reading.language))
            yield _Unit(at, Piece((Span("same", pair.after),)), count, far=True)
            continue
        for piece in pieces(pair, places.get(at, ()), reading.language, effort):
            yield _Unit(at, Piece(echoed(piece.spans, reading.moved)), 1)


def _neared(units: Iterator[_Unit], *, whole: bool) -> Iterator[tuple[_Unit, bool]]:
    """Each unit with whether it is shown: it changed, or stands beside one that did."""
    before: _Unit | None = None
    unit = next(units, None)
    while unit is not None:
        after = next(units, None)
        changed = any(each.piece.changed for each in (before, unit, after) if each is not None)
        yield unit, whole or (changed and not unit.far)
        before, unit = unit, after


def _append(rows: list[Row | Fold], unit: _Unit) -> None:
    last = rows[-1] if rows else None
    if isinstance(last, Row) and last.paragraph == unit.at:
        rows[-1] = Row(unit.at, (*last.pieces, unit.piece))
    else:
        rows.append(Row(unit.at, (unit.piece,)))


def _fold(units: Sequence[_Unit], spare: int) -> Fold:
    count = sum(unit.count for unit in units)
    if sum(len(unit.piece.text.encode(errors="replace")) for unit in units) > spare:
        return Fold(count)
    texts: dict[int, str] = {}
    for unit in units:
        texts[unit.at] = texts.get(unit.at, "") + unit.piece.text
    return Fold(count, tuple(texts.values()))
