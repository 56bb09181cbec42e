"""The frame that every page shares: a twin in JSON, a navigation without dead links, forms that lead back."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from store.engine import engine_for
from tests.parts.desk import parsed, serving
from tests.parts.everything import one_of_each, pages, twins
from web.forms import Form, back

PLAIN = ("/",)  # whose twin is that of /changes


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a desk with one of each thing."""
    path = tmp_path_factory.mktemp("furnished") / "writethru.db"
    shutil.copy(sqlite_template, path)
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    one_of_each(engine, now)
    with serving(engine, now) as client:
        yield client
    engine.dispose()


def test_every_page_has_a_twin() -> None:
    """The route table names a twin for each page."""
    assert set(pages()) - set(PLAIN) == {path.removesuffix(".json") for path in twins()}


@pytest.mark.parametrize("path", twins())
def test_every_twin_is_the_page_in_json(furnished: httpx.Client, path: str) -> None:
    """The page and its twin both answer, the twin in JSON whatever the client accepts; both name what is shown."""
    twin = furnished.get(path, headers={"accept": "text/html"})
    page = furnished.get(path.removesuffix(".json"))
    assert (200, "application/json") == (twin.status_code, twin.headers["content-type"])
    assert (200, True) == (page.status_code, page.headers["content-type"].startswith("text/html"))
    assert isinstance(twin.json(), dict)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/changes", "people killed"),
        ("/articles/1", "people killed"),
        ("/articles", "Bridge collapse"),
        ("/feeds", "Harbour Wire"),
        ("/deliveries", "https://desk.example/hook"),
        ("/endpoints", "https://desk.example/hook"),
        ("/changes/1", "seen in print"),
        ("/precision", "casualty.slot"),
        ("/previews/1", "https://dry.example/"),
    ],
)
def test_page_and_twin_tell_the_same(furnished: httpx.Client, path: str, shown: str) -> None:
    """What a page shows stands in its twin."""
    for answer in (furnished.get(path), furnished.get(f"{path}.json")):
        assert shown in answer.text


@pytest.mark.parametrize("path", ["/changes", "/articles", "/feeds", "/endpoints", "/deliveries"])
def test_every_list_is_cut_by_a_cursor(furnished: httpx.Client, path: str) -> None:
    """A cursor leads to what is older, here to nothing; a broken one is refused."""
    first, last = furnished.get(f"{path}.json"), furnished.get(f"{path}.json?cursor=1")
    assert ("1", False) == (_ids(first.json()), bool(_ids(last.json())))
    assert 400 == furnished.get(f"{path}.json?cursor=x").status_code


def _ids(told: dict[str, Any]) -> str:
    rows = next(told[name] for name in ("versions", "articles", "feeds", "endpoints", "deliveries") if name in told)
    found = rows["rows"] if isinstance(rows, dict) else rows
    return "1" if found else ""


def test_lists_lead_to_their_atom(furnished: httpx.Client) -> None:
    """Pages name the Atom feed that tells the same, for people and for feed readers, and it answers."""
    for path, feed in (
        ("/changes", "/atom/changes"),
        ("/changes?type=casualty&tag=harbour", "/atom/changes?type=casualty&tag=harbour"),
        ("/changes?saved=night", "/atom/filters/night"),
        ("/articles/1", "/atom/articles/1"),
        ("/articles?feed=1", "/atom/feeds/1"),
    ):
        page = parsed(furnished.get(path))
        assert [feed] == page.xpath("//link[@type='application/atom+xml']/@href")
        assert feed in page.xpath("//main//a/@href")
        assert 200 == furnished.get(feed).status_code


def test_a_twin_refuses_in_json(one_client: httpx.Client) -> None:
    """Who asks for JSON gets JSON, also when there is nothing."""
    answer = one_client.get("/changes.json?cursor=x", headers={"accept": "text/html"})
    assert (400, {"error": "The cursor is not one that a list gave out."}) == (answer.status_code, answer.json())


def test_navigation_leads_somewhere(one_client: httpx.Client) -> None:
    """Every entry of the navigation answers, and says that it is where one is."""
    entries = parsed(one_client.get("/")).xpath("//header//nav/a/@href")
    assert len(entries) > 2
    for entry in entries:
        here = parsed(one_client.get(entry)).xpath("//nav/a[@aria-current='page']/@href")
        assert [entry] == here


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        pytest.param("/changes?type=quote#c1", "/changes?type=quote#c1", id="our page"),
        pytest.param("", "/feeds", id="none"),
        pytest.param("https://evil.example/", "/feeds", id="another site"),
        pytest.param("//evil.example/", "/feeds", id="another host"),
        pytest.param("/\\evil.example/", "/feeds", id="what browsers read as another host"),
        pytest.param("/a\r\nset-cookie: x=1", "/feeds", id="a header of its own"),
        pytest.param("/é", "/feeds", id="what no header holds"),
    ],
)
def test_back_stays_here(wanted: str, led: str) -> None:
    """A form leads back to a page of this service and to nothing else."""
    answer = back(Form({"next": [wanted]}), "/feeds")
    assert (303, led) == (answer.status_code, answer.headers["location"])
