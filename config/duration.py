"""Durations as an operator writes them: ``90s``, ``5m``, ``2h``, ``30d``."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

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
    return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))


Duration = Annotated[timedelta, BeforeValidator(duration)]
