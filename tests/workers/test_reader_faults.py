"""What a reader does when the store refuses a value, the clock goes back, or two readers meet."""

import random
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from store import feeds, looks, outbox, snapshots
from store.engine import reading, writing
from store.outbox import Work
from store.snapshots import Bytes
from store.tables import article, entry, version
from store.tables import outbox as owed
from tests.parts.pages import BODY, page
from tests.parts.reading import Desk
from workers.limits import Hand
from workers.reader import Reader

ITEM = (
    "<item><title>Story {n} of the town hall</title><link>{link}</link><guid isPermaLink='false'>{guid}</guid></item>"
)


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader on an empty store."""
    return Desk(engine, now)


def listing(*items: str) -> bytes:
    """A feed of these items."""
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>C</title>{''.join(items)}</channel></rss>".encode()


def item(n: int, *, link: str = "", guid: str = "") -> str:
    """One item of a feed."""
    return ITEM.format(n=n, link=link or f"http://courier.example/news/{n}", guid=guid or f"g{n}")


def unlike(letters: int) -> str:
    """Letters outside of ASCII that nothing compresses."""
    chance = random.Random(1)
    return "".join(chr(chance.randint(0x4E00, 0x9FFF)) for _ in range(letters))


def owed_feed(desk: Desk, url: str, body: bytes) -> int:
    """A feed that was fetched; the id of the work."""
    with writing(desk.engine) as connection:
        key, _ = feeds.add(connection, url=url, host_name="courier.example:80", site="courier.example", now=desk.now)
        came = Bytes(url, 200, {"content-type": "application/rss+xml"}, str(hash(body)), body)
        kept = snapshots.keep(connection, "feed", key, came, desk.now)
        return outbox.owe(connection, "feed", subject=f"feed:{key}", snapshot_id=kept, now=desk.now)


def owed_page(desk: Desk, url: str, body: bytes) -> int:
    """A page that was fetched; the id of the work."""
    key = desk.watch(url)
    with writing(desk.engine) as connection:
        looks.note(connection, "article", key, desk.now, looks.NEW)
        came = Bytes(url, 200, {"content-type": "text/html; charset=utf-8"}, str(hash(body)), body)
        kept = snapshots.keep(connection, "article", key, came, desk.now)
        return outbox.owe(connection, "page", subject=f"article:{key}", snapshot_id=kept, now=desk.now)


def reader(desk: Desk, owner: str = "reader@test") -> Reader:
    """A reader of its own."""
    return Reader(desk.engine, desk.settings, owner, Hand(), lambda: desk.now)


def count(desk: Desk, table: sa.Table) -> int:
    """How many rows."""
    with reading(desk.engine) as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


@pytest.mark.parametrize(
    ("link", "guid", "articles"),
    [
        pytest.param("", unlike(2000), 1, id="a guid of 6 kB"),
        pytest.param(f"http://courier.example/news?q={unlike(1900)}", "", 0, id="a link of 17 kB is no page's"),
    ],
)
def test_case_51_names_that_no_index_holds(desk: Desk, link: str, guid: str, articles: int) -> None:
    """One endless name in a feed costs nothing of the others, and is the same one the next time."""
    for _ in range(2):
        assert desk.feed(listing(item(1, link=link, guid=guid), item(2))) == "read"
    assert count(desk, article) == articles + 1
    assert count(desk, entry) == articles + 1


@dataclass(frozen=True, slots=True)
class Unwritable:
    """Work that parsed well and holds what no row may hold."""

    work: Work
    outcome: str = "new"

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Writes an entry of a feed that there is none of."""
        row = {"feed_id": 0, "guid": None, "first_seen_at": now}
        connection.execute(entry.insert().values(row))
        return False


def test_p7_work_that_cannot_be_written_is_charged_alone(desk: Desk) -> None:
    """What the store refuses costs its own attempt, and the rest of the batch is written."""
    first = owed_page(desk, "http://courier.example/a", page())
    second = owed_page(desk, "http://courier.example/b", page(headline="Ferry timetable changes in spring"))
    mine = reader(desk)
    poisoned, sound = mine._lease([first, second])
    prepared = mine._prepare(sound)
    assert prepared is not None
    mine._write([Unwritable(poisoned), prepared])
    with reading(desk.engine) as connection:
        assert outbox.outcome(connection, first)[:2] == ("owed", "error: IntegrityError")
        assert outbox.outcome(connection, second)[:2] == ("done", "new")
        assert connection.execute(sa.select(owed.c.charges).order_by(owed.c.id)).scalars().all() == [1, 0]


def test_two_feeds_that_list_the_same_stories_do_not_wait_for_each_other(desk: Desk) -> None:
    """Two readers at once, the same stories in opposite order: no deadlock, and each story is one article."""
    items = [item(n) for n in range(150)]
    works = [
        owed_feed(desk, "http://courier.example/front", listing(*items)),
        owed_feed(desk, "http://courier.example/news", listing(*items[::-1])),
    ]
    faults: list[Exception] = []

    def read(work: int) -> None:
        try:
            reader(desk, f"reader@{work}").read([work])
        except Exception as fault:  # noqa: BLE001 - what a thread raises is lost otherwise
            faults.append(fault)

    threads = [threading.Thread(target=read, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert count(desk, article) == 150
    assert count(desk, entry) == 300


def test_two_addresses_read_at_the_same_moment_are_one_article(desk: Desk) -> None:
    """Of two readers whose pages name the same canonical address, the slower one merges."""
    body = page(canonical="http://courier.example/news/bridge")
    ready = []
    for path in ("a", "b"):
        work = owed_page(desk, f"http://courier.example/{path}/bridge", body)
        each = reader(desk, f"reader@{path}")
        ready.append((each, [each._prepare(leased) for leased in each._lease([work])]))
    threads = [threading.Thread(target=each._write, args=(prepared,)) for each, prepared in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(desk.engine) as connection:
        assert sorted(connection.execute(sa.select(article.c.versions)).scalars()) == [0, 1]


def test_case_94_a_clock_set_back_turns_no_window_round(desk: Desk) -> None:
    """The last look at the old text is never later than the first at the new one."""
    desk.look(page())
    desk.look(page())
    desk.now -= timedelta(hours=2)
    desk.look(page([paragraph.replace("12", "15") for paragraph in BODY]))
    with reading(desk.engine) as connection:
        row = connection.execute(sa.select(version).where(version.c.number == 2)).one()
    assert row.seen_old_at <= row.seen_new_at
