"""Days, months, years, times of day: what a text says about when."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from facts.lexicon import Lexicon
from facts.names import misspelt
from facts.passage import Claim, Passage

_YEAR = re.compile(r"1[5-9]\d\d|20\d\d|2100")
_ISO = re.compile(r"(?:1[5-9]|20)\d\d")
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)")


class When(NamedTuple):
    """A point or span in time; None is what the text does not say. *word* holds what is only named ("last week")."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    minute: int | None = None
    word: str = ""


class Found(NamedTuple):
    """A When in tokens *start* to *end*, and its form: day, month, year, weekday, clock, part, span."""

    start: int
    end: int
    when: When
    form: str


def today(published: datetime | None, zone: str) -> date | None:
    """The day of publication where the outlet is; None without a publication date."""
    if published is None:
        return None
    try:
        offset = datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo if zone[:1] in ("+", "-") else None
        return published.astimezone(offset or ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError, OverflowError, OSError):
        return published.date()


def dates(p: Passage, taken: set[int], lexicon: Lexicon, published: date | None) -> Iterator[Claim]:
    """Every date and time outside of the *taken* tokens, to which its own tokens are added."""
    at = 0
    while at < len(p.tokens):
        found = None if at in taken or at not in p.counting else _at(p, at, lexicon)
        if found is None:
            at += 1
            continue
        taken.update(range(found.start, found.end))
        yield _claim(found, published)
        at = found.end


def agree(one: When, other: When) -> bool:
    """Whether two dates can be one: whatever both say is equal, and they share something."""
    shared = False
    for mine, theirs in zip(one, other, strict=True):
        if mine in (None, "") or theirs in (None, ""):
            continue
        if mine != theirs:
            return False
        shared = True
    return shared


def _claim(found: Found, published: date | None) -> Claim:
    when = found.when
    if found.form == "weekday" and published is not None and when.weekday is not None:
        day = published - timedelta(days=(published.weekday() - when.weekday) % 7)
        when = when._replace(year=day.year, month=day.month, day=day.day)
    if found.form == "relative" and published is not None:
        day = published + timedelta(days=int(when.word))
        when = When(day.year, day.month, day.day, day.weekday())
    elif when.year and when.month and when.day and when.weekday is None:
        with suppress(ValueError):  # 31 February
            when = when._replace(weekday=date(when.year, when.month, when.day).weekday())
    value = {name: part for name, part in when._asdict().items() if part not in (None, "")}
    family = "clock" if found.form in ("clock", "part") else "date"
    return Claim("date", found.form, found.start, found.end, when, (family,), family, value)


def _at(p: Passage, at: int, lexicon: Lexicon) -> Found | None:
    token = p.tokens[at]
    if token.kind == "n":
        return _iso(p, at) or _day_first(p, at, lexicon) or _clock(p, at, lexicon) or _year(p, at, lexicon)
    month = p.mark("dates.months", at)
    if month is not None and _is_month(p, at, lexicon):
        return _month_first(p, at, int(str(month.value)), month.end)
    weekday = p.mark("dates.weekdays", at)
    if weekday is not None and (p.norms[at] not in lexicon.sets["ambiguous"] or (p.capital(at) and at not in p.firsts)):
        return _weekday(p, at, int(str(weekday.value)), weekday.end, lexicon)
    relative = p.mark("dates.relative", at)
    if relative is not None:
        return Found(at, relative.end, When(word=str(relative.value)), "relative")
    span = p.mark("dates.spans", at)
    if span is not None:
        return Found(at, span.end, When(word=" ".join(p.norms[at : span.end])), "span")
    part = p.mark("dates.parts", at)
    if part is not None and (not p.capital(at) or (at in p.firsts and not p.capital(at + 1))):
        return Found(at, part.end, When(word=" ".join(p.norms[at : part.end])), "part")
    return None


def _is_month(p: Passage, at: int, lexicon: Lexicon) -> bool:
    """ "May" is a month beside a figure or behind a preposition; "December" always is."""
    if p.norms[at] not in lexicon.sets["ambiguous"]:
        return True
    beside = at + 1 < len(p.tokens) and p.tokens[at + 1].kind == "n"
    return p.capital(at) and (beside or (at > 0 and p.norms[at - 1] in lexicon.sets["year_leads"]))


def _number(p: Passage, at: int, highest: int) -> int | None:
    if 0 <= at < len(p.tokens) and p.tokens[at].kind == "n" and p.tokens[at].text.isdigit():
        value = int(p.tokens[at].text[:6])
        return value if 1 <= value <= highest else None
    return None


def _skip(p: Passage, at: int, *norms: str) -> int:
    return at + 1 if p.has(at, *norms) else at


def _year_at(p: Passage, at: int) -> tuple[int | None, int]:
    """A year that ends a date, behind a comma or "de" where one stands."""
    place = _skip(p, at, ",", "de", "del")
    if place < len(p.tokens) and _YEAR.fullmatch(p.tokens[place].text):
        return int(p.tokens[place].text), place + 1
    return None, at


def _month_first(p: Passage, at: int, month: int, end: int) -> Found:
    end = _skip(p, end, ".") if len(p.norms[at]) <= 4 and p.adjoins(end) and _number(p, end + 1, 31) else end
    day = _number(p, end, 31)
    if day is None and end < len(p.tokens) and "," in p.tokens[end].text:  # "May 3,1981"
        head, _, tail = p.tokens[end].text.partition(",")
        if head.isdigit() and _YEAR.fullmatch(tail):
            return Found(at, end + 1, When(int(tail), month, int(head)), "day")
    if day is None or (_is_percent(p, end + 1)):
        year, end = _year_at(p, end)
        return Found(at, end, When(year, month), "month")
    end = _skip(p, end + 1, "st", "nd", "rd", "th")
    year, end = _year_at(p, end)
    return Found(at, end, When(year, month, day), "day")


def _is_percent(p: Passage, at: int) -> bool:
    return at < len(p.tokens) and p.tokens[at].kind == "s"


def _day_first(p: Passage, at: int, lexicon: Lexicon) -> Found | None:
    day = _number(p, at, 31)
    if day is None:
        return None
    end = _skip(p, at + 1, "st", "nd", "rd", "th", "er", ".")
    end = _skip(p, end, "of", "de")
    month = p.mark("dates.months", end)
    number = int(str(month.value)) if month is not None else _misspelt_month(p, end, lexicon)
    if number is None or (p.norms[end] in lexicon.sets["ambiguous"] and not p.capital(end)):
        return None
    year, end = _year_at(p, end + 1)
    return Found(at, end, When(year, number, day), "day")


def _misspelt_month(p: Passage, at: int, lexicon: Lexicon) -> int | None:
    """A month with a letter wrong: a capitalised word behind a day of the month."""
    if not p.capital(at) or len(p.norms[at]) < 5:
        return None
    return next((value for name, value in lexicon.months.items() if misspelt(name, p.norms[at])), None)


def _iso(p: Passage, at: int) -> Found | None:
    if p.has(at + 1, "-", "/", ".") and p.has(at + 3, p.norms[at + 1]) and _ISO.fullmatch(p.tokens[at].text):
        month, day = _number(p, at + 2, 12), _number(p, at + 4, 31)
        if month and day:
            return Found(at, at + 5, When(int(p.tokens[at].text), month, day), "day")
    dotted = re.fullmatch(r"(\d\d?)[./](\d\d?)[./](\d{4})", "".join(t.text for t in p.tokens[at : at + 5]))
    if dotted is None:
        dotted = re.fullmatch(r"(\d\d?)\.(\d\d?)\.(\d{4})", p.tokens[at].text)
        if dotted is None:
            return None
        return Found(at, at + 1, When(int(dotted[3]), int(dotted[2]), int(dotted[1])), "day")
    day, month = int(dotted[1]), int(dotted[2])
    day, month = (month, day) if month > 12 else (day, month)
    return Found(at, at + 5, When(int(dotted[3]), month, day), "day")


def _clock(p: Passage, at: int, lexicon: Lexicon) -> Found | None:
    clock = _CLOCK.fullmatch(p.tokens[at].text)
    mark = p.mark("dates.clock", at + 1)
    if clock is None and re.fullmatch(r"0\d[0-5]\d", p.tokens[at].text):  # "0900"
        minute = int(p.tokens[at].text[:2]) * 60 + int(p.tokens[at].text[2:])
        return Found(at, _zone(p, at + 1), When(minute=minute), "clock")
    if clock is None:
        hour = _number(p, at, 12)
        if mark is None or hour is None:
            return None
        minute = (hour % 12 + 12 * (p.norms[at + 1] in lexicon.sets["evening"])) * 60
        return Found(at, _zone(p, mark.end), When(minute=minute), "clock")
    if ":" not in p.tokens[at].text and mark is None:
        return None
    hour = int(clock[1])
    if mark is not None and (p.norms[at + 1] in lexicon.sets["morning"] | lexicon.sets["evening"]):
        hour = hour % 12 + 12 * (p.norms[at + 1] in lexicon.sets["evening"])
    return Found(at, _zone(p, mark.end if mark else at + 1), When(minute=hour * 60 + int(clock[2])), "clock")


def _zone(p: Passage, end: int) -> int:
    mark = p.mark("dates.zones", end)
    return mark.end if mark is not None else end


def _year(p: Passage, at: int, lexicon: Lexicon) -> Found | None:
    if not _YEAR.fullmatch(p.tokens[at].text):
        return None
    end = at + 1
    if p.has(end, "-", "/") and end + 1 < len(p.tokens) and re.fullmatch(r"\d\d|[12]\d{3}", p.tokens[end + 1].text):
        return Found(at, end + 2, When(word=f"{p.tokens[at].text}-{p.tokens[end + 1].text[-2:]}"), "span")
    if p.has(end, "s") and p.adjoins(end):
        return Found(at, end + 1, When(word=p.tokens[at].text + "s"), "span")
    behind = p.norms[end] if end < len(p.tokens) else "."
    counted = p.mark("people.nouns", end) or p.mark("unit", end) or p.mark("numbers.scales", end)
    led = at > 0 and p.norms[at - 1] in lexicon.sets["year_leads"]
    alone = not behind[:1].isalpha() or behind in lexicon.stop or (at > 0 and p.norms[at - 1] in ("the", "a", "("))
    if counted or not (led or alone) or (at and p.tokens[at - 1].kind == "s"):
        return None
    return Found(at, end, When(int(p.tokens[at].text)), "year")


def _weekday(p: Passage, at: int, weekday: int, end: int, lexicon: Lexicon) -> Found:
    end = (
        _skip(p, end, ",") if p.has(end, ",") and (p.mark("dates.months", end + 1) or _number(p, end + 1, 31)) else end
    )
    follows = p.tokens[end].kind == "n" if end < len(p.tokens) else False
    month = p.mark("dates.months", end)
    found = None
    if month is not None and _is_month(p, end, lexicon):
        found = _month_first(p, end, int(str(month.value)), month.end)
    elif follows:
        found = _day_first(p, end, lexicon)
    if found is not None and found.when.day:
        return Found(at, found.end, found.when._replace(weekday=weekday), "day")
    return Found(at, at + 1, When(weekday=weekday), "weekday")
