"""Alerts: told once, owed to everybody who wants them, frozen."""

import json
import threading
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from store import alerts
from store.engine import reading, writing
from store.tables import alert, delivery
from tests.parts.delivering import add_endpoint, at_once, standing, tell


def bodies(engine: sa.Engine) -> list[dict[str, Any]]:
    """Every delivery's body, in order."""
    with reading(engine) as connection:
        rows = connection.scalars(sa.select(delivery.c.body).order_by(delivery.c.endpoint_id, delivery.c.sequence))
        return [json.loads(bytes(row)) for row in rows]


def test_a_body_is_as_the_contract_says(engine: sa.Engine, now: datetime) -> None:
    """Type, time, schema, engine, alert and sequence stand around what is told."""
    add_endpoint(engine, "https://a.example/", now)
    alert_id = tell(engine, now, 1, body={"article": {"id": 12}})
    data = {"schema": 1, "engine": "facts/1", "alert_id": alert_id, "sequence": 1, "article": {"id": 12}}
    assert bodies(engine) == [{"type": "article.facts_changed", "timestamp": "2026-03-02T09:00:00Z", "data": data}]


def test_an_alert_is_told_once(engine: sa.Engine, now: datetime) -> None:
    """The same type, subject and cause again is the same alert: nothing more is owed."""
    endpoint = add_endpoint(engine, "https://a.example/", now)
    told: dict[str, Any] = {
        "type": "article.settled",
        "subject": "article:12",
        "engine": "facts/1",
        "body": {},
        "now": now,
    }
    with writing(engine) as connection:
        assert alerts.tell(connection, cause="settled:1", **told)
        assert alerts.tell(connection, cause="settled:1", **told) is None
        assert alerts.tell(connection, cause="settled:2", **told)
    assert standing(engine, endpoint.id).sequence == 2
    assert len(bodies(engine)) == 2


def test_an_alert_nobody_wants_is_kept(engine: sa.Engine, now: datetime) -> None:
    """Alerts are history, endpoints or not; odd values in them are stored plainly."""
    alert_id = tell(engine, now, 1, body={"value": float("nan"), "text": "a\ud800\0b"})
    with reading(engine) as connection:
        kept = connection.execute(sa.select(alert)).one()
    assert (kept.id, kept.severity, kept.body) == (alert_id, "high", {"value": None, "text": "a\ufffd\0b"})


def test_a_transaction_that_fails_owes_nothing(engine: sa.Engine, now: datetime) -> None:
    """Alert, deliveries and numbers are one unit with what they are told about."""
    endpoint = add_endpoint(engine, "https://a.example/", now)
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        alerts.tell(connection, type="t", subject="s", cause="c", engine="e", body={}, now=now)
        raise ZeroDivisionError
    assert standing(engine, endpoint.id).sequence == 0
    assert bodies(engine) == []


def test_only_one_endpoint_hears_what_is_meant_for_it(engine: sa.Engine, now: datetime) -> None:
    """A test goes to its endpoint, whatever that endpoint's filters say, and to no other."""
    add_endpoint(engine, "https://a.example/", now)
    meant = add_endpoint(engine, "https://b.example/", now, types=["article.settled"])
    told: dict[str, Any] = {
        "type": "endpoint.test",
        "subject": "endpoint:2",
        "cause": "x",
        "engine": "",
        "body": {},
        "now": now,
    }
    with writing(engine) as connection:
        alerts.tell(connection, **told, only=meant.id)
    assert [body["type"] for body in bodies(engine)] == ["endpoint.test"]
    assert standing(engine, meant.id).sequence == 1


def test_numbers_are_gapless_under_contention(engine: sa.Engine, now: datetime) -> None:
    """Writers at once, each telling endpoints in id order: no deadlock, no gap, no number twice."""
    for name in "abc":
        add_endpoint(engine, f"https://{name}.example/", now)
    start = threading.Barrier(4)

    def write(writer: int) -> None:
        start.wait()
        for each in range(10):
            tell(engine, now, f"{writer}.{each}")

    at_once(*(lambda writer=writer: write(writer) for writer in range(4)))
    numbers = [body["data"]["sequence"] for body in bodies(engine)]
    assert numbers == [*range(1, 41)] * 3


def test_transactions_that_tell_several_alerts_never_wait_for_each_other(engine: sa.Engine, now: datetime) -> None:
    """One tells the second endpoint first, the other the first: both come through."""
    add_endpoint(engine, "https://a.example/", now, types=["article.settled"])
    add_endpoint(engine, "https://b.example/", now, types=["article.withdrawn"])
    begun, other = threading.Event(), threading.Event()

    def both(name: str, types: list[str]) -> None:
        with writing(engine) as connection:
            for each in types:
                alerts.tell(connection, type=each, subject=name, cause="c", engine="e", body={}, now=now)
                (begun if name == "one" else other).set()
                (other if name == "one" else begun).wait(0.3)

    def second() -> None:
        begun.wait(10)
        both("two", ["article.settled", "article.withdrawn"])

    at_once(lambda: both("one", ["article.withdrawn", "article.settled"]), second)
    assert [body["data"]["sequence"] for body in bodies(engine)] == [1, 2, 1, 2]
