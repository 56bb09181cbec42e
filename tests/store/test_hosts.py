"""Hosts under lease: one holder at a time, oldest first, and nothing by who lost it."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from store import articles, feeds, hosts
from store.engine import reading, writing
from store.tables import article, feed, host

SECOND = timedelta(seconds=1)
LASTING = timedelta(seconds=45)


def watch(connection: sa.Connection, name: str, due: datetime | None, now: datetime, kind: str = "article") -> int:
    """Something watched on a host, due then."""
    url = f"http://{name}/{kind}/{due}"
    if kind == "feed":
        key, _ = feeds.add(connection, url=url, host_name=f"{name}:80", site=name, now=now)
        connection.execute(feed.update().where(feed.c.id == key).values(next_check_at=due))
        return key
    key = articles.add(connection, url=url, host_name=f"{name}:80", site=name, title="", keys={url: "url"}, now=now)
    articles.note(connection, key, next_check_at=due)
    return key


def lease(engine: sa.Engine, owner: str, now: datetime, limit: int = 9) -> list[hosts.Hold]:
    """What *owner* gets."""
    with writing(engine) as connection:
        return hosts.lease_due(connection, owner, now, limit=limit, lasting=LASTING)


def names(holds: list[hosts.Hold]) -> set[str]:
    """The hosts' names without ports."""
    return {hold.name.partition(":")[0] for hold in holds}


def test_hosts_with_something_due_are_taken_once(engine: sa.Engine, now: datetime) -> None:
    """A host with a due feed or article is taken by one poller, the others find nothing."""
    with writing(engine) as connection:
        watch(connection, "a.example", now, now)
        watch(connection, "b.example", now - SECOND, now, "feed")
        watch(connection, "c.example", now + SECOND, now)
        watch(connection, "d.example", None, now)
    first, second = lease(engine, "one", now), lease(engine, "two", now)
    assert (names(first), second) == ({"a.example", "b.example"}, [])
    with reading(engine) as connection:
        assert not hosts.any_due(connection, now)
        assert hosts.any_due(connection, now + LASTING)


def test_those_that_wait_longest_go_first(engine: sa.Engine, now: datetime) -> None:
    """With little room the host whose oldest work is oldest is taken."""
    with writing(engine) as connection:
        watch(connection, "late.example", now - 9 * SECOND, now)
        watch(connection, "later.example", now - 5 * SECOND, now)
        watch(connection, "latest.example", now - SECOND, now)
    assert names(lease(engine, "one", now, 2)) == {"late.example", "later.example"}


def test_a_paused_feed_is_not_due(engine: sa.Engine, now: datetime) -> None:
    """Nobody looks at a paused feed."""
    with writing(engine) as connection:
        feeds.pause(connection, watch(connection, "a.example", now, now, "feed"), "asked")
    assert lease(engine, "one", now) == []


def test_a_host_is_left_alone_until_its_time(engine: sa.Engine, now: datetime) -> None:
    """The pause stands in the row, so it holds for every poller."""
    with writing(engine) as connection:
        watch(connection, "a.example", now, now)
    (hold,) = lease(engine, "one", now)
    with writing(engine) as connection:
        assert hosts.note(connection, hold, not_before=now + 3 * SECOND)
        assert hosts.release(connection, hold)
    assert lease(engine, "two", now + 2 * SECOND) == []
    assert names(lease(engine, "two", now + 3 * SECOND)) == {"a.example"}


def test_case_89_a_late_finisher_changes_nothing(engine: sa.Engine, now: datetime) -> None:
    """Once a lease has run out and another poller has the host, the first one's writes are refused."""
    with writing(engine) as connection:
        watch(connection, "a.example", now, now)
    (old,) = lease(engine, "one", now)
    (new,) = lease(engine, "two", now + LASTING)
    with writing(engine) as connection:
        assert not hosts.note(connection, old, failures=7)
        assert not hosts.release(connection, old)
        assert hosts.note(connection, new, failures=1)
    assert new.generation == old.generation + 1


def test_a_released_host_is_nobodys(engine: sa.Engine, now: datetime) -> None:
    """Who gave a host back can no longer write for it."""
    with writing(engine) as connection:
        watch(connection, "a.example", now, now)
    (hold,) = lease(engine, "one", now)
    with writing(engine) as connection:
        assert hosts.release_owner(connection, "one") == 1
        assert not hosts.note(connection, hold, failures=7)


def test_case_94_the_clock_goes_back(engine: sa.Engine, now: datetime) -> None:
    """Two hours back, neither leases nor pauses nor due times keep anybody waiting for two hours."""
    with writing(engine) as connection:
        key = watch(connection, "a.example", now, now)
    (hold,) = lease(engine, "one", now)
    with writing(engine) as connection:
        hosts.note(connection, hold, not_before=now + SECOND, last_ok_at=now)
        articles.note(connection, key, last_checked_at=now, next_check_at=now + 60 * SECOND)
    before = now - timedelta(hours=2)
    with writing(engine) as connection:
        assert hosts.heal(connection, before) == 1
    assert names(lease(engine, "two", before)) == {"a.example"}


@pytest.mark.parametrize("answered", [pytest.param(None, id="never"), pytest.param(timedelta(days=400), id="before")])
def test_case_94_a_host_that_did_not_answer_while_the_clock_was_wrong(
    engine: sa.Engine, now: datetime, answered: timedelta | None
) -> None:
    """A machine that starts years ahead and without a network looks again once its clock is right."""
    right = now - timedelta(days=300)
    with writing(engine) as connection:
        key = watch(connection, "a.example", now, now, "feed")
        watch(connection, "polite.example", right, right)
    for hold in lease(engine, "one", now):
        with writing(engine) as connection:
            hosts.note(connection, hold, not_before=now + SECOND, last_ok_at=answered and now - answered, failures=1)
            hosts.release(connection, hold)
            looked = {"last_checked_at": now, "next_check_at": now + SECOND}
            connection.execute(feed.update().where(feed.c.id == key).values(looked))
    with writing(engine) as connection:
        assert hosts.heal(connection, right) == 1
    assert names(lease(engine, "two", right)) == {"a.example"}


@pytest.mark.parametrize(
    ("article_in", "pause", "held", "expected"),
    [
        pytest.param(5, None, False, 5, id="when-it-is-due"),
        pytest.param(-5, None, False, -5, id="overdue"),
        pytest.param(-5, 3, False, 3, id="when-its-host-may-be-asked"),
        pytest.param(5, 3, False, 5, id="whichever-is-later"),
        pytest.param(30, None, False, None, id="beyond-the-horizon"),
        pytest.param(-5, None, True, None, id="held-by-somebody"),
    ],
)
def test_next_due(
    engine: sa.Engine, now: datetime, article_in: int, pause: int | None, held: bool, expected: int | None
) -> None:
    """The poller knows until when it may sleep."""
    with writing(engine) as connection:
        assert hosts.next_due(connection, now, 10 * SECOND) is None
        watch(connection, "a.example", now + article_in * SECOND, now)
        if pause is not None:
            connection.execute(host.update().values(not_before=now + pause * SECOND))
    if held:
        lease(engine, "one", now)
    with reading(engine) as connection:
        due = hosts.next_due(connection, now, 10 * SECOND)
    assert due == (None if expected is None else now + expected * SECOND)


def test_budgets_say_what_a_host_is_asked_for(engine: sa.Engine, now: datetime) -> None:
    """Planned looks an hour add up over all that is watched on a host; what is late is counted."""
    with writing(engine) as connection:
        keys = [watch(connection, "busy.example", now + offset * SECOND, now) for offset in (-5, -1, 60)]
        connection.execute(article.update().where(article.c.id.in_(keys)).values(interval=120.0))
        quiet = watch(connection, "quiet.example", now + SECOND, now, "feed")
        connection.execute(feed.update().where(feed.c.id == quiet).values(interval=3600.0))
        told = hosts.budgets(connection, now)
    assert [(each.name, each.watched, round(each.planned, 6), each.late) for each in told] == [
        ("busy.example:80", 3, 90.0, 2),
        ("quiet.example:80", 1, 1.0, 0),
    ]
    assert [each.oldest for each in told] == [now - 5 * SECOND, None]


def test_many_pollers_share_hosts_without_overlap(engine: sa.Engine, now: datetime) -> None:
    """However often two pollers ask, no host has two holders."""
    with writing(engine) as connection:
        for index in range(12):
            watch(connection, f"h{index}.example", now, now)
    taken = [hold.id for turn in range(4) for hold in lease(engine, f"p{turn % 2}", now, 4)]
    with reading(engine) as connection:
        assert sorted(taken) == sorted(connection.execute(sa.select(host.c.id)).scalars())
