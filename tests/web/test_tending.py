"""Endpoints and deliveries tended from the desk, by forms and by the API; what is shown once, and who may."""

from datetime import datetime
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from store import endpoints
from store.engine import reading, writing
from store.tables import delivery
from tests.parts.delivering import deliverer, standing, tell, tell_many
from tests.parts.receiver import receiver, saying
from tests.parts.rows import TOLL
from tests.web.test_pages import HOSTILE, parsed, text_of

STORY = {"article": {"id": 12, "title": "Ferry"}, "version": {"to": 2}, "changes": [{**TOLL, "id": "7"}]}


@pytest.fixture
def hook(client: httpx.Client) -> int:
    """The id of an endpoint added by the API."""
    made: int = client.post("/api/v1/endpoints", json={"url": "https://desk.example/hook"}).json()["endpoint"]["id"]
    return made


def test_a_secret_is_shown_once(client: httpx.Client, engine: sa.Engine) -> None:
    """The form leads to a page that shows it; that page again, the list and the API do not."""
    answer = client.post("/endpoints", data={"url": "https://me:hush@desk.example/hook"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/endpoints/1/secret")
    secret = standing(engine, 1).secret
    assert secret in client.get("/endpoints/1/secret").text
    elsewhere = [
        client.get(path).text for path in ("/endpoints/1/secret", "/endpoints", "/endpoints/1", "/endpoints.json")
    ]
    assert not any(secret in text or "hush" in text for text in elsewhere)
    assert "shown once" in elsewhere[0]
    rotated = client.post("/endpoints/1/rotate")
    assert (303, "/endpoints/1/secret") == (rotated.status_code, rotated.headers["location"])
    assert standing(engine, 1).secret in client.get("/endpoints/1/secret").text
    assert "The old secret signs as well until" in text_of(client.get("/endpoints/1"))


def test_a_rule_is_tried_then_saved(client: httpx.Client, engine: sa.Engine, now: datetime, hook: int) -> None:
    """The same form tries by GET and saves by POST; what would be told is counted, and why the rest would not."""
    tell(engine, now, 1, severity="critical", body=STORY)
    tell(engine, now, 2, severity="high", body={**STORY, "changes": [{**TOLL, "id": "8", "type": "number"}]})
    rule = {"change_types": "casualty", "words": "people killed", "rises": "10%"}
    seen = text_of(client.get(f"/endpoints/{hook}", params={**rule, "try": "true"}))
    assert "This rule would have told 1 of the last 2 alerts of its types" in seen
    assert "no: no change of type casualty" in seen
    assert "12 → 15" in seen
    assert standing(engine, hook).rule.words == ()
    assert 303 == client.post(f"/endpoints/{hook}/rule", data=rule).status_code
    assert standing(engine, hook).rule.words == ("people killed",)
    page = parsed(client.get(f"/endpoints/{hook}"))
    assert ["casualty"] == page.xpath("//input[@name='change_types'][@checked]/@value")
    assert ["10%"] == page.xpath("//input[@name='rises']/@value")


def test_a_rule_with_a_mistake_goes_back_to_its_form(client: httpx.Client, engine: sa.Engine, hook: int) -> None:
    """What was typed stands there again, with what is wrong, and nothing is saved."""
    answer = client.post(f"/endpoints/{hook}/rule", data={"quiet": "at <b>night", "words": "toll"})
    assert answer.status_code == 303
    page = client.get(answer.headers["location"])
    assert "'at <b>night' are no quiet hours" in text_of(page)
    assert ["toll"] == parsed(page).xpath("//input[@name='words']/@value")
    assert standing(engine, hook).rule.words == ()


def test_deliveries_show_attempts_and_go_out_again(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Code, time, the answer's head and the next try; one is sent again, all that failed, or a range."""
    with receiver() as hook:
        hook.reply = saying(500, b"<script>alert(1)</script> out of order")
        client.post("/endpoints", data={"url": hook.url})
        tell_many(engine, now, 3)
        sender = deliverer(engine, lambda: now, schedule=())
        while sender.turn(1):
            with writing(engine) as connection:
                endpoints.enable(connection, 1, now)
        page = client.get("/deliveries", params={"state": "failed", "endpoint": 1})
        assert 3 == len(parsed(page).xpath("//tr[@data-row]"))
        assert "500 http-500" in text_of(page)
        assert "<script>alert(1)</script> out of order" in text_of(page)
        assert "<script>alert" not in page.text
        assert 303 == client.post("/deliveries/2/replay", data={"next": "/deliveries?state=owed"}).status_code
        assert [2] == [
            each["delivery"]["id"] for each in client.get("/deliveries.json?state=owed").json()["deliveries"]
        ]
        assert {"replayed": 2} == client.post("/api/v1/deliveries/replay", json={}).json()
        assert {"replayed": 0} == client.post("/api/v1/deliveries/replay", json={}).json()
        hook.reply = saying(200)
        while sender.turn(1):
            pass
        assert 303 == client.post("/deliveries/replay", data={"what": "range", "first": 1, "last": 2}).status_code
        owed = client.get("/api/v1/deliveries", params={"state": "owed"}).json()["items"]
        assert [2, 1] == [each["id"] for each in owed]
        kept = client.get("/api/v1/deliveries/1").json()
    assert [500, 200] == [each["status"] for each in kept["attempts"]]
    assert "out of order" in kept["attempts"][0]["head"]


def test_an_endpoint_is_tended_by_the_api(client: httpx.Client, engine: sa.Engine, hook: int) -> None:
    """Rule, back-test, test, rotate, disable, enable and remove; each says what is so now."""
    at = f"/api/v1/endpoints/{hook}"
    ruled = client.put(f"{at}/rule", json={"words": ["toll"], "quiet": "22:00-07:00 Europe/Kyiv"}).json()
    assert (ruled["rule"]["words"], ruled["rule"]["quiet"]) == (["toll"], "22:00-07:00 Europe/Kyiv")
    assert ruled == client.get(at).json()
    assert (0, 0) == tuple(client.post(f"{at}/backtest", json={}).json()[key] for key in ("told", "of"))
    owed = client.post(f"{at}/test")
    assert (202, "endpoint.test") == (
        owed.status_code,
        client.get(f"/api/v1/deliveries/{owed.json()['delivery']}").json()["delivery"]["type"],
    )
    rotated = client.post(f"{at}/rotate").json()
    assert (rotated["secret"], None) != (standing(engine, hook).old_secret, rotated["endpoint"]["old_secret_until"])
    assert client.post(f"{at}/disable").json()["enabled"] is False
    assert 409 == client.post(f"{at}/test").status_code
    assert client.post(f"{at}/enable").json()["enabled"] is True
    assert {"id": hook, "cancelled": 1} == client.delete(at).json()
    assert [404, 404, 409] == [
        client.delete(at).status_code, client.get(at).status_code,
        client.post(f"/api/v1/deliveries/{owed.json()['delivery']}/replay").status_code,
    ]  # fmt: skip


def test_forms_do_what_the_api_does(client: httpx.Client, engine: sa.Engine, hook: int) -> None:
    """Every form answers 303 to a page that is there."""
    for act in ("disable", "enable", "test", "rule", "remove"):
        answer = client.post(f"/endpoints/{hook}/{act}", data={})
        assert (act, 303) == (act, answer.status_code)
        assert 200 == client.get(answer.headers["location"]).status_code
    with reading(engine) as connection:
        assert endpoints.listing(connection) == []
        assert connection.scalars(sa.select(delivery.c.state)).all() == ["cancelled"]


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        pytest.param("POST", "/api/v1/endpoints", {"url": "ftp://a.example/"}, 400, id="no http"),
        pytest.param("POST", "/api/v1/endpoints", {"url": "https://a.example/", "secret": "x"}, 400, id="no secret"),
        pytest.param(
            "POST", "/api/v1/endpoints", {"url": "https://a.example/", "rule": {"quiet": "x"}}, 400, id="rule"
        ),
        pytest.param("POST", "/api/v1/endpoints", {"url": "https://a.example/", "colour": 1}, 400, id="unknown key"),
        pytest.param("PUT", "/api/v1/endpoints/9/rule", {}, 404, id="unknown endpoint"),
        pytest.param("POST", "/api/v1/endpoints/9/backtest", {}, 404, id="unknown back-test"),
        pytest.param("POST", "/api/v1/deliveries/9/replay", {}, 404, id="unknown delivery"),
        pytest.param("GET", "/endpoints/9", None, 404, id="no such page"),
        pytest.param("GET", "/deliveries/9", None, 404, id="no such delivery"),
        pytest.param("GET", "/deliveries?state=lost", None, 400, id="no such state"),
        pytest.param("GET", "/deliveries?cursor=x", None, 400, id="no such cursor"),
    ],
)
def test_what_cannot_be_is_refused(one_client: httpx.Client, method: str, path: str, sent: Any, status: int) -> None:
    """With a status and one sentence, and nothing is made."""
    answer = one_client.request(method, path, json=sent)
    assert (status, {"error"}) == (answer.status_code, answer.json().keys())
    assert [] == one_client.get("/api/v1/endpoints").json()["items"]


def test_text_from_outside_stays_text(client: httpx.Client, engine: sa.Engine, now: datetime, hook: int) -> None:
    """Hostile headlines and values in a back-test are shown, never run, and the page stays under 100 kB."""
    for number in range(70):
        hostile = HOSTILE[number % len(HOSTILE)]
        change = {**TOLL, "id": "1", "before": hostile * 20, "after": hostile, "subject": hostile}
        tell(engine, now, number, body={"article": {"title": hostile * 9}, "changes": [change] * 9})
    page = client.get(f"/endpoints/{hook}?try=true")
    assert len(page.content) < 100_000
    assert [] == parsed(page).xpath("//main//script | //main//svg | //main//img | //@onload | //@onerror")
    listed = client.get("/deliveries")
    assert len(listed.content) < 100_000
