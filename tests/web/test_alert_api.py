"""Every alert by the API: in pieces, by type and moment, with its ways and with all that it says."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from store.engine import writing
from store.tables import alert

KINDS = ("article.withdrawn", "feed.failing", "article.settled")


@pytest.fixture
def told(engine: sa.Engine, now: datetime) -> list[str]:
    """Seven alerts, two at each moment, the last first; beside them a test of an endpoint, which is none."""
    rows = [
        {"id": f"a{n}", "type": KINDS[n % 3], "subject": f"article:{n}", "cause": f"outbox:{n}", "severity": "",
         "body": {"reason": f"r{n}"}, "created_at": now + timedelta(minutes=n // 2)}
        for n in range(7)
    ]  # fmt: skip
    tried = {**rows[0], "id": "t", "type": "endpoint.test"}
    with writing(engine) as connection:
        connection.execute(alert.insert(), [*rows, tried])
    return [str(row["id"]) for row in reversed(rows)]


def pieces(client: httpx.Client, query: str) -> list[dict[str, Any]]:
    """Every row, piece by piece."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get(f"/api/v1/alerts?{query}&cursor={cursor}").json()
        found += answer["items"]
        cursor = answer["next"]
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pieces(client: httpx.Client, told: list[str], limit: int) -> None:
    """Each is given once, the last first, however many were told at one moment."""
    assert told == [each["id"] for each in pieces(client, f"limit={limit}")]


def test_by_type_and_moment(client: httpx.Client, told: list[str]) -> None:
    """Those of some types, told since a moment."""
    asked = "type=article.withdrawn&type=feed.failing&since=2026-03-02T09:01:00Z&limit=2"
    assert ["a6", "a4", "a3"] == [each["id"] for each in pieces(client, asked)]


def test_one_with_all_that_it_says(client: httpx.Client, told: list[str]) -> None:
    """One alert has the data of its webhook; an unknown one is a 404, a cursor of another list a 400."""
    found = client.get("/api/v1/alerts/a3").json()
    assert ("article.withdrawn", "article:3", []) == tuple(found["alert"][key] for key in ("type", "subject", "sent"))
    assert {"reason": "r3"} == found["data"]
    asked = ("alerts/nothing", "alerts?cursor=7", "alerts?type=endpoint.test", "alerts?cursor=.x.y")
    assert [404, 400, 400, 400] == [client.get(f"/api/v1/{path}").status_code for path in asked]
