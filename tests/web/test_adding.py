"""Feeds tended from the desk, and the add box: a dry run that keeps nothing until somebody says so."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest
import sqlalchemy as sa

from config.settings import Settings
from store import hosts, outbox, previews
from store.engine import reading, writing
from store.snapshots import Bytes
from store.tables import article, feed, look, preview, version
from store.tables import outbox as work
from tests.parts.pages import page
from tests.parts.rows import Newsroom
from tests.web.test_pages import HOSTILE, parsed, text_of
from workers.limits import Hand
from workers.reader import Reader

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Wire</title><link>https://harbour.example/</link>
<item><title>Ferry runs aground</title><link>https://harbour.example/ferry</link><guid>1</guid></item>
<item><title>Quay &lt;b&gt;closed&lt;/b&gt;</title><link>https://harbour.example/quay</link><guid>2</guid></item></channel></rss>"""
HOME = b"""<html><head><title>Harbour</title><link rel=alternate type="application/rss+xml" href="/feed.xml"></head>
<body><h1>Harbour</h1><a href="/a">One</a><a href="/b">Two</a></body></html>"""
OPML = """<?xml version="1.0"?><opml version="2.0"><body><outline text="World">
<outline type="rss" text="Wire" xmlUrl="https://wire.example/feed"/>
<outline type="rss" text="Post" xmlUrl="https://post.example/rss"/>
<outline type="rss" text="Bad" xmlUrl="javascript:alert(1)"/></outline></body></opml>"""
Answer = Callable[[str], tuple[bytes, str]]


def run_dry(engine: sa.Engine, now: datetime, answer: Answer) -> None:
    """What poller and reader do: fetch what is asked for, under its host's lease, and read it."""
    for _ in range(4):
        with writing(engine) as connection:
            for hold in hosts.lease_due(connection, "p1", now, limit=9, lasting=timedelta(minutes=1)):
                for asked in previews.due(connection, hold.id, now):
                    body, kind = answer(asked.url)
                    came = Bytes(asked.url, 200, {"content-type": kind}, "0", body) if body else None
                    previews.fetched(connection, hold, asked, came, "" if body else "dns", 200 if body else 0, now)
                hosts.release(connection, hold)
            owed = [*connection.scalars(sa.select(work.c.id).where(work.c.state == "owed"))]
        Reader(engine, Settings(), "reader@test", Hand(), lambda: now).read(owed)


def test_a_feed_is_tried_then_watched(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """A page leads to the feed that it names; its entries are shown; watched, the feed is due and the dry run gone."""
    asked = client.post("/feeds", data={"what": "harbour.example"})
    assert (asked.status_code, asked.headers["location"]) == (303, "/previews/1")
    waiting = client.get("/previews/1")
    assert "The poller fetches it" in text_of(waiting)
    assert ["2"] == parsed(waiting).xpath("//meta[@http-equiv='refresh']/@content")
    run_dry(engine, now, lambda url: (FEED, "application/rss+xml") if "feed.xml" in url else (HOME, "text/html"))
    shown = client.get("/previews/1")
    assert "Harbour Wire" in text_of(shown)
    assert "Ferry runs aground" in text_of(shown)
    assert [] == parsed(shown).xpath("//meta[@http-equiv='refresh']")
    with reading(engine) as connection:
        assert 0 == connection.scalar(sa.select(sa.func.count()).select_from(feed))
    watched = client.post("/previews/1/watch", data={"tags": "world, sea , world"})
    assert (watched.status_code, watched.headers["location"]) == (303, "/feeds")
    [row] = client.get("/api/v1/feeds").json()["items"]
    assert (row["url"], row["tags"], row["state"]) == ("https://harbour.example/feed.xml", ["sea", "world"], "new")
    assert 404 == client.get("/previews/1").status_code


@pytest.mark.parametrize(
    ("what", "body", "kind"),
    [
        pytest.param("https://harbour.example/feed.xml", FEED, "feed", id="feed"),
        pytest.param("https://harbour.example/bridge", page(), "article", id="article"),
    ],
)
def test_what_is_watched_already_is_said(
    client: httpx.Client, engine: sa.Engine, now: datetime, what: str, body: bytes, kind: str
) -> None:
    """A second dry run of an address leads to what is watched there, and offers no second watch."""
    for number in (1, 2):
        dry = client.post("/feeds", data={"what": what}).headers["location"]
        run_dry(engine, now, lambda _: (body, "application/rss+xml" if kind == "feed" else "text/html"))
        seen = text_of(client.get(dry))
        assert (f"This {kind} is watched already" in seen, f"Watch this {kind}" in seen) == (number == 2, number == 1)
        client.post(f"{dry}/watch", data={})


def test_an_article_is_tried_then_watched(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """What would be kept and what left out, each with its rule; nothing is stored of it but the dry run."""
    asked = client.post("/api/v1/previews", json={"what": "https://harbour.example/bridge"})
    assert (202, "asked") == (asked.status_code, asked.json()["state"])
    run_dry(engine, now, lambda _: (page(), "text/html; charset=utf-8"))
    found = client.get("/api/v1/previews/1").json()["found"]
    assert ("article", "Bridge collapse in Port Harrow kills 12") == (found["kind"], found["title"])
    assert any("At least 12 people" in block["text"] for block in found["kept"])
    assert any("Copyright" in block["text"] for block in found["stripped"])
    seen = text_of(client.get("/previews/1"))
    assert "Left out" in seen
    with reading(engine) as connection:
        counts = [connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in (article, version, look)]
    assert [0, 0, 0] == counts
    assert [{"kind": "article", "id": 1}] == client.post("/api/v1/previews/1/watch", json={}).json()
    assert 404 == client.post("/api/v1/previews/1/watch", json={}).status_code


def test_a_list_is_tried_and_some_of_it_watched(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """OPML is read by a reader like anything from outside; what is ticked is watched, with its categories as tags."""
    client.post("/feeds", data={"what": OPML})
    run_dry(engine, now, lambda _: (b"", ""))
    seen = client.get("/previews/1")
    assert "1 are no web addresses" in text_of(seen)
    assert "javascript:" not in seen.text
    assert 2 == len(parsed(seen).xpath("//input[@name='only'][@checked]"))
    client.post("/previews/1/watch", data={"only": "https://wire.example/feed", "tags": "desk"})
    [row] = client.get("/api/v1/feeds").json()["items"]
    assert ("https://wire.example/feed", ["World", "desk"]) == (row["url"], row["tags"])


@pytest.mark.parametrize(
    ("what", "body", "reason"),
    [
        pytest.param("https://gone.example/", b"", "dns", id="not reached"),
        pytest.param("https://harbour.example/x", b"<html><body><p>Nothing</p></body></html>", "", id="nothing there"),
        pytest.param("<opml><body/></opml>", b"", "not-opml", id="an empty list"),
    ],
)
def test_what_cannot_be_watched_says_why(
    client: httpx.Client, engine: sa.Engine, now: datetime, what: str, body: bytes, reason: str
) -> None:
    """It is refused with its reason, watching it is a 409, and nothing is kept."""
    client.post("/feeds", data={"what": what})
    run_dry(engine, now, lambda _: (body, "text/html"))
    seen = client.get("/api/v1/previews/1").json()
    assert "refused" == seen["state"]
    assert reason in seen["reason"]
    assert seen["reason"] in text_of(client.get("/previews/1"))
    assert 409 == client.post("/api/v1/previews/1/watch", json={}).status_code
    assert [] == client.get("/api/v1/feeds").json()["items"]


def test_dry_runs_are_bounded_and_forgotten(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Twenty at once, an hour each; what a reader dies of is refused; leaving one forgets it."""
    for number in range(previews.MOST):
        assert 303 == client.post("/feeds", data={"what": f"https://a.example/{number}"}).status_code
    assert client.post("/feeds", data={"what": "https://a.example/more"}).status_code in (429, 429)
    client.post("/previews/1/leave")
    assert 303 == client.post("/feeds", data={"what": OPML}).status_code
    with writing(engine) as connection:
        owed = connection.scalars(sa.select(work.c.id)).one()
        assert [False, False, True] == [outbox.charge(connection, owed, "out-of-memory", now) for _ in range(3)]
    assert ("refused", "out-of-memory") == tuple(
        client.get("/api/v1/previews/21").json()[key] for key in ("state", "reason")
    )
    with writing(engine) as connection:
        assert previews.MOST == previews.forget(connection, now + previews.LIFE)
        assert 0 == connection.scalar(sa.select(sa.func.count()).select_from(preview))


def test_feeds_are_tended(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Pause, resume, tags and removal, by forms and by the API; the noise meter says what made no version."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        listed, story = newsroom.feed(), newsroom.story()
        newsroom.entry(listed, story)
        for minute in range(5):
            at = now - timedelta(minutes=minute)
            connection.execute(look.insert().values(article_id=story, from_at=at, to_at=at, outcome="200-new"))
    assert "75 % of 4" in text_of(client.get("/feeds"))
    for act, state in (("pause", "paused"), ("resume", "ok")):
        assert 303 == client.post(f"/feeds/1/{act}", data={"next": "/feeds"}).status_code
        assert state == client.get("/api/v1/feeds/1").json()["state"]
        assert state == client.post(f"/api/v1/feeds/1/{act}").json()["state"]
    client.post("/feeds/1/tags", data={"tags": "sea, world"})
    assert ["sea", "world"] == client.get("/api/v1/feeds/1").json()["tags"]
    assert [] == client.put("/api/v1/feeds/1/tags", json={"tags": []}).json()["tags"]
    assert 201 == client.post("/api/v1/feeds", json={"url": "https://b.example/rss", "tags": ["x"]}).status_code
    assert {"kind": "feed", "id": 2} == client.delete("/api/v1/feeds/2").json()
    assert 303 == client.post("/feeds/1/remove", data={}).status_code
    assert ([404] * 4, 1) == (
        [client.post(f"/api/v1/feeds/1/{act}").status_code for act in ("pause", "resume")]
        + [client.put("/api/v1/feeds/1/tags", json={}).status_code, client.delete("/api/v1/feeds/1").status_code],
        len(client.get("/api/v1/articles").json()["items"]),
    )


@pytest.mark.parametrize("what", ["", "not an address", "ftp://a.example/", "file:///etc/passwd", "https://"])
def test_what_is_no_address_is_refused(one_client: httpx.Client, what: str) -> None:
    """With one sentence, before anything is fetched."""
    for answer in (
        one_client.post("/feeds", data={"what": what}),
        one_client.post("/api/v1/previews", json={"what": what}),
        one_client.post("/api/v1/feeds", json={"url": what}),
    ):
        assert (400, {"error"}) == (answer.status_code, answer.json().keys())


def test_hostile_feeds_are_text(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """What a feed or a page says is shown, never run, under 100 kB."""
    items = "".join(f"<item><title><![CDATA[{h * 9}]]></title><link>{h}</link><guid>{n}</guid></item>" for n, h in
                    enumerate(HOSTILE * 90) if "\x1b" not in h)  # fmt: skip
    body = f'<rss version="2.0"><channel><title><![CDATA[{HOSTILE[0]}]]></title>{items}</channel></rss>'.encode()
    client.post("/feeds", data={"what": "https://a.example/"})
    run_dry(engine, now, lambda _: (body, "application/rss+xml"))
    shown = client.get("/previews/1")
    assert len(shown.content) < 100_000
    assert [] == parsed(shown).xpath(
        "//main//script | //main//svg | //main//img | //a[starts-with(@href,'javascript')]"
    )
