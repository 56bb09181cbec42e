"""The list of changes: one line a change, what was asked for, saved by name, small whatever comes from outside."""

import itertools
from datetime import datetime, timedelta
from typing import Any, get_args

import httpx
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute

from facts.model import ChangeType
from store.engine import writing
from store.filters import save_filter
from store.reviews import review
from store.tables import alert, entry, fact_change
from store.views import changes
from tests.parts.rows import Newsroom
from tests.web.test_api import pieces
from tests.web.test_pages import parsed, text_of
from web.filters import Filter
from web.routes import api


def chips_on(client: httpx.Client, address: str) -> list[str]:
    """The chips of a list, in its order, without their verdicts."""
    chips = parsed(client.get(address)).xpath("//ol[@id='changes']//a[@class='open']")
    return [" ".join(chip.text_content().split()) for chip in chips]


@pytest.fixture
def two_stories(engine: sa.Engine, now: datetime) -> None:
    """A toll that rose in a feed with a tag, and a quote that changed without notice in none."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        listed = newsroom.feed(tags=["harbour"])
        made = newsroom.story()
        row = {"feed_id": listed, "guid": "1", "article_id": made, "first_seen_at": now}
        connection.execute(entry.insert().values(row))
        other = newsroom.article("https://ashgate.example/lead", title="Lead in the water", site="ashgate.example")
        newsroom.version(other, "“We did.”")
        quote: dict[str, Any] = {
            "type": "quote",
            "before": "“We did.”",
            "after": "“We did not.”",
            "subject": "",
            "severity": "high",
        }
        newsroom.change(other, newsroom.version(other, "“We did not.”", stealth=True), **quote)
        review(connection, 1, "wrong", note="a street number", by="ana", now=now)


TOLL = "casualty 12 → 15 people killed critical"
QUOTE = "quote “We did.” → “We did not.” high"


@pytest.mark.parametrize(
    ("query", "chips"),
    [
        pytest.param("", [QUOTE, TOLL], id="all, the last one first"),
        pytest.param("type=quote", [QUOTE], id="type"),
        pytest.param("type=quote&type=casualty", [QUOTE, TOLL], id="two types"),
        pytest.param("type=&min_severity=&feed=&tag=&verdict=", [QUOTE, TOLL], id="an empty form"),
        pytest.param("min_severity=critical", [TOLL], id="severity"),
        pytest.param("feed=1", [TOLL], id="feed"),
        pytest.param("tag=harbour", [TOLL], id="tag"),
        pytest.param("verdict=none", [QUOTE], id="unreviewed"),
        pytest.param("verdict=wrong", [TOLL], id="called wrong"),
        pytest.param("article=2", [QUOTE], id="article"),
        pytest.param("ids=1,7", [TOLL], id="ids"),
        pytest.param("since=2026-03-03T00:00:00Z", [], id="since"),
        pytest.param("saved=tolls", [TOLL], id="saved by name"),
    ],
)
def test_what_is_asked_for(
    client: httpx.Client, engine: sa.Engine, now: datetime, two_stories: None, query: str, chips: list[str]
) -> None:
    """The page, its twin and the API give what the filter asks for."""
    with writing(engine) as connection:
        save_filter(connection, "tolls", "type=casualty", by="ana", now=now)
    assert chips == chips_on(client, f"/changes?{query}")
    twin = client.get(f"/changes.json?{query}").json()
    assert [chip.split()[0] for chip in chips] == [
        line["chip"]["type"] for version in twin["versions"] for line in version["lines"]
    ]
    if "saved" not in query and "ids" not in query and "=&" not in query:
        told = client.get(f"/api/v1/changes?{query}").json()["items"]
        assert [chip.split()[0] for chip in chips] == [change["type"] for change in told]


def test_the_api_asks_the_same() -> None:
    """Whatever the page can ask for, the API can; ids alone are the page's own."""
    (route,) = (each for each in api.router.routes if isinstance(each, APIRoute) and each.path.endswith("/changes"))
    known = {field.alias for field in route.dependant.query_params}
    assert set(Filter.model_fields) - {"ids"} == known


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        pytest.param("type=tolls", "type is one of correction, casualty", id="type"),
        pytest.param("min_severity=loud", "min_severity is one of info, low", id="severity"),
        pytest.param("feed=harbour", "feed is the id of a feed", id="feed"),
        pytest.param("verdict=perhaps", "verdict is one of none, right", id="verdict"),
        pytest.param("since=yesterday", "since is a moment with its zone", id="since"),
        pytest.param("since=0001-01-01T00:00:00%2B14:00", "since is out of range", id="before the first year"),
        pytest.param("severity=high", "a filter has the fields type, min_severity", id="unknown field"),
        pytest.param("ids=" + ",".join("1" * 201), "ids is at most 200", id="too many ids"),
        pytest.param("cursor=x", "cursor is not one that a list gave out", id="cursor"),
    ],
)
def test_a_broken_filter_says_why(one_client: httpx.Client, query: str, reason: str) -> None:
    """400 with the reason, as a page and as JSON; what was sent is not repeated."""
    for path, accept in (("/changes", "text/html"), ("/changes.json", "*/*")):
        answer = one_client.get(f"{path}?{query}", headers={"accept": accept})
        assert (400, True) == (answer.status_code, reason in answer.text)


@pytest.mark.parametrize("path", ["/changes/999", "/changes/0", f"/changes/{2**80}", "/changes?saved=nobody"])
def test_what_is_not_there_leads_on(one_client: httpx.Client, path: str) -> None:
    """404 with links that lead somewhere."""
    answer = one_client.get(path, headers={"accept": "text/html"})
    assert 404 == answer.status_code
    assert {"/", "/articles"} <= {*parsed(answer).xpath("//main//a/@href")}


def test_marks_and_words(client: httpx.Client, two_stories: None) -> None:
    """A line says what went unannounced, the outlet's own name, and the last word with its note."""
    seen = text_of(client.get("/changes"))
    assert "ashgate.example · v2" in seen
    assert "Harbour Wire · v2" in seen
    assert 1 == len(parsed(client.get("/changes")).xpath("//ol//span[text()='unannounced']"))
    assert "wrong ana, now: a street number" in seen


def test_filters_are_saved_and_forgotten(client: httpx.Client, two_stories: None) -> None:
    """A filter gets a name, is opened by it, replaced under it, and deleted; all of it by plain forms."""
    saved = client.post("/filters", data={"name": "Überblick & more", "query": "type=quote"})
    assert 303 == saved.status_code
    opened = saved.headers["location"]
    assert [QUOTE] == chips_on(client, opened)
    client.post("/filters", data={"name": "Überblick & more", "query": "type=casualty&min_severity="})
    assert [TOLL] == chips_on(client, opened)
    page = parsed(client.get(opened))
    assert [QUOTE] != chips_on(client, *page.xpath("//nav[@class='saved']/a[@aria-current]/@href"))
    (delete,) = page.xpath("//form[contains(@action, '/delete')]/@action")
    assert (303, "/changes") == ((gone := client.post(delete)).status_code, gone.headers["location"])
    assert (404, 404) == (client.get(opened).status_code, client.post(delete).status_code)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        pytest.param({"name": "", "query": "type=quote"}, "1 to 60 visible characters", id="no name"),
        pytest.param(
            {"name": "a\u202eb", "query": "type=quote"}, "1 to 60 visible characters", id="a name that steers"
        ),
        pytest.param({"name": "x" * 61, "query": "type=quote"}, "1 to 60 visible characters", id="a long name"),
        pytest.param({"name": "a", "query": "type=x"}, "type is one of", id="a filter that asks for nothing there is"),
    ],
)
def test_what_cannot_be_saved(one_client: httpx.Client, form: dict[str, str], reason: str) -> None:
    """Refused with the reason."""
    answer = one_client.post("/filters", data=form)
    assert (400, True) == (answer.status_code, reason in answer.text)


def test_the_list_stays_small(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """A full page of long values from outside, hundreds of feeds and filters: under 100 kB; what is cut is counted."""
    evil = "<&\u202e'\"" * 60
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        for number in range(120):
            newsroom.feed(f"https://harbour.example/{number}", title=f"{number} {evil}", tags=[f"{number} {evil}"[:90]])
            save_filter(connection, f"{number} " + "&" * 50, "type=quote", by="ana", now=now)
        for number in range(30):
            made = newsroom.article(f"https://harbour.example/a{number}", title=evil, site="harbour.example")
            newsroom.version(made, "12.")
            second = newsroom.version(made, "15.")
            for ordinal in range(9):
                kind = get_args(ChangeType)[ordinal]
                told = newsroom.change(made, second, ordinal, type=kind, before=evil, after=f"{evil}?", subject=evil)
                review(connection, told, "unsure", note=evil, by="ana", now=now)
    address, sizes, versions = "/changes", [], 0
    while address:
        answer = client.get(address)
        sizes.append(len(answer.content))
        versions += text_of(answer).count("5 more in this version")
        address = next(iter(parsed(answer).xpath("//p[@class='more']/a/@href")), "")
    assert 30 == versions
    assert max(sizes) < 100_000


@pytest.mark.parametrize("many", [1, 10_000], ids=["a tag of many articles", "a tag of few"])
def test_pieces_of_what_a_filter_asks_for(
    client: httpx.Client, engine: sa.Engine, now: datetime, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Two types, a severity and a tag, cut in pieces: each change that fits once, newest first, and no other."""
    monkeypatch.setattr(changes, "_MANY_ARTICLES", many)
    kinds = itertools.cycle(("casualty", "quote", "number"))
    wanted = []
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        listed, other = newsroom.article(), newsroom.article("https://harbour.example/other")
        newsroom.entry(newsroom.feed(tags=["harbour"]), listed)
        for n, kind in zip(range(24), kinds, strict=False):
            article_id, loud = (other if n % 4 == 0 else listed), ("low" if n % 5 == 0 else "high")
            made = newsroom.change(article_id, newsroom.version(article_id, f"{n}"), type=kind, severity=loud)
            if (article_id, loud) == (listed, "high") and kind != "number":
                wanted.append(str(made))
    asked = {"type": ["quote", "casualty"], "min_severity": "medium", "tag": "harbour", "limit": 3}
    found = pieces(client, "changes", **asked)
    assert wanted[::-1] == [item["id"] for item in itertools.chain(*found)]
    assert len(found) > 2


@pytest.fixture
def gone_and_back(engine: sa.Engine, now: datetime, two_stories: None) -> None:
    """The page of the toll went between two changes, and came back."""
    with writing(engine) as connection:
        for minutes, kind, severity in ((9, "withdrawn", "high"), (20, "restored", "medium")):
            befell = {"type": f"article.{kind}", "subject": "article:1", "cause": f"outbox:{minutes}"}
            body = {"reason": "http-410"}
            at = now + timedelta(minutes=minutes)
            connection.execute(
                alert.insert().values(id=f"a{minutes}", severity=severity, body=body, created_at=at, **befell)
            )


GONE, BACK = "withdrawn the page is gone (HTTP 410) high", "restored the page is back medium"


@pytest.mark.parametrize(
    ("query", "chips"),
    [
        pytest.param("", [BACK, GONE, QUOTE, TOLL], id="in the order of their moments"),
        pytest.param("type=withdrawn", [GONE], id="withdrawn"),
        pytest.param("type=restored&type=casualty", [BACK, TOLL], id="beside a change's type"),
        pytest.param("type=quote", [QUOTE], id="not among others"),
        pytest.param("min_severity=high", [GONE, QUOTE, TOLL], id="severity"),
        pytest.param("tag=Harbour", [BACK, GONE, TOLL], id="tag"),
        pytest.param("feed=1", [BACK, GONE, TOLL], id="feed"),
        pytest.param("article=2", [QUOTE], id="article"),
        pytest.param("since=2026-03-02T09:10:00Z&type=withdrawn&type=restored", [BACK], id="since"),
        pytest.param("verdict=none", [QUOTE], id="nobody reviews them"),
    ],
)
def test_pages_that_went_and_came_back(client: httpx.Client, gone_and_back: None, query: str, chips: list[str]) -> None:
    """What befell a page stands among the changes, and is asked for as one of their types."""
    assert chips == chips_on(client, f"/changes?{query}")


def test_a_list_of_both_in_pieces(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Every change and every page that went is shown once, the last one first, however the pieces are cut."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article("https://harbour.example/a", title="a", site="harbour.example")
        newsroom.version(made, "0")
        for number in range(70):
            told = newsroom.change(made, newsroom.version(made, f"{number}"), type="number", before="1", after="2")
            at = now + timedelta(seconds=number // 3)
            connection.execute(fact_change.update().where(fact_change.c.id == told).values(created_at=at))
            befell = {"type": "article.withdrawn", "subject": f"article:{made}", "cause": f"outbox:{number}"}
            connection.execute(
                alert.insert().values(id=f"a{number}", severity="high", body={}, created_at=at, **befell)
            )
    address, seen = "/changes", []
    while address:
        page = parsed(client.get(address))
        seen += page.xpath("//ol[@id='changes']//*[@data-row]/@id | //ol[@id='changes']/li/@id")
        address = next(iter(page.xpath("//p[@class='more']/a/@href")), "")
    assert (140, 140) == (len(seen), len(set(seen)))


@pytest.mark.parametrize(
    "cursor", ["1.2", "1.x.a", "1.99999999999999999999.a", "x.1.a", "..", "1.2.3.4", f"1.{9:030}.a", "1.1.%00"]
)
def test_a_cursor_of_no_list(one_client: httpx.Client, cursor: str) -> None:
    """Refused, whatever it is."""
    for types in ("", "&type=withdrawn"):
        assert 400 == one_client.get(f"/changes?cursor={cursor}{types}").status_code


def test_a_row_has_the_headline_of_its_time(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """An article that is called something else today was called so then."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article("https://harbour.example/a", title="Blast kills 23", site="harbour.example")
        newsroom.version(made, "12")
        newsroom.change(made, newsroom.version(made, "15", headline="Blast kills 15"))
    assert "Blast kills 15" in text_of(client.get("/changes"))
