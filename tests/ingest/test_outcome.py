"""What a look means, as a table of cases: no store, no server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.settings import Schedule
from ingest.model import Fetched, FetchError, Validators
from ingest.outcome import Sight, needs_probe, outcome, seen
from store.watching import Outcome, Subject

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SCHEDULE = Schedule()
DELAY = timedelta(seconds=1)
URL = "http://desk.example/story"

ARTICLE = Subject(
    kind="article",
    id=7,
    url=URL,
    final_url=URL,
    etag=b'"1"',
    last_modified=None,
    unconditional_at=NOW - MINUTE,
    next_check_at=NOW,
    interval=120.0,
    failures=0,
    unchanged=0,
    asked_at=None,
    last_checked_at=NOW - 2 * MINUTE,
    last_status=200,
    last_reason="",
    snapshot_sha256="old",
    since=NOW - 60 * MINUTE,
    versions=1,
)
FEED = replace(ARTICLE, kind="feed", id=3, interval=300.0)


def came(sha256: str = "new", status: int = 200, **changes: Any) -> Fetched:
    """A whole answer."""
    fields: dict[str, Any] = {
        "status": status,
        "url": URL,
        "body": b"x",
        "sha256": sha256,
        "headers": {},
        "validators": Validators(b'"2"'),
        "content_type": "text/html",
        "redirects": (),
        "moved_to": None,
        "max_age": None,
        "elapsed": 0.1,
    }
    return Fetched(**fields | changes)


def look(subject: Subject, what: Fetched | FetchError, **changes: Any) -> Outcome:
    """What one look means now."""
    fields: dict[str, Any] = {
        "came": what,
        "at": NOW,
        "unconditional": False,
        "answered": NOW - DAY,
        "host_failures": 0,
        "delay": DELAY,
    }
    return outcome(subject, Sight(**fields | changes), SCHEDULE)


def test_new_bytes_are_kept_and_read() -> None:
    """New bytes become a snapshot; validators, hash and final URL are remembered."""
    told = look(ARTICLE, came(url="http://desk.example/moved"))
    assert (told.look, told.again, told.came is not None) == ("200-new", False, True)
    assert told.columns["snapshot_sha256"] == "new"
    assert told.columns["etag"] == b'"2"'
    assert told.columns["final_url"] == "http://desk.example/moved"
    assert told.host == {"failures": 0, "last_ok_at": NOW, "not_before": NOW + DELAY}


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        pytest.param(came("old"), "200-same", id="equal-bytes"),
        pytest.param(came("", 304), "304", id="not-modified"),
    ],
)
@pytest.mark.parametrize("pending", [False, True])
def test_equal_bytes_end_there(what: Fetched, expected: str, pending: bool) -> None:
    """Equal bytes make no snapshot and no work, unless a text waits to be seen once more."""
    told = look(replace(ARTICLE, pending=pending), what)
    assert (told.look, told.came, told.again) == (expected, None, pending)
    assert told.columns["next_check_at"] > NOW


def test_an_unconditional_look_is_remembered() -> None:
    """Only a look without validators counts as one."""
    assert look(ARTICLE, came(), unconditional=True).columns["unconditional_at"] == NOW
    assert "unconditional_at" not in look(ARTICLE, came()).columns


def test_an_old_article_settles_and_ends() -> None:
    """After settling the looks are rare, and in the end there are none."""
    tail = look(replace(ARTICLE, since=NOW - 3 * DAY), came("old")).columns
    assert (tail["watch"], tail["next_check_at"]) == ("tail", NOW + 4 * DAY)
    end = look(replace(ARTICLE, since=NOW - 366 * DAY), came("old")).columns
    assert (end["watch"], end["next_check_at"]) == ("ended", None)
    gone = look(replace(ARTICLE, since=NOW - 366 * DAY), FetchError("http-404", status=404)).columns
    assert (gone["watch"], gone["next_check_at"]) == ("ended", None)


def test_case_95_after_a_sleep_there_is_one_look() -> None:
    """Eight hours late, and the next look is one ordinary wait away, not a storm of those that were missed."""
    slept = replace(ARTICLE, next_check_at=NOW - timedelta(hours=8), unchanged=2)
    assert look(slept, came("old")).columns["next_check_at"] == NOW + 8 * MINUTE


@pytest.mark.parametrize(
    ("error", "failures", "wait", "host_failures", "pause"),
    [
        pytest.param(FetchError("http-500", status=500), 0, 2 * MINUTE, None, DELAY, id="error-of-the-page"),
        pytest.param(FetchError("http-500", status=500), 3, 16 * MINUTE, None, DELAY, id="fourth-in-a-row"),
        pytest.param(FetchError("http-429", status=429, retry_after=600.0), 0, 10 * MINUTE, 0, 10 * MINUTE, id="case_40-429"),
        pytest.param(FetchError("http-503", status=503, retry_after=600.0), 0, 10 * MINUTE, 0, 10 * MINUTE, id="case_40-503"),
        pytest.param(FetchError("http-403", status=403, retry_after=600.0), 0, 10 * MINUTE, None, DELAY, id="case_40-403"),
        pytest.param(FetchError("deadline"), 0, 2 * MINUTE, 1, timedelta(seconds=5), id="case_32-slow"),
        pytest.param(FetchError("connection-lost"), 0, 2 * MINUTE, 1, timedelta(seconds=5), id="case_32-reset"),
        pytest.param(FetchError("truncated", status=200), 0, 2 * MINUTE, 1, timedelta(seconds=5), id="case_27-truncated"),
        pytest.param(FetchError("too-large", status=200), 0, 2 * MINUTE, None, DELAY, id="too-large-is-the-page"),
        pytest.param(FetchError("unreachable", hop=2), 0, 2 * MINUTE, None, DELAY, id="another-host-is-down"),
        pytest.param(FetchError("blocked-address"), 0, 2 * MINUTE, None, DELAY, id="refused-by-us"),
    ],
)  # fmt: skip
def test_failures_wait(
    error: FetchError, failures: int, wait: timedelta, host_failures: int | None, pause: timedelta
) -> None:
    """Each failure waits longer; where the host is unwell all of it waits; nothing is ever read."""
    told = look(replace(ARTICLE, failures=failures), error)
    assert (told.look, told.reason, told.came, told.transition) == ("failed", error.reason, None, None)
    assert told.columns["failures"] == failures + 1
    assert told.columns["next_check_at"] == NOW + wait
    assert (told.host.get("failures"), told.host["not_before"]) == (host_failures, NOW + pause)


@pytest.mark.parametrize("reason", ["http-404", "http-410", "http-451", "front-page"])
class TestGone:
    """CASES 42: from the first 404 to "withdrawn" and back."""

    first = NOW - 30 * MINUTE

    def gone(self, reason: str, **changes: Any) -> Subject:
        """An article that was gone at its last look."""
        return replace(
            ARTICLE, gone_since=self.first, gone_reason=reason, failures=1, last_reason=reason, last_status=0, **changes
        )

    def error(self, reason: str) -> FetchError:
        """The refusal."""
        return FetchError(reason, status=int(reason[5:]) if reason.startswith("http") else 200)

    def test_case_42_at_first_nothing_is_told(self, reason: str) -> None:
        """The first look that finds it gone only asks for another one."""
        told = look(ARTICLE, self.error(reason))
        assert (told.transition, told.columns["gone_since"]) == (None, NOW)
        assert told.columns["next_check_at"] == NOW + SCHEDULE.confirm_gone
        assert "availability" not in told.columns

    def test_case_42_confirmed_while_others_answer(self, reason: str) -> None:
        """Gone again after the wait while the site answers: withdrawn, told once."""
        told = look(self.gone(reason), self.error(reason), answered=NOW - MINUTE)
        assert told.transition == {"article": 7, "to": "withdrawn", "reason": reason}
        assert (told.columns["availability"], told.came) == ("withdrawn", None)
        again = look(self.gone(reason, availability="withdrawn"), self.error(reason), answered=NOW - MINUTE)
        assert again.transition is None

    def test_case_42_not_while_the_site_is_silent(self, reason: str) -> None:
        """While nothing else of the site answers it may be the site, so it is only looked at again."""
        told = look(self.gone(reason), self.error(reason), answered=self.first - MINUTE)
        assert (told.transition, told.columns["next_check_at"]) == (None, NOW + SCHEDULE.confirm_gone)
        assert needs_probe(self.gone(reason), self.error(reason), self.first - MINUTE)
        assert not needs_probe(self.gone(reason), self.error(reason), NOW - MINUTE)
        assert not needs_probe(ARTICLE, self.error(reason), None)

    def test_case_42_too_soon_is_not_twice(self, reason: str) -> None:
        """Two looks close together are one finding."""
        soon = replace(self.gone(reason), gone_since=NOW - MINUTE)
        told = look(soon, self.error(reason), answered=NOW)
        assert (told.transition, told.columns["next_check_at"]) == (None, NOW + SCHEDULE.confirm_gone - MINUTE)

    def test_case_42_back_again(self, reason: str) -> None:
        """A withdrawn page that answers again is restored; one that was gone once is simply there."""
        told = look(self.gone(reason, availability="withdrawn"), came("old"))
        assert told.transition == {"article": 7, "to": "restored", "reason": reason}
        assert (told.columns["availability"], told.columns["gone_since"]) == ("ok", None)
        assert look(self.gone(reason), came("old")).transition is None

    def test_case_42_new_bytes_are_not_yet_a_return(self, reason: str) -> None:
        """They may be a wall: until a reader has seen a text in them the page stays withdrawn."""
        told = look(self.gone(reason, availability="withdrawn"), came("wall"))
        assert (told.look, told.transition, told.came is not None) == ("200-new", None, True)
        assert (told.columns.get("availability"), told.columns["gone_since"]) == (None, self.first)
        ahead = replace(self.gone(reason, availability="withdrawn"), gone_since=NOW + DAY)  # the clock was set back
        assert look(ahead, came("new")).columns["gone_since"] == NOW

    def test_case_42_bytes_that_nobody_has_read_stay_no_return(self, reason: str) -> None:
        """Equal to those that are still to be read: only the reader can say; now and then it is asked again."""
        unread = replace(self.gone(reason, availability="withdrawn"), last_reason="", last_status=200)
        told = look(unread, came("old"))
        assert (told.transition, told.again, "availability" in told.columns) == (None, False, False)
        assert look(unread, came("old"), unconditional=True).again
        gone = look(unread, self.error(reason)).columns
        assert (gone["snapshot_sha256"], gone["gone_since"]) == ("", NOW)

    def test_case_42_a_refused_wall_is_no_return(self, reason: str) -> None:
        """The same wall again is a look that failed."""
        walled = replace(self.gone(reason, availability="withdrawn"), last_reason="blocked", last_status=200)
        told = look(walled, came("old"))
        assert (told.look, told.transition, "availability" in told.columns) == ("failed", None, False)


def test_failures_between_do_not_end_a_confirmation() -> None:
    """A timeout says nothing about whether the page is there: what was found before stands."""
    gone = replace(ARTICLE, gone_since=NOW - 30 * MINUTE, gone_reason="http-404", failures=1)
    told = look(gone, FetchError("deadline"))
    assert "gone_since" not in told.columns


@pytest.mark.parametrize(
    ("url", "redirected", "front"),
    [
        pytest.param(URL, ("http://desk.example/",), True, id="case_42-front"),
        pytest.param(URL, ("http://desk.example/a", "http://desk.example/en/"), True, id="case_42-front-in-a-language"),
        pytest.param(URL, ("http://desk.example/other-story",), False, id="another-page"),
        pytest.param("http://desk.example/", ("http://desk.example/en/",), False, id="was-a-front-page"),
    ],
)
def test_a_redirect_to_the_front_page(url: str, redirected: tuple[str, ...], front: bool) -> None:
    """A story that leads to the front page is not there, and the front page's text is not its text."""
    told = seen(url, came(url=redirected[-1], redirects=redirected))
    assert isinstance(told, FetchError) == front
    assert not front or (isinstance(told, FetchError) and told.reason == "front-page")


@pytest.mark.parametrize(
    ("failures", "what", "expected"),
    [
        pytest.param(3, FetchError("deadline"), None, id="four-times"),
        pytest.param(4, FetchError("deadline"), {"feed": 3, "to": "failing", "reason": "deadline"}, id="five-times"),
        pytest.param(5, FetchError("deadline"), None, id="told-once"),
        pytest.param(4, came(), None, id="never-told"),
        pytest.param(5, came("old"), {"feed": 3, "to": "recovered", "reason": "deadline"}, id="recovered"),
    ],
)
def test_feeds_fail_and_recover(failures: int, what: Fetched | FetchError, expected: dict[str, object] | None) -> None:
    """Five failures in a row are told, and so is the end of it."""
    subject = replace(FEED, failures=failures, last_status=0, last_reason="deadline" if failures else "")
    assert look(subject, what).transition == expected


class TestRefusedByAReader:
    """Bytes that could be fetched and not be believed."""

    feed = replace(FEED, failures=4, last_status=200, last_reason="not-a-feed", snapshot_sha256="html")

    @pytest.mark.parametrize("what", [came("html"), came("", 304)])
    def test_equal_bytes_stay_refused(self, what: Fetched) -> None:
        """The same bytes need no second reading to be refused again, and count towards failing."""
        told = look(self.feed, what)
        assert (told.look, told.reason, told.came) == ("failed", "not-a-feed", None)
        assert (told.columns["failures"], told.columns["last_status"]) == (5, 200)
        assert told.transition == {"feed": 3, "to": "failing", "reason": "not-a-feed"}

    def test_now_and_then_they_are_read_again(self) -> None:
        """An unconditional look that brings the same bytes has them judged anew, without a second snapshot."""
        told = look(self.feed, came("html"), unconditional=True)
        assert (told.look, told.again, told.came) == ("failed", True, None)
        assert (told.columns["last_reason"], told.columns["unconditional_at"]) == ("", NOW)

    def test_new_bytes_are_read_before_anything_is_told(self) -> None:
        """New bytes may be a feed or another wall: until they are read the failures stand."""
        told = look(replace(self.feed, failures=6), came("other"))
        assert (told.look, told.transition) == ("200-new", None)
        assert (told.columns["failures"], told.columns["last_reason"]) == (6, "")

    def test_once_read_they_count(self) -> None:
        """A look after that finds no new refusal: the feed has recovered."""
        told = look(replace(self.feed, failures=6, last_reason=""), came("html"))
        assert told.columns["failures"] == 0
        assert told.transition is not None and told.transition["to"] == "recovered"

    def test_a_failure_between_has_the_same_bytes_read_again(self) -> None:
        """After another failure nobody remembers that these bytes were refused, so they are fetched and read anew."""
        told = look(self.feed, FetchError("http-503", status=503))
        assert (told.columns["snapshot_sha256"], told.columns["etag"]) == ("", None)
        unread = look(self.feed, FetchError("too-large", status=200))
        assert unread.columns["last_status"] == 0
