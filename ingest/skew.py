"""How far this machine's clock is off, by the Date of the sites that answered: receivers of webhooks refuse what is
signed more than five minutes off, and nothing else on the machine need notice."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median
from typing import NamedTuple

TOLERATED = timedelta(seconds=300)
"""What Standard Webhooks' receivers tolerate."""
SITES = 3
"""So many must have answered: one may have a wrong clock itself."""


class Answered(NamedTuple):
    """One answer: whose, when it came by our clock, and its headers with their names in lower case."""

    site: str
    at: datetime
    headers: Mapping[str, str]


def clock_skew(answers: Iterable[Answered]) -> float | None:
    """Seconds by which our clock is ahead: the median of sites of the median of their answers. A copy from a cache says
    its Age. None where too few sites tell."""
    sites: dict[str, list[float]] = {}
    for each in answers:
        there = _date(each.headers.get("date", ""))
        age = each.headers.get("age", "")
        if there is not None:
            aged = float(age) if age.isdecimal() and len(age) < 9 else 0.0
            sites.setdefault(each.site, []).append((each.at - there).total_seconds() - aged)
    return median(map(median, sites.values())) if len(sites) >= SITES else None


def is_off(skew: float | None) -> bool:
    """Whether receivers would refuse."""
    return skew is not None and abs(skew) > TOLERATED.total_seconds()


def _date(value: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(value[:64])
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
