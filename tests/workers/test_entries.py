"""Which article an entry means."""

import pytest

from ingest.model import FeedEntry
from store.articles import Listed
from workers.entries import meant, url_key

FEED = "https://courier.example/feed"
STORY = "https://courier.example/news/bridge"


def entry(guid: str, link: str, title: str = "Bridge collapses in Port Harrow") -> FeedEntry:
    """An entry as parsed."""
    return FeedEntry(guid, link, title, None)


LISTED = {"g1": Listed("g1", STORY, "Bridge collapses in Port Harrow", 7)}


@pytest.mark.parametrize(
    ("new", "article"),
    [
        pytest.param(entry("g1", STORY), 7, id="same guid, same link"),
        pytest.param(entry("g1", f"{STORY}?utm_source=rss&utm_medium=feed"), 7, id="case_51 link gains tracking"),
        pytest.param(entry("g2", f"{STORY}#comments"), 7, id="another guid, the link with a fragment"),
        pytest.param(
            entry("g1", f"{STORY}-kills-15", "Bridge collapse in Port Harrow kills 15"), 7, id="case_51 new slug"
        ),
        pytest.param(
            entry("g1", "https://courier.example/sport/final", "Rovers win the cup final"),
            None,
            id="case_51 guid reused",
        ),
        pytest.param(entry("g9", "https://courier.example/news/other"), None, id="a new story"),
    ],
)
def test_an_entry_means_the_article_it_meant_before(new: FeedEntry, article: int | None) -> None:
    """A link is recognised without its tracking; a repeated guid is the same story while its title is much the same."""
    [found] = meant([new], LISTED, {url_key(STORY): 7}, FEED)
    assert article == found.article_id


def test_case_51_two_entries_for_one_page_are_one_article() -> None:
    """A feed that lists a story twice adds it once."""
    twice = [entry("a", f"{STORY}?utm_campaign=1"), entry("b", STORY)]
    assert len(meant(twice, {}, {}, FEED)) == 1


def test_case_54_a_feed_that_lists_itself_adds_nothing() -> None:
    """Its own address and entries without a link mean no article."""
    assert meant([entry("a", FEED), entry("b", "")], {}, {}, FEED) == []
