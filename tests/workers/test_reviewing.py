"""A retraction: to whom, what it says, once; in the transaction of the word that asks for it."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from config.settings import Settings
from store import alerts, digests, endpoints
from store.backtest import backtest
from store.engine import reading, writing
from store.rules import Rule
from store.ruling import rule_of
from store.tables import delivery, version
from tests.parts.rows import Newsroom
from workers.digests import entry_of
from workers.reviewing import Said, say

SECRET = "whsec_bm8="


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction on each database."""
    with writing(engine) as connection:
        yield connection


def a_told_story(connection: sa.Connection, now: datetime, rules: Sequence[Rule]) -> list[int]:
    """A story whose change (id 1) was told to the endpoints that want it; the ids of the endpoints."""
    ids = [
        endpoints.add(connection, url=f"https://desk.example/{n}", secret=SECRET, rule=rule, now=now).id
        for n, rule in enumerate(rules)
    ]
    Newsroom(connection, now).story()
    alerts.tell(
        connection,
        type="article.facts_changed",
        subject="article:1",
        cause="version:2",
        severity="critical",
        engine="facts/1",
        body={"changes": []},
        now=now,
    )
    return ids


def retract(connection: sa.Connection, now: datetime, change_id: int = 1) -> Said | None:
    """Calls the change wrong and takes it back."""
    return say(connection, Settings(), change_id, "wrong", note="a number", by="ana", retract=True, now=now)


def bodies(connection: sa.Connection) -> dict[int, list[dict[str, Any]]]:
    """Endpoint → the events that it is owed, in order."""
    rows = connection.execute(sa.select(delivery).order_by(delivery.c.endpoint_id, delivery.c.sequence))
    owed: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        owed.setdefault(row.endpoint_id, []).append(json.loads(row.body))
    return owed


def test_it_goes_to_those_who_were_told(connection: sa.Connection, now: datetime) -> None:
    """Who had the alert and takes retractions is told; who had none of it, or asked for other types, is not."""
    rules = (
        Rule(),
        Rule(types=("article.facts_changed",)),
        Rule(types=("alert.retracted",)),
        Rule(min_severity="critical"),
    )
    plain, facts_only, retractions_only, loud = a_told_story(connection, now, rules)
    said = retract(connection, now)
    assert said and said.retraction == "sent"
    kinds = {endpoint: [event["type"] for event in events] for endpoint, events in bodies(connection).items()}
    both = ["article.facts_changed", "alert.retracted"]
    assert {plain: both, facts_only: both[:1], loud: both} == kinds
    assert retractions_only not in kinds


def test_while_disabled(connection: sa.Connection, now: datetime) -> None:
    """Who was told and is disabled today is owed the retraction, behind what it is owed already; a removed one is not."""
    stays, gone = a_told_story(connection, now, (Rule(), Rule()))
    endpoints.disable(connection, stays, "operator")
    endpoints.remove(connection, gone, now)
    said = retract(connection, now)
    assert said and said.retraction == "sent"
    assert ["article.facts_changed", "alert.retracted"] == [each["type"] for each in bodies(connection)[stays]]
    assert 1 == len(bodies(connection)[gone])


@pytest.mark.parametrize(
    ("rule", "told"), [(Rule(), True), (Rule(words=("nobody",)), False), (Rule(types=("article.settled",)), None)]
)
def test_a_back_test_follows_it(connection: sa.Connection, now: datetime, rule: Rule, told: bool | None) -> None:
    """A rule that would not have told the change would not have told the retraction."""
    a_told_story(connection, now, (Rule(),))
    retract(connection, now)
    tried = {row.type: row.told for row in backtest(connection, rule, now).rows}
    assert tried.get("alert.retracted") is told


def test_in_a_digest(connection: sa.Connection, now: datetime) -> None:
    """A digest says which change is taken back, and why."""
    (endpoint,) = a_told_story(connection, now, (rule_of({"digest": "30m"}),))
    retract(connection, now)
    original, taken_back = map(entry_of, digests.take(connection, endpoint))
    assert "retracts" not in original
    known = {"alert_id": original["id"], "type": "article.facts_changed", "change_ids": ["1"]}
    assert ([known], "a number") == (taken_back["retracts"], taken_back["note"])


def test_what_it_says(connection: sa.Connection, now: datetime) -> None:
    """It names the alert and the change, why, who, and where to read on."""
    (endpoint,) = a_told_story(connection, now, (Rule(),))
    connection.execute(version.update().values(sha256="ab"))
    retract(connection, now)
    original, event = bodies(connection)[endpoint]
    data = event["data"]
    known = {"alert_id": original["data"]["alert_id"], "type": "article.facts_changed", "change_ids": ["1"]}
    assert ([known], "a number", "ana", 2) == (data["retracts"], data["note"], data["by"], data["sequence"])
    assert ("critical", 1, 2) == (data["severity"], data["version"]["from"], data["version"]["to"])
    assert data["links"]["diff"].endswith("/articles/1?from=1&to=2")
    assert "Bridge collapse" == data["article"]["title"]


def test_once(connection: sa.Connection, now: datetime) -> None:
    """Doing it twice sends once, also after somebody said right in between."""
    (endpoint,) = a_told_story(connection, now, (Rule(),))
    retract(connection, now)
    say(connection, Settings(), 1, "right", by="ben", now=now)
    again = retract(connection, now)
    assert again and (again.retraction, again.alert_id) == ("sent before", None)
    assert 2 == len(bodies(connection)[endpoint])


def test_nobody_was_told(connection: sa.Connection, now: datetime) -> None:
    """What no endpoint had is not taken back; the word itself is written down."""
    a_told_story(connection, now, ())
    endpoints.add(connection, url="https://late.example/", secret=SECRET, now=now)
    said = retract(connection, now)
    assert said and ("nobody was told", "wrong") == (said.retraction, said.review.verdict)
    assert {} == bodies(connection)


@pytest.mark.parametrize("removed", [True, False], ids=["removed", "takes no retractions"])
def test_nobody_takes_it(connection: sa.Connection, now: datetime, removed: bool) -> None:
    """Where all who were told are gone, or want none of it, the editor hears that, and may try again later."""
    (endpoint,) = a_told_story(connection, now, (Rule() if removed else Rule(types=("article.facts_changed",)),))
    if removed:
        endpoints.remove(connection, endpoint, now)
    for _ in range(2):
        said = retract(connection, now)
        assert said and said.retraction == "nobody was told"


def test_what_is_not_there(connection: sa.Connection, now: datetime) -> None:
    """No change, no word."""
    assert retract(connection, now, 999) is None


def test_a_retraction_and_its_word_are_one(engine: sa.Engine, now: datetime) -> None:
    """Where the transaction fails, neither the word nor the retraction is there."""
    with pytest.raises(RuntimeError), writing(engine) as connection:
        a_told_story(connection, now, (Rule(),))
        retract(connection, now)
        raise RuntimeError
    with reading(engine) as connection:
        assert {} == bodies(connection)
