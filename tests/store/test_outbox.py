"""Work owed is leased once, in order, and closed only by who holds it."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from store import outbox
from store.engine import reading, writing


def owe(connection: sa.Connection, now: datetime, subject: str) -> int:
    """One piece of work."""
    return outbox.owe(connection, "page", subject=subject, now=now)


def test_work_is_leased_once_and_found_again_when_its_lease_ends(engine: sa.Engine, now: datetime) -> None:
    """A second worker gets nothing until the first one's 45 s are over."""
    with writing(engine) as connection:
        key = owe(connection, now, "article:1")
        assert [work.id for work in outbox.lease(connection, [key], "a", now)] == [key]
        assert outbox.lease(connection, [key], "b", now) == []
        late = now + outbox.LEASE
        assert [work.generation for work in outbox.lease(connection, [key], "b", late)] == [2]


def test_a_late_finisher_changes_nothing(engine: sa.Engine, now: datetime) -> None:
    """Closing needs the generation that was leased."""
    with writing(engine) as connection:
        key = owe(connection, now, "article:1")
        [first] = outbox.lease(connection, [key], "a", now)
        [second] = outbox.lease(connection, [key], "b", now + outbox.LEASE)
        assert not outbox.close(connection, first, now)
        assert outbox.close(connection, second, now)
        assert not outbox.close(connection, second, now)


def test_one_subject_is_worked_on_in_order(engine: sa.Engine, now: datetime) -> None:
    """The second look at an article waits until the first is closed; another article does not."""
    with writing(engine) as connection:
        ids = [owe(connection, now, subject) for subject in ("article:1", "article:1", "article:2")]
        works = outbox.lease(connection, ids, "a", now)
        assert [work.id for work in works] == [ids[0], ids[2]]
        assert outbox.close(connection, works[0], now)
        assert [work.id for work in outbox.lease(connection, ids, "a", now)] == [ids[1]]


def test_three_deaths_park_the_work_that_caused_them(engine: sa.Engine, now: datetime) -> None:
    """The page is charged; what else the dead worker held is free at once."""
    with writing(engine) as connection:
        poison, other = owe(connection, now, "article:1"), owe(connection, now, "article:2")
        for death in range(3):
            outbox.lease(connection, [poison, other], "a", now)
            assert outbox.charge(connection, poison, "killed by signal 9", now) is (death == 2)
            outbox.release_owner(connection, "a", poison)
        assert [work.id for work in outbox.lease(connection, [poison, other], "b", now)] == [other]
    with reading(engine) as connection:
        assert outbox.outcome(connection, poison)[:2] == ("parked", "killed by signal 9")


def test_ringing_is_not_repeated_at_once(engine: sa.Engine, now: datetime) -> None:
    """What was rung for and not taken is rung for again only after a while."""
    with writing(engine) as connection:
        key = owe(connection, now, "article:1")
        assert outbox.to_ring(connection, now, 10) == [(key, 0)]
        assert outbox.to_ring(connection, now + timedelta(seconds=1), 10) == []
        assert outbox.to_ring(connection, now + outbox.RING_AGAIN, 10) == [(key, 0)]


def test_work_that_waits_is_not_taken_early(engine: sa.Engine, now: datetime) -> None:
    """not_before holds for ringing and for taking."""
    with writing(engine) as connection:
        later = now + timedelta(minutes=1)
        key = outbox.owe(connection, "page", subject="article:1", now=now, not_before=later)
        assert outbox.to_ring(connection, now, 10) == []
        assert outbox.lease(connection, [key], "a", now) == []
        assert outbox.to_ring(connection, later, 10) == [(key, 0)]


def test_case_94_a_clock_set_back_holds_no_work_up(engine: sa.Engine, now: datetime) -> None:
    """What was rung for, leased or put to rest before the clock went back two hours is owed now."""
    with writing(engine) as connection:
        ids = [owe(connection, now, subject) for subject in ("article:1", "article:2", "article:3")]
        outbox.to_ring(connection, now, 10)
        outbox.lease(connection, ids[2:], "b", now)
        outbox.release_owner(connection, "b", not_before=now + timedelta(seconds=5))
        outbox.lease(connection, ids[:1], "a", now)
        back = now - timedelta(hours=2)
        assert [key for key, _ in outbox.to_ring(connection, back, 10)] == ids
        assert [work.id for work in outbox.lease(connection, ids, "b", back)] == ids
