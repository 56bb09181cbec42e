"""Moments as people and programs read them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Protocol, TypeVar


class HasMoment(Protocol):
    """Whatever happened at a moment."""

    @property
    def at(self) -> datetime:
        """When."""


Dated = TypeVar("Dated", bound=HasMoment)


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC, ending in Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def shown(moment: datetime | None) -> str:
    """To the minute: ``2026-03-02 09:00 UTC``."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else "–"


def exact(moment: datetime | None) -> str:
    """To the second: ``2026-03-02 09:00:12 UTC``."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if moment else "–"


def by_day(things: Sequence[Dated]) -> list[tuple[str, list[Dated]]]:
    """Things in the order of their moments, together by the day in UTC, a day as ``Mon 2 March 2026``."""
    days = groupby(things, key=lambda thing: thing.at.astimezone(UTC).date())
    return [(f"{day:%a} {day.day} {day:%B %Y}", list(of_day)) for day, of_day in days]


def clock(moment: datetime) -> str:
    """The time of day in UTC, to the second."""
    return f"{moment.astimezone(UTC):%H:%M:%S}"


def duration(length: timedelta) -> str:
    """A length of time in its largest unit, rounded down."""
    seconds = int(length.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, or how long until, in one unit: ``4 min ago``, ``in 2 h``; ``never`` for no moment."""
    if moment is None:
        return "never"
    away = now - moment
    written = duration(abs(away))
    if written == "0 s":
        return "now"
    return f"{written} ago" if away > timedelta() else f"in {written}"


def count(number: float) -> str:
    """A number of things, whole and with its thousands apart: ``4,773``."""
    return f"{round(number):,}"


def said(written: str | None) -> str:
    """A moment as a page or a feed wrote it in ISO 8601, in words: ``Mon 2 March 2026, 09:00 UTC``; what is none is
    left as it is."""
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return (written or "")[:40]
    if moment.tzinfo is None:
        return f"{moment:%a} {moment.day} {moment:%B %Y, %H:%M}"
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return (written or "")[:40]
    return f"{moment:%a} {moment.day} {moment:%B %Y, %H:%M} UTC"
