"""The schedule as a table of cases."""

from datetime import UTC, datetime, timedelta

import pytest

from config.settings import Schedule
from ingest.model import Marker
from ingest.schedule import Next, article_wait, failure_wait, feed_wait, host_wait, is_unconditional

SCHEDULE = Schedule()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("unchanged", "marker", "age", "expected"),
    [
        pytest.param(0, "none", HOUR, Next(minutes(2)), id="just-changed"),
        pytest.param(1, "none", HOUR, Next(minutes(4)), id="doubles"),
        pytest.param(4, "none", HOUR, Next(minutes(32)), id="doubles-on"),
        pytest.param(99, "none", HOUR, Next(6 * HOUR), id="never-past-the-longest"),
        pytest.param(10**9, "none", HOUR, Next(6 * HOUR), id="no-overflow"),
        pytest.param(0, "developing", HOUR, Next(minutes(2)), id="developing"),
        pytest.param(2, "developing", HOUR, Next(minutes(4.5)), id="developing-grows-slower"),
        pytest.param(99, "developing", HOUR, Next(minutes(12)), id="developing-stays-short"),
        pytest.param(99, "live", HOUR, Next(minutes(4)), id="live-stays-shortest"),
        pytest.param(1, "removed", HOUR, Next(minutes(6)), id="settled-grows-faster"),
        pytest.param(9, "none", 2 * DAY, Next(5 * DAY, "tail"), id="tail-begins"),
        pytest.param(9, "developing", 3 * DAY, Next(6 * HOUR), id="developing-loses-its-pace"),
        pytest.param(0, "developing", 3 * DAY, Next(minutes(2)), id="developing-has-no-tail-yet"),
        pytest.param(9, "developing", 6 * DAY, Next(DAY, "tail"), id="forgotten-marker"),
        pytest.param(9, "none", 7 * DAY, Next(23 * DAY, "tail"), id="tail-30"),
        pytest.param(9, "none", 40 * DAY, Next(50 * DAY, "tail"), id="tail-90"),
        pytest.param(9, "none", 100 * DAY, Next(265 * DAY, "tail"), id="tail-365"),
        pytest.param(9, "none", 365 * DAY, Next(None, "ended"), id="ended"),
        pytest.param(3, "none", -DAY, Next(minutes(16)), id="case_94-clock-went-back"),
    ],
)
def test_article_wait(unchanged: int, marker: Marker, age: timedelta, expected: Next) -> None:
    """Each unchanged look waits longer, up to the longest; then the tail, then never."""
    assert article_wait(SCHEDULE, unchanged=unchanged, marker=marker, age=age) == expected


def test_a_late_tail_skips_what_is_past() -> None:
    """Where settling takes longer than a week, the tail begins after it."""
    slow = Schedule(settle_after=20 * DAY)
    assert article_wait(slow, unchanged=9, marker="none", age=19 * DAY).watch == "active"
    assert article_wait(slow, unchanged=9, marker="none", age=20 * DAY) == Next(10 * DAY, "tail")


@pytest.mark.parametrize(
    ("unchanged", "late", "expected"),
    [
        pytest.param(5, minutes(30), minutes(64), id="a-little-late"),
        pytest.param(0, HOUR, minutes(2), id="just-changed-keeps-its-pace"),
        pytest.param(1, minutes(4), minutes(6), id="one-unchanged-yields-a-little"),
        pytest.param(3, minutes(32), minutes(16 * 2.5), id="long-unchanged-yields-more"),
        pytest.param(3, 99 * HOUR, minutes(16 * 4), id="never-more-than-five-times"),
    ],
)
def test_a_busy_host(unchanged: int, late: timedelta, expected: timedelta) -> None:
    """Where looks come late, the articles that rarely change give way to those that do."""
    told = article_wait(SCHEDULE, unchanged=unchanged, marker="none", age=HOUR, late=late)
    assert told.wait == expected


@pytest.mark.parametrize(
    ("max_age", "expected"),
    [
        pytest.param(60.0, minutes(2), id="shorter-than-ours"),
        pytest.param(300.0, minutes(5), id="honoured"),
        pytest.param(86_400.0, minutes(10), id="clamped"),
    ],
)
def test_cache_control_of_an_article(max_age: float, expected: timedelta) -> None:
    """Cache-Control delays a look, within a clamp."""
    assert article_wait(SCHEDULE, unchanged=0, marker="none", age=HOUR, max_age=max_age).wait == expected


@pytest.mark.parametrize(
    ("interval", "brought_new", "max_age", "wait", "remembered"),
    [
        pytest.param(0, False, None, 300, 300, id="new-feed"),
        pytest.param(300, True, None, 150, 150, id="busy"),
        pytest.param(80, True, None, 60, 60, id="never-under-the-shortest"),
        pytest.param(300, False, None, 450, 450, id="quiet"),
        pytest.param(3000, False, None, 3600, 3600, id="never-past-the-longest"),
        pytest.param(300, True, 600, 600, 150, id="cache-control"),
        pytest.param(300, True, 86_400, 900, 150, id="cache-control-clamped"),
    ],
)
def test_feed_wait(interval: float, brought_new: bool, max_age: float | None, wait: float, remembered: float) -> None:
    """A feed that brings news is looked at sooner; what Cache-Control asks is not remembered as our own pace."""
    told = feed_wait(SCHEDULE, interval=interval, brought_new=brought_new, max_age=max_age)
    assert told == (timedelta(seconds=wait), remembered)


@pytest.mark.parametrize(
    ("failures", "retry_after", "expected"),
    [
        pytest.param(1, None, minutes(2), id="first"),
        pytest.param(4, None, minutes(16), id="doubles"),
        pytest.param(10**9, None, DAY, id="capped-for-ever"),
        pytest.param(1, 3600.0, HOUR, id="retry-after"),
        pytest.param(12, 1.0, DAY, id="retry-after-shortens-nothing"),
    ],
)
def test_failure_wait(failures: int, retry_after: float | None, expected: timedelta) -> None:
    """Failures wait ever longer, never for good, and never less than the server asked."""
    assert failure_wait(SCHEDULE, minutes(2), failures=failures, retry_after=retry_after) == expected


def test_what_cannot_be_reached_waits_less() -> None:
    """A night without a network costs two hours at most."""
    assert failure_wait(SCHEDULE, minutes(2), failures=99, unreached=True) == 2 * HOUR
    assert failure_wait(SCHEDULE, minutes(2), failures=2, unreached=True) == minutes(4)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [pytest.param(1, 5, id="first"), pytest.param(3, 20, id="third"), pytest.param(60, 900, id="capped")],
)
def test_host_wait(failures: int, seconds: int) -> None:
    """A host that cannot be reached pauses ever longer, up to a quarter of an hour."""
    assert host_wait(failures) == timedelta(seconds=seconds)


def test_jitter_moves_a_wait_by_a_tenth() -> None:
    """Jitter goes both ways and no further."""
    waits = [article_wait(SCHEDULE, unchanged=0, marker="none", age=HOUR, jitter=jitter).wait for jitter in (-1, 0, 1)]
    assert waits == [minutes(1.8), minutes(2), minutes(2.2)]


@pytest.mark.parametrize(
    ("ago", "interval", "expected"),
    [
        pytest.param(None, HOUR, True, id="never-yet"),
        pytest.param(HOUR, HOUR, False, id="lately"),
        pytest.param(12 * HOUR, HOUR, True, id="a-dozen-looks"),
        pytest.param(23 * HOUR, 6 * HOUR, False, id="not-a-day"),
        pytest.param(DAY, 6 * HOUR, True, id="a-day"),
        pytest.param(timedelta(seconds=11), timedelta(0), False, id="no-interval-yet"),
    ],
)
def test_unconditional_now_and_then(ago: timedelta | None, interval: timedelta, expected: bool) -> None:
    """Validators are left out about every dozen looks, and at least daily."""
    assert is_unconditional(None if ago is None else NOW - ago, interval, NOW) == expected
