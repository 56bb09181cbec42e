"""Looks: run-length, blind times, and observation windows."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from store import articles, feeds, looks, roles, snapshots
from store.engine import writing
from store.looks import FAILED, NEW, SAME, UNMODIFIED
from store.outbox import owe
from store.snapshots import Bytes

MINUTE = timedelta(minutes=1)


def an_article(connection: sa.Connection, now: datetime) -> int:
    """An article to look at."""
    url = "http://desk.example/a"
    return articles.add(
        connection, url=url, host_name="desk.example:80", site="desk.example", title="", keys={url: "url"}, now=now
    )


def look(connection: sa.Connection, key: int, start: datetime, *seen: tuple[str, str]) -> None:
    """One look a minute, from *start* on."""
    for index, (outcome, reason) in enumerate(seen):
        looks.note(connection, "article", key, start + index * MINUTE, outcome, reason)


def test_equal_looks_are_one_run(engine: sa.Engine, now: datetime) -> None:
    """Looks in a row that end alike are one row with a count; another reason is another run."""
    with writing(engine) as connection:
        key = an_article(connection, now)
        seen = [
            (NEW, ""),
            (SAME, ""),
            (SAME, ""),
            (FAILED, "http-503"),
            (FAILED, "http-503"),
            (FAILED, "deadline"),
            (SAME, ""),
        ]
        look(connection, key, now, *seen)
        runs = looks.runs(connection, "article", key, now, now + 9 * MINUTE)
    assert [(run.outcome, run.reason, run.count) for run in runs] == [
        (NEW, "", 1), (SAME, "", 2), (FAILED, "http-503", 2), (FAILED, "deadline", 1), (SAME, "", 1),
    ]  # fmt: skip
    assert (runs[1].from_at, runs[1].to_at) == (now + MINUTE, now + 2 * MINUTE)


@pytest.mark.parametrize(
    ("between", "last_old", "blind"),
    [
        pytest.param([], 0, [], id="nothing-between"),
        pytest.param([(SAME, ""), (UNMODIFIED, "")], 2, [], id="seen-to-the-last"),
        pytest.param(
            [(SAME, ""), (FAILED, "deadline"), (FAILED, "deadline")], 1, [(2, "deadline")], id="blind-at-the-end"
        ),
        pytest.param([(FAILED, "deadline"), (SAME, "")], 2, [], id="blind-before-the-last-sight-is-nothing"),
        pytest.param(
            [(FAILED, "http-503"), (FAILED, "deadline")], 0, [(1, "http-503"), (1, "deadline")], id="two-reasons"
        ),
        pytest.param([(NEW, ""), (SAME, "")], 0, [], id="other-bytes-are-not-the-old-text"),
    ],
)
def test_windows(
    engine: sa.Engine, now: datetime, between: list[tuple[str, str]], last_old: int, blind: list[tuple[int, str]]
) -> None:
    """A change lies between the last look that showed the old text and the first that showed the new one."""
    with writing(engine) as connection:
        key = an_article(connection, now)
        look(connection, key, now, (NEW, ""), *between, (NEW, ""))
        until = now + (len(between) + 1) * MINUTE
        seen_old, gaps = looks.window(connection, key, now, until)
    assert seen_old == now + last_old * MINUTE
    assert [(gap["count"], gap["reason"]) for gap in gaps] == blind


def test_refused_bytes_were_a_blind_look(engine: sa.Engine, now: datetime) -> None:
    """A look whose bytes turned out to be a wall becomes a failed one, and failures in a row are counted."""
    with writing(engine) as connection:
        key = an_article(connection, now)
        look(connection, key, now, (NEW, ""), (SAME, ""), (FAILED, "deadline"), (NEW, ""))
        assert looks.refuse(connection, "article", key, now + 3 * MINUTE, "consent") == 2
        look(connection, key, now + 4 * MINUTE, (NEW, ""))
        assert looks.refuse(connection, "article", key, now + 4 * MINUTE, "consent") == 3
        look(connection, key, now + 5 * MINUTE, (NEW, ""))
        assert looks.failures(connection, "article", key) == 0
        seen_old, blind = looks.window(connection, key, now, now + 5 * MINUTE)
    assert (seen_old, [(gap["count"], gap["reason"]) for gap in blind]) == (
        now + MINUTE,
        [(1, "deadline"), (2, "consent")],
    )
    assert blind[1]["from"] == "2026-03-02T09:03:00Z"


def test_what_found_refused_bytes_again_was_blind_too(engine: sa.Engine, now: datetime) -> None:
    """A reader that comes late to a wall: the looks that saw it meanwhile did not see the old text."""
    with writing(engine) as connection:
        key = an_article(connection, now)
        look(connection, key, now, (NEW, ""), (SAME, ""), (NEW, ""), (SAME, ""), (SAME, ""))
        assert looks.refuse(connection, "article", key, now + 2 * MINUTE, "consent") == 3
        seen_old, blind = looks.window(connection, key, now, now + 9 * MINUTE)
    assert (seen_old, sum(gap["count"] for gap in blind)) == (now + MINUTE, 3)


def test_old_looks_are_forgotten(engine: sa.Engine, now: datetime) -> None:
    """Runs that ended long ago go; a run that still lasts stays whole."""
    with writing(engine) as connection:
        key = an_article(connection, now)
        look(connection, key, now, (NEW, ""), (SAME, ""), (SAME, ""))
        assert looks.forget(connection, now + 2 * MINUTE) == 1
        assert len(looks.runs(connection, "article", key, now, now + 9 * MINUTE)) == 1


def brought(body: bytes) -> Bytes:
    """What a fetch brought."""
    return Bytes("http://desk.example/a", 200, {"content-type": "text/html", "x-secret": "1"}, str(hash(body)), body)


def test_a_snapshot_comes_back_as_it_was(engine: sa.Engine, now: datetime) -> None:
    """Any bytes come back, with the headers that matter."""
    body = bytes(range(256)) * 300
    with writing(engine) as connection:
        key = an_article(connection, now)
        kept = snapshots.load(connection, snapshots.keep(connection, "article", key, brought(body), now))
        assert kept is not None
        assert (kept.body, kept.headers, kept.article_id, kept.feed_id) == (
            body,
            {"content-type": "text/html"},
            key,
            None,
        )
        assert snapshots.load(connection, kept.id + 1) is None


def test_old_snapshots_are_forgotten_when_nobody_needs_them(engine: sa.Engine, now: datetime) -> None:
    """The newest one and one that is still to be read stay, whatever their age."""
    with writing(engine) as connection:
        key = an_article(connection, now)
        made = [snapshots.keep(connection, "article", key, brought(body), now) for body in (b"1", b"2", b"3")]
        owe(connection, "page", subject=f"article:{key}", snapshot_id=made[1], now=now)
        assert snapshots.forget(connection, now) == 0
        assert snapshots.forget(connection, now + MINUTE) == 1
        assert [snapshots.load(connection, one) is not None for one in made] == [False, True, True]
        assert snapshots.latest_id(connection, "article", key) == made[2]


def test_a_page_that_moves_at_every_look_fills_no_disk(engine: sa.Engine, now: datetime) -> None:
    """Of each page the newest few snapshots stay, those still to be read beside them, however young they are."""
    with writing(engine) as connection:
        key, url = an_article(connection, now), "http://desk.example/feed"
        feed, _ = feeds.add(connection, url=url, host_name="desk.example:80", site="desk.example", now=now)
        pages: list[tuple[looks.Kind, int]] = [("article", key), ("feed", feed)]
        made = [snapshots.keep(connection, *page, brought(b"%d" % n), now) for n in range(4) for page in pages]
        owe(connection, "page", subject=f"article:{key}", snapshot_id=made[0], now=now)
        assert snapshots.forget(connection, now, most=2) == 3
        assert [at for at, one in enumerate(made) if snapshots.load(connection, one)] == [0, 4, 5, 6, 7]


def test_roles_are_alive_while_they_beat(engine: sa.Engine, now: datetime) -> None:
    """A role that was not heard of for a while counts as gone, and one that leaves is gone at once."""
    with writing(engine) as connection:
        roles.beat(connection, "p1", "poller", now)
        roles.beat(connection, "p1", "poller", now + MINUTE)
        roles.beat(connection, "p2", "poller", now + MINUTE)
        assert roles.alive(connection, "poller", now + MINUTE) == 2
        roles.leave(connection, "p2", now + MINUTE)
        assert roles.alive(connection, "poller", now + MINUTE) == 1
        assert roles.alive(connection, "poller", now + 2 * MINUTE) == 0
        assert roles.alive(connection, "reader", now + MINUTE) == 0
