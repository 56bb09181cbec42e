"""The poller against a real server and both databases."""

import asyncio
import time
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from config.clock import now as clock
from ingest.urls import host_of
from store import articles, looks, snapshots, watching
from store.engine import reading, writing
from store.tables import article, feed, outbox, snapshot
from tests.ingest.hostile import answer, redirect, serving
from tests.ingest.polling import NO_ROBOTS, asked, at_least, counted, polling, row, settings, subscribe, until, watch


def test_a_page_is_fetched_kept_and_rung_for(engine: sa.Engine) -> None:
    """A due article becomes a snapshot, a look, work owed and a ring, and is due again later."""
    page = answer("200 OK", b"<p>story</p>", 'ETag: "1"', "Content-Type: text/html; charset=utf-8")
    with serving(NO_ROBOTS | {"/a": page}) as server:
        key = watch(engine, server.url("/a"))
        with polling(engine) as running:
            until(engine, counted(outbox))
        assert len(running.rung) >= 1
    with reading(engine) as connection:
        kept = snapshots.load(connection, connection.execute(sa.select(sa.func.min(snapshot.c.id))).scalar_one())
        known = connection.execute(sa.select(article).where(article.c.id == key)).one()
    assert kept is not None
    assert (kept.article_id, kept.body, kept.headers["etag"]) == (key, b"<p>story</p>", '"1"')
    assert (known.etag, known.last_status, known.failures) == (b'"1"', 200, 0)
    assert known.next_check_at > known.last_checked_at


def test_equal_bytes_end_there(engine: sa.Engine) -> None:
    """However often the same bytes come, they are kept and read once, and the later looks are conditional."""
    with serving(NO_ROBOTS | {"/a": answer("200 OK", b"same", 'ETag: "1"')}) as server:
        watch(engine, server.url("/a"))
        with polling(engine):
            until(engine, at_least(3, looks.SAME))
        with reading(engine) as connection:
            assert (counted(snapshot)(connection), counted(outbox)(connection)) == (1, 1)
        assert b'If-None-Match: "1"' in asked(server, "/a")[1]


def test_not_modified_is_a_look_too(engine: sa.Engine) -> None:
    """A 304 is a look that showed the same, without a body."""
    first = iter([answer("200 OK", b"text", 'ETag: "1"')])

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(next(first, answer("304 Not Modified", length=False)))

    with serving(NO_ROBOTS | {"/a": speak}) as server:
        watch(engine, server.url("/a"))
        with polling(engine):
            until(engine, at_least(2, looks.UNMODIFIED))
    with reading(engine) as connection:
        assert counted(snapshot)(connection) == 1


def test_equal_bytes_confirm_a_text_that_waits(engine: sa.Engine) -> None:
    """While a text waits to be seen once more, equal bytes owe another reading."""
    with serving(NO_ROBOTS | {"/a": answer("200 OK", b"same")}) as server:
        key = watch(engine, server.url("/a"))
        with polling(engine):
            until(engine, counted(outbox))
            with writing(engine) as connection:
                articles.note(connection, key, pending={"looks": 1})
            until(engine, lambda connection: counted(outbox)(connection) >= 2)
    with reading(engine) as connection:
        owed = connection.execute(sa.select(outbox.c.snapshot_id).distinct()).scalars().all()
    assert len(owed) == 1


def test_case_89_one_request_at_a_time_and_a_pause_between(engine: sa.Engine) -> None:
    """With two pollers, requests to one host never overlap, keep their distance, and nothing is fetched twice."""
    under_way, most, times = 0, 0, []

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        times.append(time.monotonic())
        await asyncio.sleep(0.01)
        writer.write(answer("200 OK", b"x"))
        under_way -= 1

    with serving({"/robots.txt": speak} | {f"/{n}": speak for n in range(8)}) as server:
        for number in range(8):
            watch(engine, server.url(f"/{number}"))
        with (
            polling(engine, settings(per_host_delay="100ms")),
            polling(engine, settings(per_host_delay="100ms"), owner="p2"),
        ):
            until(engine, lambda connection: counted(snapshot)(connection) == 8)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert (most, len(times) >= 9) == (1, True)
    assert min(gaps) >= 0.1


def test_case_21_a_link_that_points_inside_is_refused(engine: sa.Engine) -> None:
    """An article's address inside is refused although its feed is allowed, and no socket is opened there."""
    with serving({"/secret": answer(body=b"inside")}) as inside:
        watch(engine, inside.url("/secret", host="127.0.0.2"))
        only = settings(allow_networks=("127.0.0.1/32",))
        with polling(engine, only):
            until(engine, at_least(1, looks.FAILED, "blocked-address"))
    assert inside.connections == 0
    assert row(engine, article).last_reason == "blocked-address"


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        pytest.param(answer(body=b"User-agent: *\nDisallow: /a"), "robots", id="forbidden"),
        pytest.param(answer("500 Oops", b"?"), "robots-unreachable", id="unwell"),
        pytest.param(answer("403 No", b"?"), None, id="no-rules"),
        pytest.param(redirect("/rules"), "robots", id="redirected"),
    ],
)
def test_robots(engine: sa.Engine, rules: bytes, reason: str | None) -> None:
    """robots.txt is asked once, before anything else, and obeyed."""
    replies = {
        "/robots.txt": rules,
        "/rules": answer(body=b"User-agent: writethru\nDisallow: /"),
        "/a": answer(body=b"x"),
    }
    with serving(replies) as server:
        watch(engine, server.url("/a"))
        with polling(engine):
            until(engine, at_least(2, looks.FAILED, reason) if reason else at_least(2, looks.SAME))
    assert len(asked(server, "/robots.txt")) == 1
    assert server.asked[0].startswith(b"GET /robots.txt ")
    assert bool(asked(server, "/a")) == (reason is None)


def test_robots_may_be_ignored(engine: sa.Engine) -> None:
    """Where the operator says so, robots.txt is not even asked."""
    with serving({"/robots.txt": answer(body=b"User-agent: *\nDisallow: /"), "/a": answer(body=b"x")}) as server:
        watch(engine, server.url("/a"))
        with polling(engine, settings(obey_robots=False)):
            until(engine, counted(snapshot))
    assert asked(server, "/robots.txt") == []


def test_case_42_withdrawn_and_back(engine: sa.Engine) -> None:
    """A page that goes is withdrawn after a second look while its site answers, and restored when it is back."""
    with serving(NO_ROBOTS | {"/feed": answer(body=b"feed"), "/a": answer(body=b"text")}) as server:
        key = watch(engine, server.url("/a"))
        subscribe(engine, server.url("/feed"))
        payloads = sa.select(outbox.c.payload).where(outbox.c.kind == "transition").order_by(outbox.c.id)
        with polling(engine):
            until(engine, lambda connection: counted(snapshot)(connection) == 2)
            server.replies["/a"] = answer("410 Gone")
            until(engine, counted(outbox, outbox.c.kind == "transition"))
            assert row(engine, article).availability == "withdrawn"
            server.replies["/a"] = answer(body=b"text")
            until(engine, lambda connection: len(connection.execute(payloads).all()) == 2)
    with reading(engine) as connection:
        told = connection.execute(payloads).scalars().all()
    assert told == [
        {"article": key, "to": "withdrawn", "reason": "http-410"},
        {"article": key, "to": "restored", "reason": "http-410"},
    ]
    assert row(engine, article).availability == "ok"


@pytest.mark.parametrize(
    ("front", "withdrawn"),
    [pytest.param("200 OK", True, id="site-answers"), pytest.param("503 Down", False, id="site-down")],
)
def test_case_42_a_lone_page_is_checked_against_its_front_page(engine: sa.Engine, front: str, withdrawn: bool) -> None:
    """Where nothing else of the site is watched, its front page tells whether the site answers."""
    replies = NO_ROBOTS | {"/": answer(front, b"front"), "/a": answer("404 Not Found")}
    with serving(replies) as server:
        watch(engine, server.url("/a"), gone_since=clock() - timedelta(seconds=5), gone_reason="http-404")
        with polling(engine):
            until(engine, at_least(2, looks.FAILED, "http-404"))
        assert asked(server, "/")
    assert row(engine, article).availability == ("withdrawn" if withdrawn else "ok")


def test_case_42_a_story_that_leads_to_the_front_page_is_never_read(engine: sa.Engine) -> None:
    """The front page's bytes are not the article's."""
    with serving(NO_ROBOTS | {"/a": redirect("/"), "/": answer(body=b"front page")}) as server:
        watch(engine, server.url("/a"))
        with polling(engine):
            until(engine, at_least(1, looks.FAILED, "front-page"))
    with reading(engine) as connection:
        assert counted(snapshot)(connection) == 0


def test_a_feed_that_keeps_failing_is_told(engine: sa.Engine) -> None:
    """The fifth failure in a row is told, and so is the recovery."""
    with serving(NO_ROBOTS | {"/feed": answer("500 Oops")}) as server:
        key = subscribe(engine, server.url("/feed"))
        payloads = sa.select(outbox.c.payload).where(outbox.c.kind == "transition").order_by(outbox.c.id)
        with polling(engine):
            until(engine, lambda connection: connection.execute(payloads).all())
            server.replies["/feed"] = answer(body=b"feed")
            until(engine, lambda connection: len(connection.execute(payloads).all()) == 2)
    with reading(engine) as connection:
        told = connection.execute(payloads).scalars().all()
    assert told == [
        {"feed": key, "to": "failing", "reason": "http-500"},
        {"feed": key, "to": "recovered", "reason": "http-500"},
    ]


def test_case_55_a_moved_feed_is_followed_and_recorded(engine: sa.Engine) -> None:
    """A feed that moved for good keeps its name; where it answers now is known."""
    with serving(NO_ROBOTS | {"/there": answer(body=b"feed")}) as other:
        moved = redirect(other.url("/there"), "301 Moved Permanently")
        with serving(NO_ROBOTS | {"/feed": moved}) as server:
            url = server.url("/feed")
            subscribe(engine, url)
            with polling(engine):
                until(engine, counted(snapshot))
        known = row(engine, feed)
        assert (known.url, known.final_url) == (url, other.url("/there"))


def test_a_moved_article_is_looked_at_where_it_is_now(engine: sa.Engine) -> None:
    """Under the address that its entry links to, while it is kept under its own URL; paused, it is not asked for."""
    page = answer("200 OK", b"<p>story</p>", "Content-Type: text/html; charset=utf-8")
    with serving(NO_ROBOTS | {"/old": page, "/new": page, "/still": page}) as server:
        key, still = watch(engine, server.url("/old")), watch(engine, server.url("/still"))
        with writing(engine) as connection:
            articles.look_at(connection, key, server.url("/new"), host_of(server.url("/new")), clock())
            watching.pause(connection, "article", still)
        with polling(engine):
            until(engine, at_least(2, looks.SAME))
        assert asked(server, "/new")
        assert not [*asked(server, "/old"), *asked(server, "/still")]
    with reading(engine) as connection:
        assert articles.known(connection, key).url == server.url("/old")  # type: ignore[union-attr]
