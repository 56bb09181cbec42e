"""Triage: a press, a form, the API; two editors see each other's last word; precision and labels follow."""

import json
from datetime import datetime

import httpx
import pytest
import sqlalchemy as sa

from store.engine import writing
from store.tables import alert
from store.tokens import add_token
from tests.parts.desk import serving
from tests.parts.rows import Newsroom
from tests.web.test_pages import parsed, text_of


def told(engine: sa.Engine, now: datetime) -> None:
    """An endpoint that had the alert about the story's change (the change 1 of version 2)."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        newsroom.story()
        newsroom.delivery()
        place = {"subject": "article:1", "cause": "version:2"}
        connection.execute(alert.update().values(place))


def test_a_press_in_the_list(client: httpx.Client, story: int) -> None:
    """A button of the list says one word and leads back to the line; the list shows it."""
    answer = client.post("/triage", data={"wrong": "1", "next": "/changes?type=casualty#c9"})
    assert (303, "/changes?type=casualty#c1") == (answer.status_code, answer.headers["location"])
    assert "wrong desk, now" in text_of(client.get("/changes"))
    pressed = parsed(client.get("/changes")).xpath("//button[@aria-pressed='true']/@name")
    assert ["wrong"] == pressed


def test_two_editors_see_each_others_last_word(engine: sa.Engine, now: datetime, story: int) -> None:
    """Ana says right, Ben says wrong with a note: the list has Ben's word, the change's page both, by name."""
    with writing(engine) as connection:
        tokens = {name: add_token(connection, name, ("read", "write"), now) for name in ("ana", "ben")}
    with serving(engine, now) as client:
        bring = {name: {"authorization": f"Bearer {token}"} for name, token in tokens.items()}
        client.post("/triage", data={"right": "1"}, headers=bring["ana"])
        form = {"verdict": "wrong", "note": "a <b>street</b> number"}
        led = client.post("/changes/1/review", data=form, headers=bring["ben"])
        assert (303, "/changes/1") == (led.status_code, led.headers["location"])
        seen = text_of(client.get("/changes/1", headers=bring["ana"]))
        assert "wrong ben · 2026-03-02 09:00 UTC · the last word a <b>street</b> number right ana" in seen
        twin = client.get("/changes/1.json", headers=bring["ana"]).json()
        assert [("wrong", "ben"), ("right", "ana")] == [(each["verdict"], each["by"]) for each in twin["reviews"]]
        (listed,) = client.get("/api/v1/changes", headers=bring["ana"]).json()["items"]
        assert ("wrong", "ben") == (listed["review"]["verdict"], listed["review"]["by"])


def test_a_reader_sees_and_says_nothing(engine: sa.Engine, now: datetime, story: int) -> None:
    """A token that may only read gets the words without the buttons, and no door to say one."""
    with writing(engine) as connection:
        headers = {"authorization": f"Bearer {add_token(connection, 'guest', ('read',), now)}"}
    with serving(engine, now) as client:
        for path in ("/changes", "/changes/1"):
            assert [] == parsed(client.get(path, headers=headers)).xpath("//button[@name='wrong' or text()='Save']")
        assert 403 == client.post("/triage", data={"right": "1"}, headers=headers).status_code


def test_a_retraction_is_sent_once(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Wrong and retract by the form: the endpoint is owed the retraction; the second time nothing is."""
    told(engine, now)
    assert "retract" in text_of(client.get("/changes/1"))
    client.post("/changes/1/review", data={"verdict": "wrong", "note": "a number", "retract": "yes"})
    assert ["retracted"] == parsed(client.get("/changes/1")).xpath("//h1//span[contains(@class, 'mark')]/text()")
    again = client.post("/api/v1/changes/1/review", json={"verdict": "wrong", "retract": True}).json()
    assert ("sent before", None) == (again["retraction"], again["alert_id"])
    seen = text_of(client.get("/changes/1"))
    assert "Retracted 2026-03-02 09:00 UTC" in seen
    listed = client.get("/api/v1/deliveries").json()["items"]
    assert ["alert.retracted", "article.facts_changed"] == [each["type"] for each in listed]


@pytest.mark.parametrize(
    ("path", "form", "status", "reason"),
    [
        pytest.param("/triage", {"wrong": "999"}, 404, "no such change", id="an unknown change"),
        pytest.param("/triage", {"wrong": "one"}, 400, "not the id of a change", id="no id"),
        pytest.param("/triage", {"wrong": "9" * 18}, 404, "no such change", id="a long id"),
        pytest.param("/triage", {"perhaps": "1"}, 400, "right, wrong, unsure", id="another verdict"),
        pytest.param("/changes/1/review", {"verdict": "maybe"}, 400, "right, wrong, unsure", id="the same in the form"),
        pytest.param("/changes/1/review", {}, 400, "right, wrong, unsure", id="nothing said"),
        pytest.param("/changes/999/review", {"verdict": "right"}, 404, "no such change", id="unknown, by the form"),
        pytest.param(
            "/changes/1/review",
            {"verdict": "right", "retract": "yes"},
            400,
            "Only what is wrong",
            id="right, retracted",
        ),
        pytest.param("/changes/1/review", {"verdict": "right", "note": "x" * 2001}, 400, "2,000", id="a book"),
        pytest.param(f"/changes/{2**70}/review", {"verdict": "right"}, 404, "no such change", id="beyond SQL"),
    ],
)
def test_what_cannot_be_said(
    one_client: httpx.Client, path: str, form: dict[str, str], status: int, reason: str
) -> None:
    """Refused with one sentence; nothing is written."""
    answer = one_client.post(path, data=form)
    assert (status, True) == (answer.status_code, reason in answer.text)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param({"content": b"{", "headers": {"content-type": "application/json"}}, 400, id="broken JSON"),
        pytest.param({"json": {"verdict": "maybe"}}, 400, id="another verdict"),
        pytest.param({"json": {"verdict": "right", "by": "somebody"}}, 400, id="who says so is not theirs to say"),
        pytest.param({"json": {"verdict": "right"}}, 404, id="an unknown change"),
        pytest.param({"data": {"verdict": "right"}}, 400, id="a form"),
    ],
)
def test_the_api_refuses(one_client: httpx.Client, sent: dict[str, object], status: int) -> None:
    """The API says no with a reason in JSON."""
    answer = one_client.post("/api/v1/changes/1/review", **sent)  # type: ignore[arg-type]
    assert (status, {"error"}) == (answer.status_code, {*answer.json()})


def test_precision_and_labels(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """The page counts last words and shows the interval; the labels are the pairs that were wholly judged."""
    assert "Nobody has reviewed" in text_of(client.get("/precision"))
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        for number in range(3):
            newsroom.story(f"https://harbour.example/{number}")
    for change_id, verdict in ((1, "right"), (2, "wrong"), (3, "unsure")):
        client.post("/triage", data={verdict: str(change_id)})
    assert "casualty.slot 1 1 1 50 % 9–91 %" in text_of(client.get("/precision"))
    assert 0.5 == client.get("/precision.json").json()["all"]["precision"]
    answer = client.get("/precision/labels.jsonl")
    labels = [json.loads(line) for line in answer.text.splitlines()]
    assert [True, False] == [label["is_factual"] for label in labels]
    fact = {"type": "casualty", "before": "12", "after": "15", "op": "updated"}
    assert [[fact], []] == [label["facts"] for label in labels]
