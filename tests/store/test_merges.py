"""Merges at the same moment, chains of them, and what a pause means to a look that is under way."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store import articles, hosts, merges, watching
from store.engine import reading, writing
from store.looks import Kind
from store.tables import alias, article, feed
from store.watching import Outcome
from tests.parts.rows import Newsroom


@pytest.fixture
def three(engine: sa.Engine, now: datetime) -> tuple[int, int, int]:
    """Three articles of one version each."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = tuple(newsroom.article(f"https://harbour.example/{n}") for n in range(3))
        for each in made:
            newsroom.version(each, "The bridge fell.")
    return made  # type: ignore[return-value]


def join(connection: sa.Connection, kept: int, gone: int, now: datetime) -> int:
    """One merge by hand."""
    return merges.make(connection, kept=kept, gone=gone, reason="by-hand", evidence={}, by="test", now=now)


def owners(engine: sa.Engine) -> list[int]:
    """Whose each name is, in the order of the names."""
    with reading(engine) as connection:
        return list(connection.execute(sa.select(alias.c.article_id).order_by(alias.c.id)).scalars())


def at_once(*works: Callable[[], None]) -> list[BaseException]:
    """Runs each in a thread of its own; returns what they raised."""
    raised: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        start.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the test says which it expects
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_two_who_merge_a_pair_the_other_way_round_make_one_merge(
    engine: sa.Engine, now: datetime, three: tuple[int, int, int]
) -> None:
    """Both lock the pair in one order; the slower one finds that it is done."""
    one, other, _ = three

    def work(kept: int, gone: int) -> None:
        with writing(engine) as connection:
            assert merges.both(connection, kept, gone) is not None
            if not any(merges.kept_for(connection, each) for each in (kept, gone)):
                join(connection, kept, gone, now)

    assert [] == at_once(*[lambda k=k, g=g: work(k, g) for k, g in ((one, other), (other, one)) * 3])
    with reading(engine) as connection:
        assert len(merges.merges(connection)) == 1
        assert connection.execute(sa.select(article.c.id).where(article.c.paused)).scalars().all() in ([one], [other])


def test_a_reader_does_not_wait_for_a_second_article(
    engine: sa.Engine, now: datetime, three: tuple[int, int, int]
) -> None:
    """What another transaction holds comes back as None on PostgreSQL, instead of two who wait for each other."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with writing(engine) as mine, writing(engine) as other:
        assert articles.known(mine, three[0], lock=True) is not None
        assert articles.known(other, three[1], lock=True) is not None
        assert articles.known(mine, three[1], lock=True, wait=False) is None
        assert articles.known(other, three[0], lock=True, wait=False) is None


def test_an_article_is_part_of_one_other_at_most(engine: sa.Engine, now: datetime, three: tuple[int, int, int]) -> None:
    """The table itself refuses a second merge of the same article."""
    with writing(engine) as connection:
        join(connection, three[0], three[2], now)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        join(connection, three[1], three[2], now)


def test_names_go_back_through_a_chain_of_merges(engine: sa.Engine, now: datetime, three: tuple[int, int, int]) -> None:
    """Whoever has them by now; what was merged later is not taken along."""
    first, second, third = three
    with writing(engine) as connection:
        join(connection, second, third, now)
        join(connection, first, second, now)
    assert [first, first, first] == owners(engine)
    with writing(engine) as connection:
        [made] = merges.standing(connection, third)
        merges.undo(connection, made, by="test", now=now)
    assert [first, first, third] == owners(engine)
    with writing(engine) as connection:
        [made] = merges.standing(connection, second)
        merges.undo(connection, made, by="test", now=now)
        assert merges.was_undone(connection, second, first)
        assert not merges.was_undone(connection, third, first)
    assert [first, second, third] == owners(engine)


def test_an_article_forgets_its_middle_names(engine: sa.Engine, now: datetime, three: tuple[int, int, int]) -> None:
    """The first name and the newest ones stay, ``NAMES`` in all."""
    with writing(engine) as connection:
        for n in range(articles.NAMES + 10):
            articles.name(connection, three[0], {f"url:https://harbour.example/0?session={n}": "url"}, now)
        articles.forget_names(connection, three[0])
        names = connection.execute(sa.select(alias.c.key).where(alias.c.article_id == three[0])).scalars().all()
    assert articles.NAMES == len(names)
    assert {"url:https://harbour.example/0", f"url:https://harbour.example/0?session={articles.NAMES + 9}"} <= {*names}


@pytest.mark.parametrize("kind", ["article", "feed"])
def test_what_is_paused_is_skipped_at_once(engine: sa.Engine, now: datetime, kind: Kind) -> None:
    """It is not due, a visit under way leaves it out, and a look under way does not plan the next one; resumed, it is
    due at once."""
    table = {"article": article, "feed": feed}[kind]
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        key = getattr(newsroom, kind)(next_check_at=now)
        (hold,) = hosts.lease_due(connection, "one", now, limit=1, lasting=timedelta(seconds=45))
        [subject] = watching.due(connection, hold.id, now, 20)
        assert watching.is_wanted(connection, subject)
        assert [True, False] == [watching.pause(connection, kind, key) for _ in range(2)]
        assert not watching.is_wanted(connection, subject)

        def decide(_: watching.Subject) -> Outcome:
            return Outcome("200-same", columns={"next_check_at": now, "failures": 0}, host={"last_ok_at": now})

        watching.record(connection, hold, subject, now, now, decide)
        assert [] == watching.due(connection, hold.id, now, 20)
        assert watching.resume(connection, kind, key, now)
        assert [key] == [each.id for each in watching.due(connection, hold.id, now, 20)]
        assert not watching.resume(connection, kind, key, now)
        assert watching.pause(connection, kind, 9999) is None
        assert watching.resume(connection, kind, 9999, now) is None
        row: Any = connection.execute(sa.select(table).where(table.c.id == key)).one()
        assert not row.paused


def test_an_ended_watch_is_taken_up_again(engine: sa.Engine, now: datetime) -> None:
    """Resuming does not need a pause."""
    with writing(engine) as connection:
        key = Newsroom(connection, now).article(watch="ended", next_check_at=None)
        assert watching.resume(connection, "article", key, now)
        row = connection.execute(sa.select(article).where(article.c.id == key)).one()
    assert ("active", now) == (row.watch, row.next_check_at)
