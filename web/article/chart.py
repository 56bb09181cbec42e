"""A number across the versions as a small step line, drawn by the page as inline SVG."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from web.article.ledger import Fact

WIDTH, HEIGHT = 150, 44
_PAD = 7
_MOST = 12
"""Values in one chart; what came before them is left out."""


@dataclass(frozen=True, slots=True)
class Interval:
    """What a text says of a number: from *lo* to *hi*, None where it leaves that end open ("at least 12")."""

    version: int
    lo: float | None
    hi: float | None
    approx: bool
    words: str

    @property
    def known(self) -> float:
        """The end that the text gives; the middle where it gives both."""
        ends = [end for end in (self.lo, self.hi) if end is not None]
        return sum(ends) / len(ends)


@dataclass(frozen=True, slots=True)
class Point:
    """One value in the drawing. *top* and *bottom* are the ends of its interval; an open end reaches the edge and is
    drawn with an arrow."""

    x: float
    y: float
    top: float
    bottom: float
    opens: str
    approx: bool
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of WIDTH × HEIGHT: *path* is the step line, *words* say the same for who does not see it."""

    points: tuple[Point, ...]
    path: str
    words: str


def intervals(fact: Fact) -> tuple[Interval, ...]:
    """The numbers that a fact went through, the first one being the value before its first change; values that are no
    numbers are left out."""
    first = fact.rows[0]
    known = [_interval(first.version - 1, first.change.value_before, first.change.before)]
    known += [_interval(row.version, row.change.value_after, row.change.after) for row in fact.rows]
    return tuple(each for each in known if each is not None)[-_MOST:]


def _interval(version: int, value: Mapping[str, object] | None, words: str | None) -> Interval | None:
    if value is None or words is None or not {"lo", "hi"} <= value.keys():
        return None
    lo, hi = _number(value["lo"]), _number(value["hi"])
    if lo is None and hi is None:
        return None
    return Interval(version, lo, hi, bool(value.get("approx")), " ".join(words.split())[:40])


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and abs(value) < 1e15 else None


def chart(values: Sequence[Interval], subject: str) -> Chart | None:
    """The drawing of at least two values, evenly apart; None for fewer."""
    if len(values) < 2:
        return None
    ends = [end for value in values for end in (value.lo, value.hi) if end is not None]
    low, high = min(ends), max(ends)
    step = (WIDTH - 2 * _PAD) / (len(values) - 1)

    def up(number: float) -> float:
        share = (number - low) / (high - low) if high > low else 0.5
        return round(HEIGHT - _PAD - share * (HEIGHT - 2 * _PAD), 1)

    points = tuple(_point(value, round(_PAD + at * step, 1), up) for at, value in enumerate(values))
    moves = [f"M{points[0].x:g} {points[0].y:g}"]
    moves += [f"H{point.x:g}V{point.y:g}" for point in points[1:]]
    said = ", ".join(f"v{value.version}: {value.words}" for value in values)
    return Chart(points, "".join(moves), f"{subject}: {said}")


def _point(value: Interval, x: float, up: Callable[[float], float]) -> Point:
    opens = "up" if value.hi is None else "down" if value.lo is None else ""
    top = up(value.hi) if value.hi is not None else 1.0
    bottom = up(value.lo) if value.lo is not None else HEIGHT - 1.0
    return Point(x, up(value.known), top, bottom, opens, value.approx, f"v{value.version}: {value.words}")
