"""How far our clock is off, by what the sites say."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ingest.skew import Answered, clock_skew, is_off

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def answers(*off: float, age: int = 0) -> list[Answered]:
    """One answer of one site each, by whose clock ours is so many seconds ahead."""
    dates = [format_datetime(NOON - timedelta(seconds=each + age), usegmt=True) for each in off]
    return [Answered(f"s{n}.example", NOON, {"date": date, "age": str(age)}) for n, date in enumerate(dates)]


@pytest.mark.parametrize(
    ("told", "skew", "off"),
    [
        pytest.param(answers(0, 1, -1), 0, False, id="right"),
        pytest.param(answers(299, 300, 300), 300, False, id="tolerated"),
        pytest.param(answers(301, 305, 400), 305, True, id="ahead"),
        pytest.param(answers(-7200, -7201, -7199), -7200, True, id="behind"),
        pytest.param(answers(0, 1, 86_400), 1, False, id="one site is wrong"),
        pytest.param(answers(0, 1, 2, age=4000), 1, False, id="copies from a cache"),
        pytest.param(answers(900, 900), None, False, id="too few sites"),
        pytest.param([*answers(900, 900), Answered("x.example", NOON, {"date": "soon"})], None, False, id="no date"),
        pytest.param(
            [Answered("a.example", NOON, each.headers) for each in answers(9, 9, 9)], None, False, id="one site"
        ),
    ],
)
def test_case_81_the_clock_is_off(told: list[Answered], skew: float | None, off: bool) -> None:
    """The median of three sites or more, each counted once; five minutes are tolerated, as receivers do."""
    assert skew == clock_skew(told)
    assert off == is_off(clock_skew(told))
