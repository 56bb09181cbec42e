"""One look is one transaction: everything it changes, or nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from store import articles, feeds, hosts, looks, snapshots, watching
from store.engine import reading, writing
from store.hosts import Hold
from store.snapshots import Bytes
from store.tables import article, feed, outbox
from store.watching import Outcome, Subject

MINUTE = timedelta(minutes=1)
LASTING = timedelta(seconds=45)
CAME = Bytes("http://desk.example/a", 200, {}, "abc", b"body")


@pytest.fixture
def watched(engine: sa.Engine, now: datetime) -> int:
    """An article and a feed on one host, both due; the article's id."""
    with writing(engine) as connection:
        host = "desk.example:80"
        feeds.add(connection, url="http://desk.example/feed", host_name=host, site="desk.example", now=now)
        return articles.add(
            connection,
            url="http://desk.example/a",
            host_name=host,
            site="desk.example",
            title="",
            keys={"k": "url"},
            now=now,
        )


def leased(engine: sa.Engine, now: datetime, owner: str = "one") -> tuple[Hold, list[Subject]]:
    """The host under lease, and what is due on it."""
    with writing(engine) as connection:
        (hold,) = hosts.lease_due(connection, owner, now, limit=1, lasting=LASTING)
        return hold, watching.due(connection, hold.id, now, 20)


def deciding(now: datetime, **changes: Any) -> Callable[[Subject], Outcome]:
    """A decision that new bytes came."""
    columns = {"next_check_at": now + 5 * MINUTE, "snapshot_sha256": "abc", "failures": 0}
    told = Outcome("200-new", columns=columns, host={"last_ok_at": now}, came=CAME)
    return lambda _: replace(told, **changes)


def record(engine: sa.Engine, hold: Hold, subject: Subject, now: datetime, **changes: Any) -> list[int] | None:
    """Writes one look down."""
    with writing(engine) as connection:
        return watching.record(connection, hold, subject, now, now, deciding(now, **changes))


def one(engine: sa.Engine, *columns: sa.Column[Any]) -> Any:
    """The only row of a table."""
    with reading(engine) as connection:
        return connection.execute(sa.select(*columns)).one()


def test_due_things_come_oldest_first(engine: sa.Engine, now: datetime, watched: int) -> None:
    """Feeds and articles of a host are due together, and whatever waits longest is first."""
    with writing(engine) as connection:
        articles.note(connection, watched, next_check_at=now - MINUTE, last_changed_at=now - 9 * MINUTE)
    _, (first, second) = leased(engine, now)
    assert (first.kind, first.id, first.pending, first.since) == ("article", watched, False, now - 9 * MINUTE)
    assert (second.kind, second.pending, second.since) == ("feed", False, now)


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"asked_at": "now"}, id="asked-for"),
        pytest.param({"pending": {"looks": 1}}, id="to-be-confirmed"),
        pytest.param({"gone_since": "now"}, id="gone-once"),
    ],
)
def test_what_is_urgent_comes_first(engine: sa.Engine, now: datetime, watched: int, columns: dict[str, Any]) -> None:
    """On a crowded host what somebody waits for does not stand in the queue."""
    with writing(engine) as connection:
        given = {name: now if value == "now" else value for name, value in columns.items()}
        articles.note(connection, watched, **given)
        connection.execute(feed.update().values(next_check_at=now - 9 * MINUTE))
    assert [subject.kind for subject in leased(engine, now)[1]] == ["article", "feed"]


@pytest.mark.parametrize("kind", ["feed", "article"])
def test_a_look_is_written_whole(engine: sa.Engine, now: datetime, watched: int, kind: str) -> None:
    """Snapshot, look, work owed, the subject's columns and its host's go together."""
    hold, due = leased(engine, now)
    subject = next(each for each in due if each.kind == kind)
    owed = record(engine, hold, subject, now)
    row = one(engine, outbox.c.id, outbox.c.kind, outbox.c.subject, outbox.c.snapshot_id)
    assert (owed, row.kind, row.subject) == ([row.id], "page" if kind == "article" else "feed", f"{kind}:{subject.id}")
    with reading(engine) as connection:
        kept = snapshots.load(connection, row.snapshot_id)
        runs = looks.runs(connection, subject.kind, subject.id, now, now)
        after = watching.subject_of(connection, subject.kind, subject.id)
    assert kept is not None and kept.body == b"body"
    assert [run.outcome for run in runs] == ["200-new"]
    assert after is not None
    assert (after.next_check_at, after.last_checked_at, after.snapshot_sha256) == (now + 5 * MINUTE, now, "abc")


def test_case_89_who_lost_the_host_writes_nothing(engine: sa.Engine, now: datetime, watched: int) -> None:
    """A poller whose lease ran out while it fetched leaves no look, no snapshot and no work."""
    hold, due = leased(engine, now)
    leased(engine, now + LASTING, "two")
    subject = next(each for each in due if each.kind == "article")
    with pytest.raises(watching.Stale), writing(engine) as connection:
        watching.record(connection, hold, subject, now, now + LASTING, deciding(now))
    with reading(engine) as connection:
        assert watching.subject_of(connection, "article", watched) == subject
        assert connection.execute(sa.select(outbox.c.id)).all() == []
        assert looks.runs(connection, "article", watched, now, now + MINUTE) == []


def test_the_decision_sees_the_subject_as_it_is_now(engine: sa.Engine, now: datetime, watched: int) -> None:
    """What a reader wrote during the fetch is not overlooked."""
    hold, due = leased(engine, now)
    subject = next(each for each in due if each.kind == "article")
    with writing(engine) as connection:
        articles.note(connection, watched, unchanged=0, marker="developing", pending={"looks": 1})
    seen: list[Subject] = []

    def decide(current: Subject) -> Outcome:
        seen.append(current)
        return deciding(now)(current)

    with writing(engine) as connection:
        watching.record(connection, hold, subject, now, now, decide)
    assert [(current.marker, current.pending) for current in seen] == [("developing", True)]


def test_the_newest_snapshot_is_read_again(engine: sa.Engine, now: datetime, watched: int) -> None:
    """Equal bytes that confirm a text owe a reading of the snapshot that is there."""
    hold, due = leased(engine, now)
    subject = next(each for each in due if each.kind == "article")
    record(engine, hold, subject, now)
    record(engine, hold, subject, now, came=None, again=True, look="200-same")
    with reading(engine) as connection:
        owed = connection.execute(sa.select(outbox.c.snapshot_id).order_by(outbox.c.id)).scalars().all()
    assert len(owed) == 2
    assert owed[0] == owed[1]


def test_a_transition_is_owed_with_the_look(engine: sa.Engine, now: datetime, watched: int) -> None:
    """What is to be told stands in the outbox from the same transaction on."""
    hold, due = leased(engine, now)
    subject = next(each for each in due if each.kind == "article")
    told = {"article": watched, "to": "withdrawn", "reason": "http-404"}
    owed = record(engine, hold, subject, now, came=None, look="failed", reason="http-404", transition=told)
    row = one(engine, outbox.c.id, outbox.c.kind, outbox.c.payload, outbox.c.snapshot_id)
    assert (owed, row.kind, row.payload, row.snapshot_id) == ([row.id], "transition", told, None)


def test_who_asks_during_a_look_gets_another(engine: sa.Engine, now: datetime, watched: int) -> None:
    """A look that began before somebody asked does not answer them."""
    hold, due = leased(engine, now)
    subject = next(each for each in due if each.kind == "article")
    with writing(engine) as connection:
        articles.note(connection, watched, asked_at=now + MINUTE)
    with writing(engine) as connection:
        watching.record(connection, hold, subject, now, now + 2 * MINUTE, deciding(now))
    row = one(engine, article.c.next_check_at, article.c.last_checked_at)
    assert (row.next_check_at, row.last_checked_at) == (now + 2 * MINUTE, now)


def test_what_was_deleted_meanwhile_is_no_fault(engine: sa.Engine, now: datetime, watched: int) -> None:
    """A feed that was removed during its fetch owes nothing."""
    hold, due = leased(engine, now)
    subject = next(each for each in due if each.kind == "feed")
    with writing(engine) as connection:
        connection.execute(feed.delete())
    assert record(engine, hold, subject, now) == []
