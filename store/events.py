"""An event as it is sent: JSON that every receiver reads alike, under 20 kB."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from facts.model import SEVERITIES

LIMIT = 20_000
"""Bytes that a body stays under (Standard Webhooks recommends it)."""
SENTENCE = 600
"""Characters that a change's texts keep when a body is too long."""
SAFE_INTEGER = 2**53 - 1
"""The largest whole number that JavaScript reads exactly."""
_WRITABLE_BITS = 12_000
"""Python refuses to write longer whole numbers in decimal (its limit is 4,300 digits)."""

Body = dict[str, Any]


def body_bytes(event: Mapping[str, Any]) -> bytes:
    """The JSON of an event, ASCII only, under 20 kB.

    A number that JSON lacks becomes null, a whole number beyond 2**53 a string, half a surrogate pair U+FFFD. What is
    too long is cut in steps until it fits, and ``data.truncated`` is true then: long sentences, the quietest changes,
    other long lists, other long texts. Raises ValueError where even that is not enough.
    """
    whole = plain(event)
    for candidate in _ever_shorter(whole):
        written = _written(candidate)
        if len(written) < LIMIT:
            return written
    raise ValueError("an event that cannot be cut to fit")


def plain(value: Any) -> Any:
    """The value as JSON has it: mappings with text keys, lists, text, finite numbers; times in UTC, ending in Z."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _whole_text(value)
    if isinstance(value, int):
        return _readable(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Mapping):
        return {_whole_text(str(key)): plain(each) for key, each in value.items()}
    if isinstance(value, Iterable):
        return [plain(each) for each in value]
    raise TypeError(f"{type(value).__name__} has no place in an event")


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC, whole seconds, ending in Z."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _written(value: Any) -> bytes:
    return json.dumps(value, allow_nan=False, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _whole_text(text: str) -> str:
    """Joins surrogate pairs and replaces halves: JSON may hold a half, most receivers may not."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _readable(number: int) -> int | str | None:
    if abs(number) <= SAFE_INTEGER:
        return number
    return str(number) if number.bit_length() <= _WRITABLE_BITS else None


def _ever_shorter(event: Body) -> Iterator[Body]:
    """The event, then ever shorter forms of it. Steps are taken one upon the other."""
    yield event
    if not isinstance(event.get("data"), dict):
        return
    data: Body = {**event["data"], "truncated": True}
    if isinstance(data.get("changes"), list):
        data["changes"] = _shortened(data["changes"], SENTENCE)
        yield {**event, "data": data}
        data["changes"] = _as_many_as_fit({**event, "data": data})
        yield {**event, "data": data}
    for items, characters in ((20, 2048), (20, 200), (5, 60)):
        trimmed = {key: value if key == "changes" else _trimmed(value, items) for key, value in data.items()}
        data = _shortened(trimmed, characters)
        yield {**event, "data": data}


def _as_many_as_fit(event: Body) -> list[Body]:
    """As many of the loudest changes as fit, at least one, in the order they had."""
    changes: list[Body] = event["data"]["changes"]
    loudest = sorted(range(len(changes)), key=lambda index: -_loudness(changes[index]))

    def loud(number: int) -> list[Body]:
        return [changes[index] for index in sorted(loudest[:number])]

    least, most = min(1, len(changes)), len(changes)
    while least < most:
        tried = (least + most + 1) // 2
        shorter = {**event, "data": {**event["data"], "changes": loud(tried)}}
        least, most = (tried, most) if len(_written(shorter)) < LIMIT else (least, tried - 1)
    return loud(least)


def _loudness(change: Any) -> int:
    severity = change.get("severity") if isinstance(change, dict) else None
    return SEVERITIES.index(severity) if severity in SEVERITIES else -1


def _shortened(value: Any, most: int) -> Any:
    """The value with every text in it at most so many characters long."""
    if isinstance(value, str):
        return value if len(value) <= most else value[: most - 1] + "…"
    if isinstance(value, dict):
        return {key: _shortened(each, most) for key, each in value.items()}
    return [_shortened(each, most) for each in value] if isinstance(value, list) else value


def _trimmed(value: Any, items: int) -> Any:
    if isinstance(value, dict):
        return {key: _trimmed(each, items) for key, each in value.items()}
    return [_trimmed(each, items) for each in value[:items]] if isinstance(value, list) else value
