"""Bodies: valid JSON that JavaScript reads alike, under 20 kB, the loudest kept."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, strategies

from store.events import LIMIT, body_bytes, plain

ODD = [
    pytest.param(float("nan"), None, id="NaN"),
    pytest.param(float("inf"), None, id="Infinity"),
    pytest.param(float("-inf"), None, id="minus Infinity"),
    pytest.param(2**53 - 1, 2**53 - 1, id="largest exact whole number"),
    pytest.param(2**53, "9007199254740992", id="first inexact whole number"),
    pytest.param(-(10**30), "-1000000000000000000000000000000", id="huge negative"),
    pytest.param(10**5000, None, id="whole number too long to write"),
    pytest.param(True, True, id="a truth is no number"),
    pytest.param("a\ud800b", "a\ufffdb", id="half a surrogate pair"),
    pytest.param("\ud83d\ude00", "\U0001f600", id="a pair in two halves"),
    pytest.param("\0 \u2028 \u202e", "\0 \u2028 \u202e", id="control characters"),
    pytest.param((1, 2), [1, 2], id="tuple"),
    pytest.param({1: {"\udfff": 2}}, {"1": {"\ufffd": 2}}, id="keys"),
    pytest.param(datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=2))), "2026-03-02T07:00:00Z", id="time"),
]


@pytest.mark.parametrize(("value", "read"), ODD)
def test_case_78_odd_values_become_json_for_javascript(value: object, read: object) -> None:
    """What JSON or JavaScript lacks is written as something both have."""
    written = body_bytes({"data": {"value": value}})
    assert written.isascii()
    assert json.loads(written, parse_constant=pytest.fail) == {"data": {"value": read}}


JSONLIKE = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.floats()
    | strategies.text(strategies.characters(exclude_categories=())),
    lambda each: strategies.lists(each) | strategies.dictionaries(strategies.text(), each),
    max_leaves=20,
)


@given(JSONLIKE)
def test_case_78_plain_values_stay_as_they_are(value: Any) -> None:
    """Making a value plain twice is making it plain once, and it survives JSON exactly."""
    once = plain(value)
    assert plain(once) == once
    assert json.loads(json.dumps(once, allow_nan=False)) == once


def change(number: int, severity: str, text: str = "word " * 40) -> dict[str, object]:
    """A fact change as a webhook holds it."""
    return {"id": number, "severity": severity, "sentence_before": text, "sentence_after": text}


def event(changes: list[dict[str, object]], **more: object) -> dict[str, Any]:
    """An event with these changes."""
    return {"type": "article.facts_changed", "data": {"changes": changes, "truncated": False, **more}}


def test_a_short_event_is_whole() -> None:
    """What fits is not touched."""
    short = event([change(1, "high")])
    assert json.loads(body_bytes(short)) == short


def test_the_loudest_changes_are_kept_in_order() -> None:
    """Of too many changes the quietest go; what stays stands in the order it had, and the body says so."""
    severities = ["low", "critical", "info", "high"]
    written = body_bytes(event([change(number, severities[number % 4]) for number in range(200)]))
    data = json.loads(written)["data"]
    kept = [each["id"] for each in data["changes"]]
    assert data["truncated"] is True
    assert LIMIT - 600 < len(written) < LIMIT
    assert kept == sorted(kept)
    assert {severities[number % 4] for number in kept} == {"critical"}


def test_long_sentences_are_cut_before_changes_go() -> None:
    """Three changes with endless sentences stay three."""
    data = json.loads(body_bytes(event([change(number, "high", "x" * 9000) for number in range(3)])))["data"]
    assert len(data["changes"]) == 3
    assert data["truncated"] is True
    assert all(each["sentence_before"].endswith("x…") for each in data["changes"])


def test_sentences_outside_ascii_count_as_they_are_written() -> None:
    """A Cyrillic letter is six bytes of ASCII JSON; the limit holds for what is sent."""
    assert len(body_bytes(event([change(number, "high", "ж" * 700) for number in range(40)]))) < LIMIT


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"article": {"title": "x" * 100_000}}, id="endless title"),
        pytest.param({"version": {"blind": [{"from": "2026", "reason": "timeout"}] * 5000}}, id="endless list"),
        pytest.param({"article": {"tags": ["ы" * 3000] * 50}}, id="long list of long texts"),
        pytest.param({"disclosure": {str(n): ["ы" * 300] * 9 for n in range(9)}}, id="nested"),
    ],
)
def test_whatever_is_too_long_is_cut(more: dict[str, object]) -> None:
    """Something outside of the changes may be too long as well; the changes stay."""
    written = body_bytes(event([change(1, "high")], **more))
    assert len(written) < LIMIT
    assert [each["id"] for each in json.loads(written)["data"]["changes"]] == [1]


def test_what_cannot_be_cut_is_an_error() -> None:
    """Nothing over the limit is ever sent."""
    with pytest.raises(ValueError, match="cannot be cut"):
        body_bytes({"data": {str(number): number for number in range(5000)}})


def test_what_has_no_place_in_an_event_is_an_error() -> None:
    """An object is a mistake of ours, not something to guess about."""
    with pytest.raises(TypeError, match="no place"):
        body_bytes({"data": object()})


def test_times_are_told_in_utc() -> None:
    """Whole seconds, ending in Z."""
    assert plain(datetime(2026, 3, 2, 9, 0, 0, 999, tzinfo=UTC)) == "2026-03-02T09:00:00Z"
