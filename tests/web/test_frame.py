"""The frame that every page shares: a twin in JSON, a navigation without dead links, forms that lead back."""

import httpx
import pytest
from fastapi.routing import APIRoute

from tests.web.test_pages import parsed
from web.app import ROUTERS
from web.forms import Form, back

PATHS = {route.path for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)}
TWINS = sorted(path for path in PATHS if path.endswith(".json") and "{" not in path and "/api/" not in path)


@pytest.mark.parametrize("path", TWINS)
def test_every_twin_is_the_page_in_json(one_client: httpx.Client, path: str) -> None:
    """The page and its twin both answer, the twin in JSON whatever the client accepts."""
    twin = one_client.get(path, headers={"accept": "text/html"})
    page = one_client.get(path.removesuffix(".json"))
    assert (200, "application/json") == (twin.status_code, twin.headers["content-type"])
    assert (200, True) == (page.status_code, page.headers["content-type"].startswith("text/html"))
    assert isinstance(twin.json(), dict)


def test_a_twin_refuses_in_json(one_client: httpx.Client) -> None:
    """Who asks for JSON gets JSON, also when there is nothing."""
    answer = one_client.get("/changes.json?cursor=x", headers={"accept": "text/html"})
    assert (400, {"error": "The cursor is not one that a list gave out."}) == (answer.status_code, answer.json())


def test_navigation_leads_somewhere(one_client: httpx.Client) -> None:
    """Every entry of the navigation answers, and says that it is where one is."""
    entries = parsed(one_client.get("/")).xpath("//nav/a/@href")
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
