"""What a look at a feed or an article means. Pure: the subject as it is and what came go in, an Outcome comes out.

A page's way to "withdrawn": gone once → looked at again after ``confirm_gone``, and gone again while its host answers
for other pages. It is back when it shows what it showed before; new bytes may be a wall, so a reader brings it back
(``workers.returning``). Bytes that a reader refused (a wall, no feed) stay refused while they stay the same; new bytes
are read, and until that is done the failures before them are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from config.settings import Schedule
from ingest.model import Fetched, FetchError
from ingest.schedule import FAILING_AFTER, TAIL, article_wait, failure_wait, feed_wait, host_wait
from ingest.urls import is_front
from store import looks
from store.snapshots import Bytes
from store.watching import Outcome, Subject

GONE = frozenset({"http-404", "http-410", "http-451", "front-page"})
"""Reasons that say that a page is no longer there, as against "we could not see it"."""

UNREACHED = frozenset(
    {"unknown-host", "unreachable", "connect-timeout", "read-timeout", "deadline", "connection-lost", "truncated",
     "bad-certificate", "tls-failed", "protocol-error", "headers-too-large"}
)  # fmt: skip
"""Reasons for which a whole host is left alone: it is not well, and its other pages would fare no better."""

UNWELL = frozenset({429, 503})
"""Statuses by which a host asks everybody to wait."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One look, made: what came, when it ended, and whether it was asked for unconditionally. *answered* is when the
    host last answered for any page, *host_failures* how often it could not be reached lately; *delay* is for how long
    it is left alone after an ordinary look; *crowded*: more is due there than can be looked at now."""

    came: Fetched | FetchError
    at: datetime
    unconditional: bool
    answered: datetime | None
    host_failures: int
    delay: timedelta
    jitter: float = 0.0
    crowded: bool = False


def seen(url: str, came: Fetched) -> Fetched | FetchError:
    """Turns a redirect to the site's front page into what it is: the article is not there."""
    if came.redirects and is_front(came.url) and not is_front(url):
        return FetchError("front-page", detail=came.url, status=came.status)
    return came


def outcome(subject: Subject, sight: Sight, schedule: Schedule) -> Outcome:
    """Decides everything that one look changes."""
    if isinstance(sight.came, FetchError):
        return _failed(subject, sight, sight.came, schedule)
    if _is_refused(subject) and _is_same(subject, sight.came):
        told = _failed(subject, sight, FetchError(subject.last_reason, status=200), schedule)
        # Now and then they are read again: the rules may have learnt, or a late reader spoke of older bytes.
        unread = {**told.columns, "last_reason": "", "unconditional_at": sight.at}
        return replace(told, columns=unread, again=True) if sight.unconditional else told
    return _worked(subject, sight, sight.came, schedule)


def needs_probe(subject: Subject, error: FetchError, answered: datetime | None) -> bool:
    """Whether a page is gone for the second time while nothing is known of its host since the first: then its front
    page is asked."""
    if subject.kind != "article" or error.reason not in GONE or subject.gone_since is None:
        return False
    return subject.availability != "withdrawn" and (answered is None or answered < subject.gone_since)


def _is_refused(subject: Subject) -> bool:
    return bool(subject.last_reason) and subject.last_status in (200, 304)


def _unread(status: int) -> int:
    """The status to remember of a look that failed: 200 and 304 are left to what a reader was given."""
    return 0 if status in (200, 304) else status


def _is_same(subject: Subject, came: Fetched) -> bool:
    return came.status == 304 or came.sha256 == subject.snapshot_sha256


def _worked(subject: Subject, sight: Sight, came: Fetched, schedule: Schedule) -> Outcome:
    same = _is_same(subject, came)
    to_be_read = not same and _is_refused(subject)
    columns: dict[str, Any] = {
        "final_url": came.url,
        "etag": came.validators.etag,
        "last_modified": came.validators.last_modified,
        "failures": subject.failures if to_be_read else 0,
        "unchanged": subject.unchanged + 1,
        "last_status": came.status,
        "last_reason": "",
    }
    if sight.unconditional:
        columns["unconditional_at"] = sight.at
    if not same:
        columns["snapshot_sha256"] = came.sha256
    columns |= _next(subject, sight, came, schedule)
    unseen = not same or _is_unseen(subject)  # new bytes, or those that nobody has read yet
    if subject.kind == "article":
        columns |= _back_again(subject, sight, unseen=unseen)
    return Outcome(
        look=looks.UNMODIFIED if came.status == 304 else looks.SAME if same else looks.NEW,
        columns=columns,
        host={"failures": 0, "last_ok_at": sight.at, "not_before": sight.at + sight.delay},
        came=None if same else Bytes(came.url, came.status, came.headers, came.sha256, came.body),
        again=same and (subject.pending or (sight.unconditional and _is_unseen(subject))),
        transition=None if to_be_read else _back(subject, unseen=unseen),
    )


def _is_unseen(subject: Subject) -> bool:
    """Whether a withdrawn page's address answered at the last look, and a reader has yet to say with what."""
    return subject.availability == "withdrawn" and not subject.last_reason


def _back_again(subject: Subject, sight: Sight, *, unseen: bool) -> dict[str, Any]:
    if subject.availability != "withdrawn":
        return {"gone_since": None, "gone_reason": ""}
    if unseen:  # a clock that was set back must not make these bytes older than the withdrawal
        return {"gone_since": min(subject.gone_since or sight.at, sight.at)}
    return {"gone_since": None, "gone_reason": "", "availability": "ok"}


def _back(subject: Subject, *, unseen: bool) -> Mapping[str, Any] | None:
    if subject.kind == "feed" and subject.failures >= FAILING_AFTER:
        return {"feed": subject.id, "to": "recovered", "reason": subject.last_reason}
    if subject.kind == "article" and subject.availability == "withdrawn" and not unseen:
        return {"article": subject.id, "to": "restored", "reason": subject.gone_reason}
    return None


def _next(subject: Subject, sight: Sight, came: Fetched, schedule: Schedule) -> dict[str, Any]:
    if subject.kind == "feed":
        brought_new = subject.unchanged == 0 and subject.last_checked_at is not None
        wait, interval = feed_wait(
            schedule, interval=subject.interval, brought_new=brought_new, max_age=came.max_age, jitter=sight.jitter
        )
        return {"interval": interval, "next_check_at": sight.at + wait}
    told = article_wait(
        schedule,
        unchanged=subject.unchanged,
        marker=subject.marker,
        age=sight.at - subject.since,
        max_age=came.max_age,
        jitter=sight.jitter,
        late=_lateness(subject, sight),
    )
    due = None if told.wait is None else sight.at + told.wait
    interval = 0.0 if told.wait is None else told.wait.total_seconds()
    return {"interval": interval, "next_check_at": due, "watch": told.watch}


def _failed(subject: Subject, sight: Sight, error: FetchError, schedule: Schedule) -> Outcome:
    failures = subject.failures + 1
    still_refused = _is_refused(subject) and error.reason == subject.last_reason
    least = schedule.feed_min if subject.kind == "feed" else schedule.article_min
    wait = failure_wait(
        schedule,
        least,
        failures=failures,
        retry_after=error.retry_after,
        jitter=sight.jitter,
        unreached=error.reason in UNREACHED,
    )
    columns: dict[str, Any] = {
        "failures": failures,
        "last_status": error.status if still_refused else _unread(error.status),
        "last_reason": error.reason,
        "next_check_at": sight.at + wait,
    }
    if (_is_refused(subject) and not still_refused) or _is_unseen(subject):
        # The next bytes are read again even if they are these: what a reader says of them is forgotten by now.
        columns |= {"snapshot_sha256": "", "etag": None, "last_modified": None}
    transition: Mapping[str, Any] | None = None
    if subject.kind == "feed" and failures == FAILING_AFTER:
        transition = {"feed": subject.id, "to": "failing", "reason": error.reason}
    if subject.kind == "article" and error.reason in GONE:
        gone, transition = _gone(subject, sight, error, schedule)
        columns |= gone
    if subject.kind == "article" and sight.at - subject.since >= TAIL[-1]:
        columns |= {"watch": "ended", "next_check_at": None}
    return Outcome(looks.FAILED, error.reason, columns, _host_after(sight, error), transition=transition)


def _gone(
    subject: Subject, sight: Sight, error: FetchError, schedule: Schedule
) -> tuple[dict[str, Any], Mapping[str, Any] | None]:
    """Gone: first noted, then confirmed, then only watched for its return."""
    if subject.availability == "withdrawn":
        return ({"gone_since": sight.at} if _is_unseen(subject) else {}), None
    confirm = sight.at + schedule.confirm_gone
    if subject.gone_since is None or subject.gone_since > sight.at:
        return {"gone_since": sight.at, "gone_reason": error.reason, "next_check_at": confirm}, None
    if sight.at < subject.gone_since + schedule.confirm_gone:
        return {"next_check_at": subject.gone_since + schedule.confirm_gone}, None
    if sight.answered is None or sight.answered < subject.gone_since:
        return {"next_check_at": confirm}, None
    told = {"article": subject.id, "to": "withdrawn", "reason": error.reason}
    return {"availability": "withdrawn", "gone_reason": error.reason}, told


def _host_after(sight: Sight, error: FetchError) -> dict[str, Any]:
    """A host that answers is well, whatever it says; one that cannot be reached is left alone ever longer."""
    if error.status in UNWELL and error.retry_after is not None:
        return {"failures": 0, "not_before": sight.at + max(sight.delay, timedelta(seconds=error.retry_after))}
    if error.reason not in UNREACHED or error.hop > 1:
        return {"not_before": sight.at + sight.delay}
    failures = sight.host_failures + 1
    return {"failures": failures, "not_before": sight.at + max(sight.delay, host_wait(failures, sight.jitter))}


def _lateness(subject: Subject, sight: Sight) -> timedelta:
    """After a sleep or a stop everything is late once; only where a host is crowded is anybody to give way."""
    if not sight.crowded or subject.next_check_at is None:
        return timedelta(0)
    return max(sight.at - subject.next_check_at, timedelta(0))
