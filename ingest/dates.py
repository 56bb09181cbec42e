"""Moments as pages and feeds write them: 22 formats were seen, some without a zone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ZONE_NAME = re.compile(r"\[[A-Za-z/_+-]{2,30}\]$|(?<=\d) (?:UTC|GMT)$")
_FORMS = (
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y, %H:%M",
    "%d.%m.%Y",
    "%B %d, %Y",
    "%B %d, %Y %H:%M",
    "%B %d, %Y %I:%M %p",
    "%b %d, %Y",
    "%b %d, %Y %I:%M %p",
    "%d %B %Y",
)


def _reader(form: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 - parse_date gives it UTC


_READ = [_reader(form) for form in _FORMS]


def parse_date(written: object) -> datetime | None:
    """An aware date between 1990 and 2099, UTC where no zone is given; None for anything else, and for 3/4/2026, which
    is two days."""
    if isinstance(written, int) and not isinstance(written, bool):
        written = str(written)
    if not isinstance(written, str) or not 8 <= len(written.strip()) <= 60:
        return None
    text = _ZONE_NAME.sub("", written.strip())
    for read in (datetime.fromisoformat, _since_1970, *_READ, parsedate_to_datetime):
        try:
            moment = read(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC) if 1990 <= moment.year <= 2099 else None
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _since_1970(text: str) -> datetime:
    """Seconds, or milliseconds, since 1970. Raises ValueError for anything else."""
    if len(text) not in (10, 13) or not text.isdecimal():
        raise ValueError(text)
    return datetime.fromtimestamp(int(text[:10]), UTC)


def zone_of(written: object) -> str:
    """The offset in which a moment was written, ``+02:00``; empty for UTC, which says nothing of where that was, and
    where there is none."""
    if parse_date(written) is None:
        return ""
    text = str(written).strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            offset = read(text).utcoffset()
        except (ValueError, TypeError, IndexError):
            continue
        minutes = int(offset.total_seconds() // 60) if offset else 0
        return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else ""
    return ""
