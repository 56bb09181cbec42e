"""The article page: chips and their marks, ways to read, the rail, the ledger, and its bounds."""

import re
from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest
import sqlalchemy as sa

from store.engine import writing
from store.tables import article
from tests.parts.desk import parsed, text_of
from tests.parts.rows import Newsroom


def test_each_chip_leads_to_its_mark(client: httpx.Client, told: int) -> None:
    """The chips are numbered, each is a link to the place in the text that bears its number, once and only once."""
    page = parsed(client.get(f"/articles/{told}"))
    links = page.xpath("//ol[@class='chips']//a[@class='jump']/@href")
    assert 2 == len(links)
    marks = [page.get_element_by_id(link.removeprefix("#")) for link in links]
    assert ["1", "2"] == [mark.text for mark in marks]
    assert ["19", "confirmed"] == [mark.getprevious().text for mark in marks]
    assert all(page.get_element_by_id(mark.get("href").removeprefix("#")) is not None for mark in marks)
    assert len(page.xpath("//@id")) == len(set(page.xpath("//@id")))


def test_what_changed_says_why_to_believe_it(client: httpx.Client, told: int) -> None:
    """Headline, outlet, tags, the facts and the evidence are said in words."""
    seen = text_of(client.get(f"/articles/{told}?from=1&to=2"))
    for part in ("Harbour Wire", "floods", "1 fact changed", "from v1 to v2", "casualty 12 → 15", "Why believe it?"):
        assert part in seen


def test_several_versions_are_one_change(client: httpx.Client, told: int) -> None:
    """From the first version to the last a fact is one chip, with what it was on the way."""
    seen = text_of(client.get(f"/articles/{told}?from=1&to=4"))
    assert "2 facts changed" in seen
    assert re.search(r"casualty 12 → 19 people killed .* by way of 15", seen)


def test_side_by_side(client: httpx.Client, told: int) -> None:
    """The old text stands left with what went, the new one right with what came, a number on one side only."""
    page = parsed(client.get(f"/articles/{told}?view=side"))
    left = page.xpath("//div[@class='pair']/p[1]")
    right = page.xpath("//div[@class='pair']/p[2]")
    assert (["15", "denied"], []) == (
        [e.text for p in left for e in p.iter("del")],
        [e for p in left for e in p.iter("ins")],
    )
    assert (["19", "confirmed"], []) == (
        [e.text for p in right for e in p.iter("ins")],
        [e for p in right for e in p.iter("del")],
    )
    assert ["1", "2"] == page.xpath("//div[@class='pair']//a[@class='tie']/text()")


def test_final_text(client: httpx.Client, told: int) -> None:
    """The newer text alone and whole, with the numbers where the facts stand."""
    page = parsed(client.get(f"/articles/{told}?view=final"))
    (story,) = page.find_class("story")
    assert [] == list(story.iter("del"))
    assert "The ministry confirmed2 it." in story.text_content()
    assert "The end." in story.text_content()


def test_unchanged_sentences_unfold(client: httpx.Client, told: int) -> None:
    """What did not change is counted and one press away, without a script and without another page."""
    page = parsed(client.get(f"/articles/{told}"))
    assert ["3 unchanged sentences"] == [each.text for each in page.xpath("//details[contains(@class,'fold')]/summary")]
    assert "Nobody came." in page.xpath("string(//details[contains(@class,'fold')])")
    assert [] == parsed(client.get(f"/articles/{told}?all=true")).xpath("//details[contains(@class,'fold')]")


def test_first_version_is_shown_whole(client: httpx.Client, told: int) -> None:
    """There is nothing to compare a first version with, so its text is shown."""
    seen = text_of(client.get(f"/articles/{told}?to=1"))
    assert "At least 12 people were killed." in seen
    assert "There is nothing to compare a first version with" in seen


def test_a_page_that_cannot_be_read_says_so(client: httpx.Client, engine: sa.Engine, told: int) -> None:
    """What stands there is what the page said before, and why nothing newer does is said first."""
    with writing(engine) as connection:
        connection.execute(article.update().values(availability="blocked", last_reason="http-403", last_status=403))
    assert "The page cannot be read: http-403. What" in text_of(client.get(f"/articles/{told}"))


def test_chips_say_from_which_version_they_tell(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Where more changed than a page reads, the first value of a chip is that of the version named, not of the one
    asked for."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article()
        for toll in range(1, 154):
            version = newsroom.version(made, f"At least {toll} people were killed.")
            if toll > 1:
                newsroom.change(
                    made, version, before=str(toll - 1), after=str(toll), value_before=None, value_after=None
                )
    seen = text_of(client.get(f"/articles/{made}?from=1&to=153"))
    assert re.search("1 fact changed from v3 to v153 .*casualty 3 → 153 .*Told from v3 on", seen)
    assert "Told from" not in text_of(client.get(f"/articles/{made}?from=3&to=153"))


def test_rail_and_ledger(client: httpx.Client, told: int) -> None:
    """The rail has a node a version, the ledger a line a fact, and a number is drawn with its open end and in words."""
    page = parsed(client.get(f"/articles/{told}"))
    kinds = [item.get("class") for item in page.xpath("//ol[@class='rail']/li[not(contains(@class,'day'))]")]
    assert ["n-fact here", "n-style", "n-fact", "n-first"] == kinds
    assert [["12", "15", "19"], ["denied", "denied", "confirmed"]] == [
        [cell.text_content() for cell in line.xpath("td[@data-label]")]
        for line in page.xpath("//table[@class='ledger']/tbody/tr")
    ]
    (drawn,) = page.xpath("//table[@class='ledger']//*[name()='svg']")
    assert "people killed: v1: 12, v2: 15, v4: 19" == drawn.get("aria-label")
    assert 1 == len(drawn.xpath("*[@class='range']"))


def test_explained(client: httpx.Client, told: int) -> None:
    """Why an edit is told as a fact, and why another is only style, is said on demand."""
    assert "fact: the count of people killed moved from" in text_of(
        client.get(f"/articles/{told}?from=1&to=2&explain=true")
    )
    assert "style: " in text_of(client.get(f"/articles/{told}?from=2&to=3&explain=true"))


def test_odd_questions(client: httpx.Client, told: int) -> None:
    """What makes no sense is refused with the reason; what is merely empty is shown."""
    asked = {
        "?view=pdf": 400,
        "?at=-1": 400,
        "?at=9999": 200,
        "?from=3&to=2&view=side": 400,
        "?from=1&to=9&explain=true": 404,
        "?from=1&to=4&explain=true": 200,
        "?to=1&view=side": 200,
        "?to=1&explain=true": 200,
        "?view=stripped&at=500": 200,
    }
    assert asked == {query: client.get(f"/articles/{told}{query}").status_code for query in asked}


@pytest.fixture
def long_ones(engine: sa.Engine, now: datetime) -> Iterator[list[int]]:
    """An article with 500 versions and many fact changes, and one of 200 kB whose every paragraph changed."""
    long = [f"Paragraph {n} of the report: 12 " + "of the long report goes on. " * 9 for n in range(750)]
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article()
        for number in range(500):
            last = newsroom.version(made, f"Version {number}.")
            if number % 3:
                newsroom.change(
                    made, last, subject=f"people of town {number % 40}", before=str(number), after="x" * 300
                )
        other = newsroom.article("https://harbour.example/long")
        newsroom.version(other, "\n".join(long))
        newsroom.version(other, "\n".join(long).replace(" 12 ", " 15 "), stripped=tuple(long[:200]))
    yield [made, other]


def test_long_articles_stay_small_pages(client: httpx.Client, long_ones: list[int]) -> None:
    """500 versions and a text of 200 kB open under 100 kB, whichever way they are read, and lead on."""
    many, long = long_ones
    ways = ("", "?view=side", "?all=true", "?view=final", "?view=stripped", "?explain=true", ".json")
    paths = [f"/articles/{each}{way}" for each in long_ones for way in ways]
    paths += [
        f"/articles/{many}?from=1&to=500",
        f"/articles/{many}?cursor=300&from=99&to=100",
        f"/articles/{long}?at=300",
    ]
    sizes = {path: len(client.get(path).content) for path in paths}
    assert {} == {path: size for path, size in sizes.items() if not 1_000 < size < 100_000}
    assert "The text goes on from paragraph" in client.get(f"/articles/{long}").text
    assert "Older" in text_of(client.get(f"/articles/{many}"))


def test_withdrawn_article_says_since_when(client: httpx.Client, engine: sa.Engine, now: datetime, told: int) -> None:
    """A page that is gone keeps its versions, says what it answers, and ends the rail with a cross."""
    gone = {"availability": "withdrawn", "gone_since": now, "gone_reason": "http-410"}
    with writing(engine) as connection:
        connection.execute(article.update().where(article.c.id == told).values(**gone))
    answer = client.get(f"/articles/{told}")
    assert "Withdrawn: the page answers HTTP 410 since 2026-03-02 09:00 UTC" in text_of(answer)
    assert parsed(answer).xpath("//li[contains(@class,'n-withdrawn')]")
