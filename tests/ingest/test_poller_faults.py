"""What goes wrong while polling, and what the poller makes of it."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from config.clock import now as clock
from config.settings import Settings
from ingest import poller
from store import hosts, looks, roles
from store.engine import reading, writing
from store.tables import article, feed, host, look, outbox, snapshot
from tests.ingest.hostile import Reply, answer, serving, silence
from tests.ingest.polling import (
    NO_ROBOTS,
    asked,
    at_least,
    counted,
    polling,
    row,
    settings,
    subscribe,
    until,
    watch,
)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param(silence, "read-timeout", id="case_32-silent"),
        pytest.param(answer("200 OK", b"half", "Content-Length: 99", length=False), "truncated", id="case_33-short"),
        pytest.param(answer("200 OK", b""), "empty-body", id="case_38-empty"),
        pytest.param(
            answer("200 OK", gzip.compress(b"text")[:-9], "Content-Encoding: gzip"), "truncated", id="case_27-gzip"
        ),
    ],
)
def test_broken_fetches_are_looks_and_nothing_else(engine: sa.Engine, reply: Reply, reason: str) -> None:
    """P5: a broken fetch leaves a look with its reason and a later due time, and nothing to read."""
    with serving(NO_ROBOTS | {"/a": reply}) as server:
        watch(engine, server.url("/a"))
        with polling(engine, settings(read_timeout="500ms")):
            until(engine, at_least(1, looks.FAILED, reason))
    known = row(engine, article)
    with reading(engine) as connection:
        assert (counted(snapshot)(connection), counted(outbox)(connection)) == (0, 0)
    assert known.next_check_at is not None
    assert (known.last_reason, known.failures >= 1) == (reason, True)


def test_one_bad_host_delays_no_other(engine: sa.Engine) -> None:
    """While one host hangs, another is looked at again and again."""
    with serving(NO_ROBOTS | {"/a": silence}) as bad, serving(NO_ROBOTS | {"/a": answer(body=b"x")}) as good:
        watch(engine, bad.url("/a"))
        watch(engine, good.url("/a"))
        with polling(engine):
            until(engine, at_least(3, looks.SAME))
            with reading(engine) as connection:
                assert counted(look, look.c.outcome == looks.FAILED)(connection) <= 2


def test_case_85_the_end_gives_everything_back(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked to end in mid-request, the poller ends, holds no host and is no longer among the roles alive."""
    monkeypatch.setattr(poller, "GRACE", 0.2)
    with serving(NO_ROBOTS | {"/a": silence}) as server:
        watch(engine, server.url("/a"))
        with polling(engine, settings(read_timeout="60s", total_timeout="60s")):
            until(engine, lambda connection: roles.alive(connection, roles.POLLER, clock()))
            until(engine, lambda _: asked(server, "/a"))
        with reading(engine) as connection:
            assert roles.alive(connection, roles.POLLER, clock()) == 0
            assert counted(host, host.c.lease_until.is_not(None))(connection) == 0
            assert counted(look)(connection) == 0
        assert row(engine, article).next_check_at <= clock()


def test_case_94_a_clock_that_goes_back_stalls_nothing(engine: sa.Engine) -> None:
    """Two hours back, and the looks go on at once."""
    shift = timedelta(0)

    def shifting() -> datetime:
        return datetime.now(UTC) + shift

    with serving(NO_ROBOTS | {"/a": answer(body=b"x")}) as server:
        watch(engine, server.url("/a"))
        with polling(engine, now=shifting):
            until(engine, at_least(1, looks.SAME))
            shift = -timedelta(hours=2)
            seen = len(asked(server, "/a"))
            until(engine, lambda _: len(asked(server, "/a")) >= seen + 3)


def test_the_store_may_be_away_for_a_while(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that cannot be reached for some rounds ends nobody."""
    real, broken = hosts.any_due, [True] * 3

    def any_due(connection: sa.Connection, now: datetime) -> bool:
        if broken and broken.pop():
            raise sa.exc.OperationalError("select", {}, Exception("gone"))
        return real(connection, now)

    monkeypatch.setattr(hosts, "any_due", any_due)
    with serving(NO_ROBOTS | {"/a": answer(body=b"x")}) as server:
        watch(engine, server.url("/a"))
        with polling(engine):
            until(engine, counted(snapshot))


def test_now_and_then_a_look_is_unconditional(engine: sa.Engine) -> None:
    """About every dozenth look leaves its validators out, so that a reused ETag hides no change for long."""
    with serving(NO_ROBOTS | {"/a": answer("200 OK", b"same", 'ETag: "1"')}) as server:
        watch(engine, server.url("/a"), unconditional_at=clock() - timedelta(days=2), etag=b'"1"', snapshot_sha256="x")
        with polling(engine):
            until(engine, at_least(1, looks.SAME))
        first, second = asked(server, "/a")[:2]
    assert (b"If-None-Match" in first, b"If-None-Match" in second) == (False, True)


def test_case_95_asleep_for_eight_hours(engine: sa.Engine) -> None:
    """Feeds that have been due for eight hours are each looked at once, one after the other, and next when an ordinary
    wait is over."""
    slept = clock() - timedelta(hours=8)
    paths = [f"/{n}" for n in range(6)]
    with serving({path: answer(body=path.encode()) for path in paths} | NO_ROBOTS) as server:
        for path in paths:
            subscribe(engine, server.url(path), next_check_at=slept, last_checked_at=slept)
        given = settings().model_copy(update={"schedule": Settings().schedule})
        with polling(engine, given):
            until(engine, lambda connection: counted(snapshot)(connection) == len(paths))
            until(engine, lambda connection: counted(feed, feed.c.next_check_at <= clock())(connection) == 0)
    assert {1} == {len(asked(server, path)) for path in paths}
    with reading(engine) as connection:
        waits = [next_at - clock() for next_at in connection.scalars(sa.select(feed.c.next_check_at))]
    assert min(waits) > Settings().schedule.feed_min * 0.5


def test_a_store_that_failed_holds_no_host_up(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A visit that could not be written gives its host back once the store answers, long before its lease runs out."""
    monkeypatch.setattr(poller, "AGAIN", timedelta(seconds=0.2))
    began = clock()

    def given_back(connection: sa.Connection) -> bool:
        until = connection.execute(sa.select(host.c.lease_until).where(host.c.lease_generation > 0)).scalar()
        return until is not None and until < began + timedelta(seconds=30)

    with serving(NO_ROBOTS | {"/a": answer(body=b"x")}) as server:
        watch(engine, server.url("/a"))
        with writing(engine) as connection:
            connection.execute(sa.text("ALTER TABLE look RENAME TO away"))
        with polling(engine):
            until(engine, given_back)
            with writing(engine) as connection:
                connection.execute(sa.text("ALTER TABLE away RENAME TO look"))
            until(engine, at_least(1, looks.NEW))
