"""The page about the API, made of the API's own description."""

from typing import Any

import httpx
import pytest

from tests.parts.desk import parsed


@pytest.fixture
def document(one_client: httpx.Client) -> dict[str, Any]:
    """The description for programs."""
    found: dict[str, Any] = one_client.get("/api/v1/openapi.json").json()
    return found


def test_every_operation_is_shown(one_client: httpx.Client, document: dict[str, Any]) -> None:
    """Every operation with a command to try it, every shape that is linked, nothing from another origin."""
    page = parsed(one_client.get("/api"))
    shown = {" ".join(each.text_content().split()) for each in page.xpath("//details[@data-row]/summary/b")}
    paths = page.xpath("//details[@data-row]/summary/code/text()")
    assert sorted(paths) == sorted(path for path, methods in document["paths"].items() for _ in methods)
    assert shown == {"GET", "POST", "PUT", "DELETE"}
    assert len(page.xpath("//pre[starts-with(., 'curl ')]")) == len(paths)
    linked = {each[1:] for each in page.xpath("//main//a/@href") if each.startswith("#")}
    assert linked <= set(page.xpath("//@id"))
    assert not [each for each in page.xpath("//@src | //link/@href") if not each.startswith("/")]


def test_a_command_works(one_client: httpx.Client) -> None:
    """Commands name this service, fill in what is in the path and bring what must be sent."""
    told = one_client.get("/api.json").json()["subjects"]
    commands = {f"{each['method']} {each['path']}": each["curl"] for subject in told for each in subject["operations"]}
    diff = commands["GET /api/v1/articles/{article_id}/diff"]
    assert "curl 'http://127.0.0.1:8700/api/v1/articles/1/diff?from=1&to=2'" == diff
    review = commands["POST /api/v1/changes/{change_id}/review"]
    assert review.endswith("""/api/v1/changes/1/review --json '{"verdict": "right"}'""")


def test_the_footer_leads_here(one_client: httpx.Client) -> None:
    """Every page leads to it."""
    assert "/api" in parsed(one_client.get("/works")).xpath("//footer/a/@href")
