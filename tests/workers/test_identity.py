"""Which pages are one article: by names, and by texts where names are not to be believed."""

import threading
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from ingest.model import FeedEntry
from store import articles, merges
from store.engine import reading, writing
from store.tables import alias, article, entry, merge, version
from tests.parts.pages import BODY, page
from tests.parts.reading import URL, Desk
from workers.entries import url_key

AMP = "http://courier.example/amp/bridge-collapse-page"
STORM = (
    "The council of Marlow Bay voted on Tuesday to close 14 schools for the rest of the week after a storm tore off "
    "their roofs.",
    "Some 2,300 pupils will be taught in the town hall and in two churches, said Ida Brandt, who leads the council.",
    "Builders expect the repairs to cost 3 million and to last until the spring, according to a first report.",
)


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader on an empty store."""
    return Desk(engine, now)


def rows(desk: Desk, table: sa.Table) -> list[Any]:
    """A table's rows by id."""
    with reading(desk.engine) as connection:
        return list(connection.execute(sa.select(table).order_by(table.c.id)))


def two(desk: Desk, first: bytes, second: bytes) -> tuple[int, int, str]:
    """Two articles, looked at in turn: their ids, and what came of the second look."""
    one, other = desk.watch(URL), desk.watch("http://courier.example/other-address")
    desk.look(first, article_id=one)
    return one, other, desk.look(second, url="http://courier.example/other-address", article_id=other)


def test_one_text_under_a_shared_canonical_is_one_article(desk: Desk) -> None:
    """The second address becomes part of the first: recorded, its names moved, and nothing told."""
    one, other, _ = two(desk, page(canonical=URL), page(canonical=URL))
    [made] = rows(desk, merge)
    assert (one, other, "canonical", "reader", None) == (
        made.kept_id,
        made.gone_id,
        made.reason,
        made.by,
        made.undone_at,
    )
    assert made.evidence["shared"] == 1.0
    assert {one} == {row.article_id for row in rows(desk, alias)}
    gone = rows(desk, article)[1]
    assert (True, None, "moved", f"same-as:{one}", 0) == (
        gone.paused,
        gone.next_check_at,
        gone.availability,
        gone.last_reason,
        gone.versions,
    )
    assert [] == desk.alerts()


def test_a_canonical_that_different_texts_claim_is_not_believed(desk: Desk) -> None:
    """A section page as canonical of every story merges nothing, names nobody, and is warned of on both."""
    section = "http://courier.example/news/"
    one, other, came = two(
        desk, page(canonical=section), page(STORM, headline="Storm closes 14 schools", canonical=section)
    )
    desk.look(page([*BODY, BODY[0][::-1]], canonical=section), article_id=one)
    assert ("new", []) == (came, rows(desk, merge))
    assert ["canonical-shared"] * 2 == [row.warning for row in rows(desk, article)]
    with writing(desk.engine) as connection:
        assert {} == articles.by_keys(connection, [url_key(section)])
        articles.name(connection, other, {url_key(section): "url"}, desk.now)
        assert {url_key(section): other} == articles.by_keys(connection, [url_key(section)])


def test_who_claims_what_was_not_read_yet_is_met_when_it_is(desk: Desk) -> None:
    """An AMP page that was read first becomes the article; its canonical page, read later, becomes part of it."""
    main, amp = desk.watch(URL), desk.watch(AMP)
    assert desk.look(page(canonical=URL), url=AMP, article_id=amp) == "new"
    assert [] == rows(desk, merge)
    desk.look(page(canonical=URL), article_id=main)
    [made] = rows(desk, merge)
    assert (amp, main) == (made.kept_id, made.gone_id)


def test_two_addresses_that_answer_as_one_are_one_article(desk: Desk) -> None:
    """A redirect leads to what is watched already, also on another host; both have versions, both stay readable."""
    old, moved = desk.watch(URL), desk.watch("https://herald.example/bridge")
    desk.look(page(), article_id=old)
    desk.look(page(), url="https://herald.example/bridge", article_id=moved)
    assert [] == rows(desk, merge)
    desk.look(page([*BODY, "The mayor spoke."]), url="https://herald.example/bridge", article_id=old)
    [made] = rows(desk, merge)
    assert (old, moved, "final") == (made.kept_id, made.gone_id, made.reason)
    assert [(old, 1), (moved, 1), (old, 2)] == [(row.article_id, row.number) for row in rows(desk, version)]


def test_many_addresses_that_lead_to_one_page_stay_apart(desk: Desk) -> None:
    """A wall that passes for an article swallows nobody: the feed called them quite otherwise."""
    wall = page(STORM, headline="Before you read on")
    ids = []
    for n, title in enumerate(("Bridge collapses in Port Harrow", "Rovers sign keeper", "Vaccine trial enrols 900")):
        ids.append(desk.watch(f"http://courier.example/story-{n}"))
        with writing(desk.engine) as connection:
            articles.note(connection, ids[-1], title=title)
        desk.look(wall, url="http://courier.example/wall-of-consent", article_id=ids[-1])
    assert [] == rows(desk, merge)
    assert ["", "many-in-one", "many-in-one"] == [row.warning for row in rows(desk, article)]


def test_a_merge_that_was_undone_is_not_made_again(desk: Desk) -> None:
    """Parted articles have their names back and are both read; only a person merges them again."""
    one, other, _ = two(desk, page(canonical=URL), page(canonical=URL))
    with writing(desk.engine) as connection:
        [made] = merges.standing(connection, other)
        merges.undo(connection, made, by="test", now=desk.now)
    back = rows(desk, article)[1]
    assert (False, desk.now, "ok", "active") == (back.paused, back.next_check_at, back.availability, back.watch)
    assert {one, other} == {row.article_id for row in rows(desk, alias)}
    again = page([*BODY, "The mayor spoke on Tuesday."], canonical=URL)
    assert desk.look(again, url="http://courier.example/other-address", article_id=other) == "new"
    assert desk.look(again, article_id=one) == "new"
    assert len(rows(desk, merge)) == 1


def test_two_readers_that_meet_merge_once(desk: Desk) -> None:
    """Each reads one of a pair at the same moment, and each finds the other: one merge, of the newer into the older."""
    ids = [desk.watch(f"http://courier.example/way-{n}") for n in range(2)]
    for each in ids:
        desk.look(page(), url=f"http://courier.example/way-{each}", article_id=each)
    start = threading.Barrier(2)

    def read(key: int) -> None:
        own = Desk(desk.engine, desk.now)
        start.wait()
        own.look(page([*BODY, "The mayor spoke."], canonical=URL), article_id=key)

    readers = [threading.Thread(target=read, args=(key,)) for key in ids]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert [(ids[0], ids[1])] == [(row.kept_id, row.gone_id) for row in rows(desk, merge)]
    assert [False, True] == [row.paused for row in rows(desk, article)]


def test_what_became_part_of_another_is_read_and_told_no_more(desk: Desk) -> None:
    """Work still owed on it is closed without a version; a page that was under way changes nothing."""
    _, other, _ = two(desk, page(canonical=URL), page(canonical=URL))
    assert desk.look(page(STORM), url="http://courier.example/other-address", article_id=other) == "merged"
    assert [1, 0] == [row.versions for row in rows(desk, article)]


def feed_of(*entries: FeedEntry) -> bytes:
    """An RSS feed."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{each.guid}</guid><link>{each.link}</link><title>{each.title}</title></item>"
        for each in entries
    )
    return f"<rss version='2.0'><channel><title>Courier</title>{items}</channel></rss>".encode()


def moved(desk: Desk) -> int:
    """An article of two versions whose entry then got another link under the same guid."""
    desk.feed(feed_of(FeedEntry("g1", URL, "Bridge collapse in Port Harrow kills 12", None)))
    desk.article_id = rows(desk, article)[0].id
    desk.look(page())
    desk.feed(feed_of(FeedEntry("g1", f"{URL}-kills-15", "Bridge collapse in Port Harrow kills 15", None)))
    return desk.article_id


def test_case_51_a_new_slug_is_looked_at_where_it_is_now(desk: Desk) -> None:
    """The story stays one article under its first URL; the next look goes to the new address, at once."""
    moved(desk)
    [found] = rows(desk, article)
    assert (URL, f"{URL}-kills-15") == (found.url, found.address)
    assert found.next_check_at <= desk.now
    assert desk.look(page([*BODY, "Fifteen are dead."]), url=f"{URL}-kills-15") == "new"
    assert [] == rows(desk, merge)


def test_case_51_a_guid_reused_under_a_like_title_is_parted(desk: Desk) -> None:
    """The new address shows another story: it becomes an article of its own, the old one is looked at where it was,
    and that is recorded."""
    key = moved(desk)
    desk.look(page(STORM, headline="Bridge collapse in Port Harrow kills 15"), url=f"{URL}-kills-15")
    first, new = rows(desk, article)
    assert ("", 1, f"{URL}-kills-15", 0) == (first.address, first.versions, new.url, new.versions)
    [parted] = rows(desk, merge)
    assert (key, new.id, "guid") == (parted.kept_id, parted.gone_id, parted.reason)
    assert parted.undone_at is not None
    assert [new.id] == [row.article_id for row in rows(desk, entry)]
    desk.feed(feed_of(FeedEntry("g1", f"{URL}-kills-15", "Bridge collapse in Port Harrow kills 15", None)))
    assert len(rows(desk, article)) == 2
