"""By how much a number must move to be told. Pure."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_FORM = re.compile(r"(\d{1,15}(?:\.\d{1,6})?) ?(%?)")


@dataclass(frozen=True, slots=True)
class Threshold:
    """By at least *amount*, in per cent of the value before where *percent* says so, else in the number's own unit."""

    amount: float
    percent: bool

    @property
    def spelt(self) -> str:
        """As ``threshold`` reads it."""
        return f"{self.amount:.15g}{'%' if self.percent else ''}"


def threshold(written: str) -> Threshold:
    """Reads ``10%`` or ``5``. Raises ValueError for anything else."""
    found = _FORM.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"{written[:40]!r} is no threshold; write 10% or 5")
    return Threshold(float(found[1]), found[2] == "%")


def moved(change: Mapping[str, Any], rises: Threshold | None, falls: Threshold | None) -> bool:
    """Whether a number or toll of the change went up by at least *rises*, or down by at least *falls*. "Up to 100" and
    "at least 50" are no measure of each other."""
    before, after = figure(change.get("value_before")), figure(change.get("value_after"))
    if change.get("type") not in ("number", "casualty") or before is None or after is None or _unlike(change):
        return False
    step = after - before
    by = rises if step > 0 else falls
    if by is None or step == 0:
        return False
    if not by.percent:
        return round(abs(step) - by.amount, 9) >= 0
    return before == 0 or round(abs(step) / abs(before) * 100 - by.amount, 9) >= 0


def figure(value: Any) -> float | None:
    """One number for a quantity ``{lo, hi}``: its middle, or the bound that it has; None where it is none."""
    if not isinstance(value, Mapping):
        return None
    bounds = [number for number in (_number(value.get("lo")), _number(value.get("hi"))) if number is not None]
    return sum(bounds) / len(bounds) if bounds else None


def _number(written: Any) -> float | None:
    try:
        number = float(written)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _unlike(change: Mapping[str, Any]) -> bool:
    before, after = change["value_before"], change["value_after"]
    bounds = [{bound for bound in ("lo", "hi") if _number(side.get(bound)) is not None} for side in (before, after)]
    return bool(before.get("unit") != after.get("unit")) or not bounds[0] & bounds[1]
