"""The live tail: each fact change once, also those that commit late, and none lost to a broken line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import httpx
import pytest
import sqlalchemy as sa

from store.engine import reading, writing
from tests.parts.rows import Newsroom
from web import tail
from web.tail import AGAIN, Reader


@contextmanager
def listening(client: httpx.Client, last: int | None = None) -> Iterator[Iterator[int]]:
    """The ids that a stream gives, after it has begun."""
    headers = {} if last is None else {"last-event-id": str(last)}
    with client.stream("GET", "/api/v1/changes/stream", headers=headers) as answer:
        assert 200 == answer.status_code
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _ids(answer.iter_lines())


def _ids(lines: Iterator[str]) -> Iterator[int]:
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "id":
            given = int(value)
        elif name == "data":
            assert str(given) == json.loads(value)["id"]
            yield given


def change(engine: sa.Engine, now: datetime, **values: int) -> int:
    """One more fact change; its id."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article(f"https://harbour.example/{values}")
        return newsroom.change(made, newsroom.version(made, "x"), **values)


def test_a_change_reaches_who_listens(client: httpx.Client, engine: sa.Engine, now: datetime, story: int) -> None:
    """What is committed after the stream began is given; what was there before is not."""
    with listening(client) as ids, listening(client) as others:
        made = change(engine, now)
        assert (made, made) == (next(ids), next(others))


def test_who_comes_back_misses_nothing(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Last-Event-ID takes up where the line broke, with a process that saw that change and with one that did not."""
    made = [change(engine, now, ordinal=number) for number in range(3)]
    with listening(client, last=made[0]) as ids:
        assert made[1:] == [next(ids), next(ids)]
        made.append(change(engine, now, ordinal=7))
        assert made[3] == next(ids)
    with listening(client, last=made[3]) as ids:
        made.append(change(engine, now, ordinal=8))
        assert made[4] == next(ids)


def test_a_long_absence_is_made_up_for_in_order(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """More than one batch of missed changes is given whole."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article()
        version = newsroom.version(made, "x")
        expected = [newsroom.change(made, version, ordinal) for ordinal in range(1_100)]
    with listening(client, last=0) as ids:
        assert expected == [next(ids) for _ in expected]


@pytest.mark.parametrize("last", ["x", "-1", "9" * 30, "٣"])
def test_a_broken_last_event_id_is_refused(one_client: httpx.Client, last: str) -> None:
    """What is no change id is a 400, not a stream from anywhere."""
    headers = [(b"last-event-id", last.encode())]
    assert 400 == one_client.get("/api/v1/changes/stream", headers=headers).status_code


def test_late_commits_are_given_once(engine: sa.Engine, now: datetime) -> None:
    """An id that becomes visible after a higher one is given too, each exactly once."""
    reader = Reader(0)

    def fresh(at: datetime) -> list[int]:
        with reading(engine) as connection:
            return [row.id for row in reader.fresh(connection, at)]

    change(engine, now, id=11)
    assert [11] == fresh(now)
    change(engine, now, id=10)
    assert [10] == fresh(now + timedelta(seconds=1))
    assert [] == fresh(now + timedelta(seconds=2))
    change(engine, now, id=13)
    assert [13] == fresh(now + AGAIN)
    change(engine, now, id=12)
    assert [12] == fresh(now + AGAIN + timedelta(seconds=1))
    assert [] == fresh(now + 3 * AGAIN)
    assert [] == fresh(now + 4 * AGAIN)


def test_a_burst_is_given_whole(engine: sa.Engine, now: datetime) -> None:
    """More changes at once than one look takes come with the next looks."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article()
        version = newsroom.version(made, "x")
        expected = [newsroom.change(made, version, ordinal) for ordinal in range(1_300)]
    reader, given = Reader(0), []
    for second in range(4):
        with reading(engine) as connection:
            given += [row.id for row in reader.fresh(connection, now + timedelta(seconds=second))]
    assert expected == given


def test_a_page_takes_up_where_it_was_made(client: httpx.Client, engine: sa.Engine, now: datetime, story: int) -> None:
    """`after` begins behind a change that a page shows already, so that none falls between page and stream."""
    made = change(engine, now)
    with client.stream("GET", f"/api/v1/changes/stream?after={made - 1}") as answer:
        assert made == next(_ids(answer.iter_lines()))
    assert 400 == client.get("/api/v1/changes/stream?after=x").status_code


def test_a_stream_ends_and_is_taken_up(
    client: httpx.Client, engine: sa.Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens for ever on a token that was removed: who comes back passes the doors, and misses nothing."""
    monkeypatch.setattr(tail, "STAYS", 0.0)
    with listening(client) as ids:
        assert [] == list(ids)
    made = change(engine, now)
    monkeypatch.undo()
    with listening(client, last=made - 1) as ids:
        assert made == next(ids)
