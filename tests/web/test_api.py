"""The JSON API: pieces that join without gap or overlap, and refusals that say why."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute

from store.engine import writing
from store.tables import article as table
from tests.parts.rows import TOLL, Newsroom

LISTS = ("feeds", "articles", "versions", "changes", "endpoints", "deliveries")


def pieces(client: httpx.Client, path: str, **query: Any) -> list[list[dict[str, Any]]]:
    """Every piece of a list, following its cursors."""
    found: list[list[dict[str, Any]]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get(f"/api/v1/{path}", params={**query, "cursor": cursor})
        assert 200 == answer.status_code
        found.append(answer.json()["items"])
        cursor = answer.json()["next"]
    return found


@pytest.mark.parametrize("name", LISTS)
def test_lists_start_empty(client: httpx.Client, name: str) -> None:
    """Nothing yet is an empty piece, not an error."""
    assert {"items": [], "next": None} == client.get(f"/api/v1/{name}").json()


@pytest.mark.parametrize("name", LISTS)
def test_lists_hold_what_is_stored(client: httpx.Client, story: int, name: str) -> None:
    """Every list shows the rows of a small newsroom, newest first."""
    ids = [int(item["id"]) for item in client.get(f"/api/v1/{name}").json()["items"]]
    assert ids
    assert sorted(ids, reverse=True) == ids


@pytest.mark.parametrize("limit", [1, 3, 7, 200])
def test_pieces_join_without_gap_or_overlap(client: httpx.Client, engine: sa.Engine, now: datetime, limit: int) -> None:
    """Followed by its cursors a list gives each row once, whatever the size of a piece."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = [newsroom.article(f"https://harbour.example/{number}") for number in range(7)]
    found = pieces(client, "articles", limit=limit)
    assert all(len(piece) <= limit for piece in found)
    assert made[::-1] == [item["id"] for item in itertools.chain(*found)]


def test_rows_that_come_meanwhile_do_not_shift_the_pieces(
    client: httpx.Client, engine: sa.Engine, now: datetime
) -> None:
    """A cursor means the same place after newer rows came."""
    with writing(engine) as connection:
        made = [Newsroom(connection, now).article(f"https://harbour.example/{number}") for number in range(4)]
    first = client.get("/api/v1/articles", params={"limit": 2}).json()
    with writing(engine) as connection:
        Newsroom(connection, now).article("https://harbour.example/new")
    second = client.get("/api/v1/articles", params={"limit": 2, "cursor": first["next"]}).json()
    assert made[::-1] == [item["id"] for item in first["items"] + second["items"]]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"cursor": "x"}, id="no number"),
        pytest.param({"cursor": "-1"}, id="negative"),
        pytest.param({"cursor": "9" * 30}, id="too large"),
        pytest.param({"cursor": "٣"}, id="a digit of another script"),
        pytest.param({"cursor": "1" * 5000}, id="very long"),
        pytest.param({"limit": "0"}, id="no rows"),
        pytest.param({"limit": "201"}, id="too many rows"),
        pytest.param({"limit": "all"}, id="no limit"),
    ],
)
def test_broken_cursors_and_limits(one_client: httpx.Client, name: str, query: dict[str, str]) -> None:
    """What no list gave out is a 400 with the reason."""
    answer = one_client.get(f"/api/v1/{name}", params=query)
    assert 400 == answer.status_code
    assert next(iter(query)) in answer.json()["error"].lower()


def test_largest_cursor_is_the_whole_list(client: httpx.Client, story: int) -> None:
    """A cursor above every id gives the newest rows."""
    answer = client.get("/api/v1/articles", params={"cursor": str(2**63 - 1)})
    assert [story] == [item["id"] for item in answer.json()["items"]]


def test_article_fields(client: httpx.Client, story: int) -> None:
    """An article carries the fields that docs/architecture.md promises."""
    item = client.get(f"/api/v1/articles/{story}").json()
    promised = {"id", "url", "canonical", "title", "site", "state", "versions", "last_changed_at", "next_check_at"}
    assert promised <= item.keys()
    assert ("settled", 2, "2026-03-02T09:02:00Z") == (item["state"], item["versions"], item["last_changed_at"])


def test_version_with_its_text(client: httpx.Client, story: int) -> None:
    """A version gives its text and what was left out of it, with the rule."""
    item = client.get(f"/api/v1/articles/{story}/versions/2").json()
    assert "At least 15 people were killed.\nThe bridge opened in 1987." == item["text"]
    assert [{"text": "Read also: a fair", "path": "aside/p", "rule": "teaser"}] == item["stripped"]
    assert {"number", "seen_at", "headline", "sha256", "factual"} <= item["version"].keys()


def test_change_is_the_webhooks_change(client: httpx.Client, story: int) -> None:
    """A change of the API is the webhook's object with its place beside it."""
    (item,) = client.get("/api/v1/changes").json()["items"]
    assert item.items() >= TOLL.items()
    assert (story, 2) == (item["article"]["id"], item["version"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"type": "casualty"}, 1, id="its type"),
        pytest.param({"type": ["quote", "casualty"]}, 1, id="one of two types"),
        pytest.param({"type": "quote"}, 0, id="another type"),
        pytest.param({"min_severity": "critical"}, 1, id="its severity"),
        pytest.param({"since": "2026-03-02T09:00:00Z"}, 1, id="since then"),
        pytest.param({"since": "2026-03-02T11:00:00+02:00"}, 1, id="since then, in another zone"),
        pytest.param({"since": "2026-03-02T09:00:01Z"}, 0, id="since later"),
        pytest.param({"article": "1"}, 1, id="its article"),
        pytest.param({"article": "2"}, 0, id="another article"),
        pytest.param({"feed": "1"}, 0, id="a feed that does not list it"),
    ],
)
def test_changes_are_filtered(client: httpx.Client, story: int, query: dict[str, Any], found: int) -> None:
    """Filters narrow the list and combine with cursors."""
    assert found == len(client.get("/api/v1/changes", params=query).json()["items"])


@pytest.mark.parametrize(
    "query",
    [
        "type=x",
        "min_severity=loud",
        "since=yesterday",
        "since=2026-03-02T09:00:00",
        "since=0001-01-01T00:00:00%2B23:00",
        "article=0",
        "article=x",
        f"article={2**63}",
        "feed=-1",
    ],
)
def test_broken_filters(one_client: httpx.Client, query: str) -> None:
    """A filter that means nothing is a 400 with the reason, never an empty list."""
    answer = one_client.get(f"/api/v1/changes?{query}")
    assert (400, {"error"}) == (answer.status_code, answer.json().keys())


def test_diff(client: httpx.Client, story: int) -> None:
    """The difference names words, edits and changes; a whole text that stayed is there unmarked."""
    item = client.get(f"/api/v1/articles/{story}/diff?from=1&to=2").json()
    words = [["same", "At least "], ["del", "12"], ["ins", "15"], ["same", " people were killed."]]
    assert [words, [["same", "The bridge opened in 1987."]]] == item["paragraphs"]
    assert ["fact"] == [edit["intention"] for edit in item["edits"]]
    assert ["casualty"] == [change["type"] for change in item["changes"]]


def test_diff_over_several_versions(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Between versions that are no neighbours, every change on the way is told in order."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article()
        for toll in (4, 9, 12):
            version = newsroom.version(made, f"{toll} people were killed.")
            if toll > 4:
                newsroom.change(made, version, after=str(toll))
    item = client.get(f"/api/v1/articles/{made}/diff?from=1&to=3").json()
    assert ["9", "12"] == [change["after"] for change in item["changes"]]
    assert [[["del", "4"], ["ins", "12"], ["same", " people were killed."]]] == item["paragraphs"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("articles/999", 404),
        ("articles/99999999999999999999999", 404),
        ("articles/x", 400),
        ("feeds/999", 404),
        ("articles/{story}/versions/9", 404),
        ("articles/{story}/versions/99999999999", 404),
        ("articles/{story}/diff", 400),
        ("articles/{story}/diff?from=2&to=1", 400),
        ("articles/{story}/diff?from=1&to=99999999999", 404),
        ("articles/999/diff?from=1&to=2", 404),
        ("nowhere", 404),
    ],
)
def test_unknown_things(client: httpx.Client, story: int, path: str, status: int) -> None:
    """Unknown ids are 404, nonsense is 400, both as JSON with a reason."""
    answer = client.get(f"/api/v1/{path.format(story=story)}")
    assert (status, {"error"}) == (answer.status_code, answer.json().keys())


def test_only_what_exists_is_described(one_client: httpx.Client) -> None:
    """The API describes itself, as OpenAPI 3.1, and every path in it answers."""
    described = one_client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for path, operations in described["paths"].items():
        if "get" in operations and "{" not in path and not path.endswith("/stream"):
            assert one_client.get(path).status_code in (200, 503)


def test_numbers_that_json_cannot_hold(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """A lone surrogate in a stored value cannot break the answer."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article()
        version = newsroom.version(made, "x")
        if engine.dialect.name == "sqlite":  # PostgreSQL's JSON refuses it at the door
            newsroom.change(made, version, value_after={"text": "\ud800"})
    answer = client.get("/api/v1/changes")
    assert 200 == answer.status_code
    assert answer.content.isascii()


def test_health(client: httpx.Client, story: int) -> None:
    """Alive means that the process answers; ready, that database, queue and poller do."""
    assert {"alive": True} == client.get("/livez").json()
    answer = client.get("/readyz")
    assert (503, "ok", "not reachable", "ok") == (answer.status_code, *answer.json()["checks"].values())


def test_ready(engine: sa.Engine, now: datetime, valkey: str, story: int) -> None:
    """With all three there the service is ready; a poller not seen for a while is missed."""
    from tests.parts.desk import serving

    with serving(engine, now, redis={"url": valkey}) as client:
        assert {"ready": True, "checks": {"database": "ok", "queue": "ok", "poller": "ok"}} == client.get(
            "/readyz"
        ).json()
    with serving(engine, now + timedelta(minutes=1), redis={"url": valkey}) as client:
        answer = client.get("/readyz")
        assert (503, "no poller was seen lately") == (answer.status_code, answer.json()["checks"]["poller"])


def test_gauges(client: httpx.Client, engine: sa.Engine, now: datetime, story: int) -> None:
    """Every gauge is there, and says what SQL says."""
    from web.metrics import GAUGES

    with writing(engine) as connection:
        Newsroom(connection, now).feed("https://dead.example/", failures=2, last_reason='a "quoted"\nreason')
    lines = client.get("/metrics").text.splitlines()
    assert set(GAUGES) == {line.split()[2] for line in lines if line.startswith("# TYPE")}
    for line in (
        "writethru_versions 2.0",
        'writethru_fact_changes{severity="critical",type="casualty"} 1.0',
        'writethru_feeds{state="failing"} 1.0',
        'writethru_failing{reason="a \\"quoted\\"\\nreason"} 1.0',
        'writethru_deliveries{state="delivered"} 1.0',
        'writethru_roles_alive{role="poller"} 1.0',
    ):
        assert line in lines


def test_documented() -> None:
    """docs/web.md names every gauge, every path of the API and every open door."""
    from config.settings import ROOT
    from web.app import ROUTERS
    from web.doors import OPEN
    from web.metrics import GAUGES

    said = (ROOT / "docs" / "web.md").read_text()
    paths = {route.path for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)}
    lists = {path.removeprefix("/api/v1/") for path in paths if path.startswith("/api/v1/")}
    words = [*GAUGES, *OPEN, *(path.partition("/{")[0] for path in lists)]
    assert [] == [word for word in words if word not in said]


def test_articles_whose_text_changed(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """`changed_since` asks for new texts: a look, a state or a title that was touched is none."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        told = newsroom.story()
        newsroom.article("https://harbour.example/unread", last_checked_at=now + timedelta(hours=2))
        quiet = newsroom.article("https://harbour.example/quiet", last_checked_at=now + timedelta(hours=2))
        newsroom.version(quiet, "It rained.", seen_new_at=now - timedelta(days=1))
        connection.execute(table.update().where(table.c.id == quiet).values(last_changed_at=now - timedelta(days=1)))
        connection.execute(table.update().values(title="touched", last_status=304))
    (found,) = pieces(client, "articles", changed_since="2026-03-02T09:00:00Z")
    assert [told] == [item["id"] for item in found]
    for moment in ("yesterday", "16", "2026-03-02", "2026-03-02T09:00:00"):
        assert 400 == client.get(f"/api/v1/articles?changed_since={moment}").status_code
