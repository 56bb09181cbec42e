"""When a feed, an article or a host is looked at again. Pure: what is known comes in, a wait comes out.

*jitter* is −1 … 1 everywhere and moves a wait by up to a tenth, so that what began together does not stay together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.settings import Schedule
from ingest.model import Marker

SPREAD = 0.1
"""The share of a wait that jitter may move it by."""

TAIL = tuple(timedelta(days=days) for days in (7, 30, 90, 365))
"""After its last change a settled article is looked at these ages again, and then never."""

FIRST_FEED = 5
"""A new feed starts at so many times ``feed_min``."""

FASTER, SLOWER = 0.5, 1.5
"""A feed's wait after a look that brought something new, and after one that did not: at rest about every third look
(ln 1.5 / ln 3 = 37 %) brings something."""

FRESH_ARTICLE, FRESH_FEED = 5, 0.25
"""Cache-Control is believed up to 5 × ``article_min``, and up to a quarter of ``feed_max``."""

FAILING_AFTER = 5
"""Failed looks in a row after which a feed is told to be failing."""

UNREACHED_SHARE = 12
"""What cannot be reached waits up to this part of ``backoff_max`` (2 h of 24): after a night without a network a feed
must not sleep through the next day."""

HOST_BACKOFF = timedelta(seconds=5)
HOST_BACKOFF_MAX = timedelta(minutes=15)
"""The first and the longest pause of a host that cannot be reached; its pages wait behind it."""

UNCONDITIONAL_EVERY = 12
UNCONDITIONAL_AFTER = timedelta(hours=24)
"""Some sites reuse an ETag after a change: so often, in looks or in time, validators are left out."""

FORGOTTEN_MARKER = 3
"""Many pages say "developing" for ever. Without a change they lose its pace after ``settle_after``, and what keeps them
out of their tail after three times that."""

YIELD_FROM, YIELD_MOST = 0.5, 4.0
"""Looks that come late by more than half their wait yield to others, by up to five times their wait."""

# Growth of the wait at each unchanged look, and the most it may be in units of article_min (0: article_max).
_PACE: dict[Marker, tuple[float, float]] = {
    "live": (1.25, 2),
    "developing": (1.5, 6),
    "none": (2.0, 0),
    "removed": (3.0, 0),
}


@dataclass(frozen=True, slots=True)
class Next:
    """The wait until the next look, None for never; *watch* is the article's state by then."""

    wait: timedelta | None
    watch: str = "active"


def article_wait(
    schedule: Schedule,
    *,
    unchanged: int,
    marker: Marker,
    age: timedelta,
    max_age: float | None = None,
    jitter: float = 0.0,
    late: timedelta = timedelta(0),
) -> Next:
    """The wait after a look that worked. *unchanged* counts the looks since the text changed, this one not included;
    *age* is the time since then, *max_age* what Cache-Control said, in seconds; *late* is by how much this look came
    later than it was planned."""
    if age >= schedule.settle_after * (1 if marker in ("none", "removed") else FORGOTTEN_MARKER):
        rest = [tail - age for tail in TAIL if tail > max(age, schedule.settle_after)]
        return Next(rest[0], "tail") if rest else Next(None, "ended")
    growth, most = _PACE[marker if age < schedule.settle_after else "none"]
    least = schedule.article_min
    longest = min(schedule.article_max, least * most) if most else schedule.article_max
    wait = _grown(least, growth, unchanged, longest)
    if max_age is not None:
        wait = max(wait, min(timedelta(seconds=max_age), least * FRESH_ARTICLE, longest))
    return Next(_moved(min(_yielded(wait, late, unchanged), schedule.article_max), jitter))


def feed_wait(
    schedule: Schedule, *, interval: float, brought_new: bool, max_age: float | None = None, jitter: float = 0.0
) -> tuple[timedelta, float]:
    """The wait after a look that worked, and the interval to remember, in seconds. *interval* is the one remembered
    last, 0 for a new feed; *brought_new* is about the look before this one, which has been read by now."""
    least, most = schedule.feed_min.total_seconds(), schedule.feed_max.total_seconds()
    paced = interval * (FASTER if brought_new else SLOWER) if interval else least * FIRST_FEED
    remembered = min(max(paced, least), most)
    wait = remembered if max_age is None else max(remembered, min(max_age, most * FRESH_FEED))
    return _moved(timedelta(seconds=wait), jitter), remembered


def failure_wait(
    schedule: Schedule,
    least: timedelta,
    *,
    failures: int,
    retry_after: float | None = None,
    jitter: float = 0.0,
    unreached: bool = False,
) -> timedelta:
    """The wait after the *failures*-th failed look in a row (1 is the first): it doubles from *least* up to
    ``backoff_max`` and never ends. A Retry-After, clamped before, is never undercut. *unreached*: nobody answered,
    which may be our own line, so the wait stays shorter."""
    most = max(schedule.backoff_max / (UNREACHED_SHARE if unreached else 1), least)
    wait = _moved(_grown(least, 2.0, max(failures, 1) - 1, most), jitter)
    return wait if retry_after is None else max(wait, timedelta(seconds=retry_after))


def host_wait(failures: int, jitter: float = 0.0) -> timedelta:
    """The pause of a host after the *failures*-th failure in a row to reach it."""
    return _moved(_grown(HOST_BACKOFF, 2.0, max(failures, 1) - 1, HOST_BACKOFF_MAX), jitter)


def is_unconditional(unconditional_at: datetime | None, interval: timedelta, now: datetime) -> bool:
    """Whether this look leaves its validators out: the last one that did is a day or a dozen waits ago."""
    if unconditional_at is None:
        return True
    return now - unconditional_at >= min(UNCONDITIONAL_AFTER, max(interval, timedelta(seconds=1)) * UNCONDITIONAL_EVERY)


def _yielded(wait: timedelta, late: timedelta, unchanged: int) -> timedelta:
    """Where a host is asked for more than it allows, those give way who are least likely to have changed: the chance
    that a look brings something falls about as 1 / (1 + looks that brought nothing)."""
    if late <= wait * YIELD_FROM:
        return wait
    return wait * (1 + min(late / max(wait, timedelta(seconds=1)), YIELD_MOST) * (1 - 1 / (1 + unchanged)))


def _grown(least: timedelta, growth: float, steps: int, most: timedelta) -> timedelta:
    """least · growth^steps, up to *most*, without computing what would overflow."""
    wait = least
    for _ in range(steps):
        if wait >= most or not wait:
            break
        wait *= growth
    return min(wait, most)


def _moved(wait: timedelta, jitter: float) -> timedelta:
    return wait * (1 + SPREAD * jitter)
