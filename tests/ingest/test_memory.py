"""Site memory: what recurs on distinct articles is furniture, whatever the order in which it was seen."""

import pytest

from ingest.extraction.page import extract
from ingest.learning import memory_from
from ingest.memory import Sighting, fingerprint, sightings
from ingest.model import Page, SiteMemory
from tests.pages.newspaper import STORY, TEASERS, URL, page


def read(body: bytes, memory: SiteMemory | None = None) -> Page:
    return extract(body, URL, memory=memory)


def site(*articles: int, promo: str = "", rail: str = "", every: int = 1) -> SiteMemory:
    """The memory of a site after articles about other things; the promo stands on every so many."""
    rows = []
    for number in articles:
        texts = [
            f"{text} It was the {number * 7 + n}th time that year, wardens of {number} villages said."
            for n, (_, text) in enumerate(TEASERS)
        ]
        found = extract(
            page(
                [*texts, promo] if promo and number % every == 0 else texts,
                headline=f"{TEASERS[number % 6][0]} in {number}",
                aside=rail,
            ),
            f"{URL}/{number}",
        )
        rows += [(each.fingerprint, each.path, each.kept, number) for each in sightings(found)]
    return memory_from(rows)


def test_what_recurs_on_distinct_articles_is_furniture() -> None:
    """A line that several articles show is stripped; the same line on one article fetched often is not."""
    promo = "The Courier Walk starts from the town hall steps on Sunday"
    assert (promo, "site") in [(b.text, b.rule) for b in read(page([*STORY, promo]), site(1, 2, 3, promo=promo)).blocks]
    again = _rows(page([*STORY, promo]), article=1) * 5
    assert promo in read(page([*STORY, promo]), memory_from(again)).text


def _rows(body: bytes, article: int) -> list[tuple[str, str, bool, int]]:
    return [(each.fingerprint, each.path, each.kept, article) for each in sightings(read(body))]


def test_near_duplicates_are_one_article() -> None:
    """A story under two addresses teaches nothing about itself."""
    memory = memory_from([*_rows(page(), 1), *_rows(page([*STORY, TEASERS[0][1]]), 2), *_rows(page(STORY[:6]), 3)])
    assert 1 == memory.articles
    assert list(STORY) == read(page(), memory).text.split("\n")


def test_memory_is_the_same_whatever_the_order() -> None:
    """The order in which sightings were made does not matter."""
    rows = [
        row
        for number in range(1, 5)
        for row in _rows(page([*STORY[:number], *[text for _, text in TEASERS[number:]]]), number)
    ]
    assert memory_from(rows) == memory_from(reversed(rows)) == memory_from(sorted(rows))


def test_prose_teased_elsewhere_stays() -> None:
    """A paragraph that other articles show as a teaser in their rail is this article's own."""
    memory = site(1, 2, 3, 4, 5, rail=f"<p>{STORY[0]}</p>")
    assert STORY[0] in read(page(), memory).text


def test_digits_are_folded_in_short_lines_only() -> None:
    """ "3 comments" and "12 comments" are one line; two sentences with different figures are two."""
    assert fingerprint("3 comments") == fingerprint("12 comments")
    assert fingerprint(STORY[0]) != fingerprint(STORY[0].replace("12", "15"))
    assert Sighting(fingerprint("x y z"), "p", True).fingerprint.startswith("s")


@pytest.mark.parametrize("sentence", ["Nobody was hurt.", "At least 12 people died."])
def test_a_short_sentence_that_stories_share_stays(sentence: str) -> None:
    """What several stories say in the same few words is news in each of them; on most articles it is the site's."""
    text = [*STORY[:3], sentence, *STORY[3:]]
    assert sentence in read(page(text), site(*range(1, 9), promo=sentence, every=3)).text
    assert sentence not in read(page(text), site(*range(1, 9), promo=sentence)).text


def test_two_tolls_are_two_sentences() -> None:
    """Figures count in a sentence of any length."""
    toll = "At least {} people died."
    assert fingerprint(toll.format(9)) != fingerprint(toll.format(12))
    assert toll.format(12) in read(page([*STORY, toll.format(12)]), site(1, 2, 3, promo=toll.format(9))).text
