"""Which article an entry means."""

import pytest

from ingest.model import FeedEntry
from store.articles import Listed, Watched
from workers.entries import Meant, distinct, meant, url_key

FEED = "https://courier.example/feed"
STORY = "https://courier.example/news/bridge"


def entry(guid: str, link: str, title: str = "Bridge collapses in Port Harrow") -> FeedEntry:
    """An entry as parsed."""
    return FeedEntry(guid, link, title, None)


LISTED = {"g1": Listed("g1", STORY, "Bridge collapses in Port Harrow", 7)}
NUMBERED = "https://courier.example/news/1234567-bridge-collapses"
KNOWN = {
    url_key(STORY): 7,
    "page:courier.example/news/bridge": 7,
    url_key(NUMBERED): 8,
    "number:courier.example/1234567": 8,
}
WATCHED = {7: Watched("Bridge collapse kills 12", STORY), 8: Watched("Bridge collapses in Port Harrow", NUMBERED)}


def read(*entries: FeedEntry, linked: tuple[int, ...] = ()) -> list[Meant]:
    """What entries of one feed mean where all of the above is known."""
    return meant(distinct(entries, FEED), LISTED, KNOWN, linked, WATCHED)


@pytest.mark.parametrize(
    ("new", "article", "by"),
    [
        pytest.param(entry("g1", STORY), 7, "url", id="same guid, same link"),
        pytest.param(
            entry("g1", f"{STORY}?utm_source=rss&utm_medium=feed"), 7, "url", id="case_51 link gains tracking"
        ),
        pytest.param(entry("g2", f"{STORY}#comments"), 7, "url", id="another guid, the link with a fragment"),
        pytest.param(entry("g2", STORY.replace("https", "http")), 7, "page", id="http and https"),
        pytest.param(entry("g2", "https://m.courier.example/news/bridge/"), 7, "page", id="the mobile page"),
        pytest.param(entry("g2", "https://courier.example/news/bridge/amp/"), 7, "page", id="the AMP page"),
        pytest.param(
            entry("g1", f"{STORY}-kills-15", "Bridge collapse in Port Harrow kills 15"),
            7,
            "guid",
            id="case_51 new slug",
        ),
        pytest.param(
            entry("g1", "https://courier.example/sport/final", "Rovers win the cup final"),
            None,
            "",
            id="case_51 guid reused",
        ),
        pytest.param(
            entry("g9", "https://courier.example/news/1234567-15-dead", "Bridge collapses in Port Harrow, 15 dead"),
            8,
            "number",
            id="a new slug around the same number",
        ),
        pytest.param(
            entry("g9", "https://courier.example/weather/1234567-storm", "Storm closes schools on Monday"),
            None,
            "",
            id="the same number, another story",
        ),
        pytest.param(entry("g9", "https://courier.example/news/other"), None, "", id="a new story"),
    ],
)
def test_an_entry_means_the_article_it_meant_before(new: FeedEntry, article: int | None, by: str) -> None:
    """A link is recognised in whatever dress; a repeated guid or number is the same story while its title is much the
    same."""
    [found] = read(new)
    assert (article, by) == (found.article_id, found.by)


def test_a_number_that_the_feed_lists_twice_is_no_name() -> None:
    """Two links with one number, both listed now, are two stories in one section."""
    [found] = read(entry("g9", "https://courier.example/news/1234567-15-dead"), linked=(8,))
    assert found.article_id is None


def test_case_51_two_entries_for_one_page_are_one_article() -> None:
    """A feed that lists a story twice adds it once."""
    twice = [entry("a", f"{STORY}?utm_campaign=1"), entry("b", STORY), entry("c", f"{STORY}/")]
    assert len(distinct(twice, FEED)) == 1


def test_case_54_a_feed_that_lists_itself_adds_nothing() -> None:
    """Its own address and entries without a link mean no article."""
    assert distinct([entry("a", FEED), entry("b", "")], FEED) == []
