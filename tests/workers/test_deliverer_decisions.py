"""What follows an attempt, as a table."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from config.settings import Deliver
from store.deliveries import Attempt, Decision, Outgoing
from workers.deliverer import FAILING_MOST, decide, next_attempt

SCHEDULE = Deliver().schedule
SENT = Outgoing(1, "a1", "article.facts_changed", 1, b"{}", 0, "http://a.example/", ("whsec_",), None, 9)


def after(
    now: datetime, status: int, *, attempts: int = 1, jitter: float = 0, retry_after: float | None = None
) -> Decision:
    """The decision with the default schedule."""
    return next_attempt(attempts, SCHEDULE, jitter, status=status, retry_after=retry_after, now=now)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_only_2xx_delivers(status: int, now: datetime) -> None:
    """A success ends it."""
    assert after(now, status) == Decision("delivered")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304, 500, 502, 503, 504, 599, 408, 425, 429, 0, 999, 100])
def test_case_71_the_endpoints_failures_keep_it_quiet(status: int, now: datetime) -> None:
    """Redirects, 5xx, no answer at all and "come later" are failures of the endpoint: everything waits."""
    wait = now + timedelta(seconds=5)
    assert after(now, status) == Decision("owed", next_at=wait, quiet_until=wait)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_refusal_holds_up_nobody_else(status: int, now: datetime) -> None:
    """A receiver that refuses one body is alive: that delivery waits, those behind it do not."""
    assert after(now, status) == Decision("owed", next_at=now + timedelta(seconds=5))


def test_case_71_gone_disables_at_once(now: datetime) -> None:
    """410 ends the sending, and nothing is thrown away."""
    assert after(now, 410) == Decision("owed", next_at=now, disable="gone: it answered 410")


@pytest.mark.parametrize(
    ("status", "asked", "seconds"),
    [
        pytest.param(429, 60.0, 60, id="429"),
        pytest.param(503, 60.0, 60, id="503"),
        pytest.param(503, 1.0, 5, id="never sooner than planned"),
        pytest.param(503, 10 * 365 * 86400.0, 86400, id="ten years is a day"),
        pytest.param(503, -5.0, 5, id="negative"),
        pytest.param(500, 60.0, 5, id="500 may not ask"),
        pytest.param(302, 60.0, 5, id="302 may not ask"),
        pytest.param(429, None, 5, id="did not ask"),
    ],
)
def test_case_71_retry_after_is_honoured_and_clamped(
    status: int, asked: float | None, seconds: float, now: datetime
) -> None:
    """429 and 503 may ask for time, between a second and a day; the whole endpoint is left alone for it."""
    until = now + timedelta(seconds=seconds)
    assert after(now, status, retry_after=asked) == Decision("owed", next_at=until, quiet_until=until)


def test_ten_attempts_over_about_75_hours(now: datetime) -> None:
    """The schedule: each attempt's wait, and after the tenth none."""
    waits = [after(now, 500, attempts=each) for each in range(1, 11)]
    assert [each.state for each in waits] == ["owed"] * 9 + ["failed"]
    whole = sum((each.next_at - now for each in waits if each.next_at), timedelta())
    assert timedelta(hours=74) < whole < timedelta(hours=78)
    assert waits[-1].next_at is None


@pytest.mark.parametrize(("jitter", "seconds"), [(-1, 240), (0, 300), (1, 360)])
def test_waits_differ_by_a_fifth(jitter: float, seconds: float, now: datetime) -> None:
    """Jitter is at most 20 % either way."""
    assert after(now, 500, attempts=2, jitter=jitter).next_at == now + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("attempts", "minutes"),
    [
        pytest.param(2, 5, id="as long as the delivery waits"),
        pytest.param(5, 6, id="never longer than six minutes"),
        pytest.param(10, 6, id="after the last attempt too"),
    ],
)
def test_the_endpoint_is_quiet_for_six_minutes_at_most(attempts: int, minutes: float, now: datetime) -> None:
    """However long one delivery waits, the others find out soon that the endpoint is back."""
    assert after(now, 500, attempts=attempts).quiet_until == now + timedelta(minutes=minutes)


def came(now: datetime, status: int) -> Attempt:
    """An attempt that was answered so."""
    return Attempt(now, status, f"http-{status}", 0.1, "")


def test_case_75_five_days_without_a_success_disable(now: datetime) -> None:
    """After five days the endpoint is disabled with a reason that says since when, and the delivery stays owed."""
    failing = replace(SENT, failing_since=now - FAILING_MOST)
    decision = decide(failing, came(now, 503), None, SCHEDULE, 0)
    assert decision.state == "owed"
    assert decision.disable == "failing: no success since 2026-02-25T09:00:00Z, the last was http-503"
    almost = replace(SENT, failing_since=now - FAILING_MOST + timedelta(seconds=1))
    assert decide(almost, came(now, 503), None, SCHEDULE, 0).disable == ""
    assert decide(failing, came(now, 200), None, SCHEDULE, 0) == Decision("delivered")


def test_case_95_five_days_asleep_disable_nobody(now: datetime) -> None:
    """Who failed once before a long sleep, a jump of the clock or a quiet week is not given up at its next failure."""
    asleep = replace(SENT, failing_since=now - 2 * FAILING_MOST, failures=8)
    assert decide(asleep, came(now, 0), None, SCHEDULE, 0).disable == ""


def test_a_test_is_tried_once_and_holds_up_nobody(now: datetime) -> None:
    """A test shows what is: no retry follows and nothing waits for it."""
    test = replace(SENT, type="endpoint.test")
    assert decide(test, came(now, 500), None, SCHEDULE, 0) == Decision("failed")
    assert decide(test, came(now, 410), None, SCHEDULE, 0) == Decision("failed", disable="gone: it answered 410")
    assert decide(test, came(now, 204), None, SCHEDULE, 0) == Decision("delivered")
