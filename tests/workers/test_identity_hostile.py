"""A feed or a page that claims to be somebody else's article gets nowhere."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from ingest.model import FeedEntry
from store import articles, merges
from store.engine import writing
from store.tables import article, merge
from tests.parts.pages import BODY, page
from tests.parts.reading import URL, Desk
from tests.workers.test_identity import feed_of, rows

MIRROR = "http://mirror.example/2/bridge"
MIRRORED = "http://mirror.example/feed"
TITLE = "Bridge collapse in Port Harrow kills 12"
FORGED = [BODY[0].replace("12", "90"), *BODY[1:]]


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader on an empty store."""
    return Desk(engine, now)


def listed(desk: Desk, feed: str, link: str, guid: str = "g1") -> None:
    """A feed that lists one link."""
    desk.feed(feed_of(FeedEntry(guid, link, TITLE, None)), url=feed)


@pytest.mark.parametrize("theirs_first", [True, False], ids=["theirs-first", "ours-first"])
def test_a_guid_moves_no_article_to_another_site(desk: Desk, theirs_first: bool) -> None:
    """A feed lists another site's story, then puts its own page under the same guid: that is an article of its own."""
    for feed in ("http://courier.example/feed", MIRRORED)[:: 1 if theirs_first else -1]:
        listed(desk, feed, URL)
    [known] = rows(desk, article)
    listed(desk, MIRRORED, MIRROR)
    assert [(URL, ""), (MIRROR, "")] == [(row.url, row.address) for row in rows(desk, article)]
    desk.look(page(), article_id=known.id)
    desk.look(page(FORGED), url=MIRROR, article_id=rows(desk, article)[1].id)
    assert [1, 1] == [row.versions for row in rows(desk, article)]
    assert [] == desk.alerts()


@pytest.mark.parametrize("mark", "?#")
def test_an_address_that_looks_like_a_cache_names_nobody_elses_page(desk: Desk, mark: str) -> None:
    """What stands behind the host's end is no host: the link is another site's, whatever it spells."""
    listed(desk, MIRRORED, f"https://mirror.example{mark}.cdn.ampproject.org/c/s/courier.example/news/bridge")
    listed(desk, "http://courier.example/feed", URL)
    assert ["mirror.example", "courier.example"] == [row.site for row in rows(desk, article)]


def test_who_redirects_to_a_story_does_not_become_its_address(desk: Desk) -> None:
    """A page that leads to another site's story does not have that story watched through it, however early it came."""
    listed(desk, MIRRORED, MIRROR)
    [first] = rows(desk, article)
    desk.look(page(), url=URL, article_id=first.id)
    with writing(desk.engine) as connection:
        articles.note(connection, first.id, final_url=URL)
    listed(desk, "http://courier.example/feed", URL)
    second = rows(desk, article)[1]
    desk.look(page(), url=URL, article_id=second.id)
    [made] = rows(desk, merge)
    kept = next(row for row in rows(desk, article) if row.id == made.kept_id)
    assert URL == (kept.address or kept.url)
    listed(desk, MIRRORED, f"{MIRROR}-again")
    assert (first.id, URL) == (kept.id, rows(desk, article)[0].address)
    with writing(desk.engine) as connection:
        merges.undo(connection, merges.merges(connection)[0], by="test", now=desk.now)
    assert ["", ""] == [row.address for row in rows(desk, article)[:2]]
