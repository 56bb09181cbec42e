"""Quiet hours and digests: when what is told may be sent. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.duration import duration, written

LEAST, MOST = timedelta(minutes=1), timedelta(days=7)
"""How far apart digests may be."""
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)(?: (\S{1,60}))?")
_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?: (\S{1,60}))?")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of each day in which nothing is sent, by the clock of *zone* (an IANA name); they may pass midnight."""

    start: time
    end: time
    zone: str

    @property
    def spelt(self) -> str:
        """As ``quiet`` reads it."""
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.zone}"

    def end_after(self, moment: datetime) -> datetime | None:
        """When the quiet hours in which *moment* lies are over; None where it lies in none."""
        local = moment.astimezone(ZoneInfo(self.zone))
        clock = local.time()
        if self.start < self.end:
            return _at(local.date(), self.end, self.zone, moment) if self.start <= clock < self.end else None
        if clock < self.end:
            return _at(local.date(), self.end, self.zone, moment)
        return _at(local.date() + timedelta(days=1), self.end, self.zone, moment) if clock >= self.start else None


@dataclass(frozen=True, slots=True)
class Digest:
    """One message for what was told in a while: *every* so long after its first alert, or *at* an hour in *zone*."""

    every: timedelta | None = None
    at: time | None = None
    zone: str = "UTC"

    @property
    def spelt(self) -> str:
        """As ``digest`` reads it."""
        return written(self.every) if self.every else f"{self.at:%H:%M} {self.zone}"

    def due_after(self, first: datetime) -> datetime:
        """When the digest that began at *first* is sent."""
        if self.at is None:
            return first + (self.every or LEAST)
        day = first.astimezone(ZoneInfo(self.zone)).date()
        today = _at(day, self.at, self.zone, first)
        return today if today > first else _at(day + timedelta(days=1), self.at, self.zone, first)


def quiet(said: str) -> Quiet:
    """Reads ``22:00-07:00 Europe/Kyiv``; without a zone it is UTC. Raises ValueError."""
    found = _HOURS.fullmatch(" ".join(said.split()))
    if found is None:
        raise ValueError(f"{said[:40]!r} are no quiet hours; write 22:00-07:00 Europe/Kyiv")
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if start == end:
        raise ValueError("quiet hours that begin when they end are none; write 22:00-07:00 Europe/Kyiv")
    return Quiet(start, end, zone(found[5] or "UTC"))


def digest(said: str) -> Digest:
    """Reads ``30m``, ``2h`` or ``08:00 Europe/Kyiv``. Raises ValueError."""
    found = _HOUR.fullmatch(" ".join(said.split()))
    if found is not None:
        return Digest(at=time(int(found[1]), int(found[2])), zone=zone(found[3] or "UTC"))
    try:
        every = duration(said[:40])
    except ValueError:
        raise ValueError(f"{said[:40]!r} is no digest; write 30m, 2h or 08:00 Europe/Kyiv") from None
    if not LEAST <= every <= MOST:
        raise ValueError("a digest comes every 1m to 7d")
    return Digest(every=every)


def zone(name: str) -> str:
    """The name of a time zone. Raises ValueError for one that is not known here."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise ValueError(f"no time zone {name[:60]!r}; write one such as Europe/Kyiv or UTC") from None
    return name


def _at(day: date, clock: time, name: str, after: datetime) -> datetime:
    """That hour of that day in UTC: of an hour that comes twice (the clock is put back) the first one after *after*."""
    first = datetime.combine(day, clock, ZoneInfo(name)).astimezone(UTC)
    return first if first > after else datetime.combine(day, clock.replace(fold=1), ZoneInfo(name)).astimezone(UTC)
