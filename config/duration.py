"""Durations as an operator writes them: ``90s``, ``5m``, ``2h``, ``30d``."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_FORM = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def duration(written: object) -> timedelta:
    """Reads ``90s``, ``1h30m`` or a timedelta. Raises ValueError for anything else, a bare number included."""
    if isinstance(written, timedelta):
        return written
    spelt = str(written).strip()
    parts = _FORM.findall(spelt)
    if not parts or "".join(number + unit for number, unit in parts) != spelt:
        raise ValueError(f"{spelt!r} is not a duration; write 90s, 5m, 2h or 30d")
    try:
        return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))
    except OverflowError:
        raise ValueError(f"{spelt!r} is longer than any clock can count") from None


def written(length: timedelta) -> str:
    """The duration as ``duration`` reads it, in the largest unit that divides it."""
    milliseconds = round(length / timedelta(milliseconds=1))
    for unit in ("d", "h", "m", "s"):
        count, rest = divmod(milliseconds, round(_UNITS[unit] * 1000))
        if count and not rest:
            return f"{count}{unit}"
    return f"{milliseconds}ms" if milliseconds else "0s"


def _positive(length: timedelta) -> timedelta:
    if not length:
        raise ValueError("must be longer than 0s")
    return length


Duration = Annotated[timedelta, BeforeValidator(duration)]
PositiveDuration = Annotated[Duration, AfterValidator(_positive)]
