"""What tests of delivery share: a clock that a test sets, and a deliverer that may reach loopback."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import sqlalchemy as sa

from config.settings import Deliver, Fetch
from ingest.fetching.fetch import Fetcher
from store import alerts, deliveries, endpoints
from store.endpoints import Endpoint
from store.engine import reading, writing
from store.ruling import rule_of
from workers.deliverer import Deliverer
from workers.signing import new_secret

BODY = {"article": {"id": 12, "title": "Ferry runs aground"}, "changes": [], "truncated": False}
LOOPBACK = (ip_network("127.0.0.0/8"),)


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """What the clock shows."""
        return self.now

    def forward(self, **by: float) -> None:
        """Moves it by so many ``hours``, ``minutes``, ``seconds``…"""
        self.now += timedelta(**by)


def deliverer(
    engine: sa.Engine, clock: Callable[[], datetime], owner: str = "d1", *, allow: Any = LOOPBACK, **deliver: Any
) -> Deliverer:
    """The real thing, with settings of the test's."""
    client = Fetcher(Fetch(), "test/1", allow=allow)
    return Deliverer(engine, Deliver(**deliver), client, owner, clock)


def add_endpoint(engine: sa.Engine, url: str, now: datetime, **asked: Any) -> Endpoint:
    """An endpoint with a secret of its own."""
    with writing(engine) as connection:
        return endpoints.add(connection, url=url, secret=new_secret(), rule=rule_of(asked), now=now)


def tell(
    engine: sa.Engine, now: datetime, cause: object, *, severity: str = "high", body: Mapping[str, Any] | None = None
) -> str:
    """An alert about the invented article 12."""
    with writing(engine) as connection:
        return _tell(connection, now, cause, severity, body or BODY)


def tell_many(engine: sa.Engine, now: datetime, number: int) -> list[str]:
    """So many alerts, in order, at once."""
    with writing(engine) as connection:
        return [_tell(connection, now, each, "high", BODY) for each in range(number)]


def _tell(connection: sa.Connection, now: datetime, cause: object, severity: str, body: Mapping[str, Any]) -> str:
    alert_id = alerts.tell(
        connection,
        type="article.facts_changed",
        subject="article:12",
        cause=f"version:{cause}",
        severity=severity,
        engine="facts/1",
        body=body,
        now=now,
    )
    assert alert_id is not None
    return alert_id


def standing(engine: sa.Engine, endpoint_id: int) -> Endpoint:
    """The endpoint as it is now."""
    with reading(engine) as connection:
        found = endpoints.get(connection, endpoint_id)
    assert found is not None
    return found


def states(engine: sa.Engine, alert_ids: list[str]) -> list[str]:
    """The state of every delivery of these alerts, alert by alert."""
    with reading(engine) as connection:
        ids = [each for alert_id in alert_ids for each in deliveries.owed_for(connection, alert_id)]
        return [deliveries.state(connection, each) for each in ids]


def drain(sender: Deliverer, clock: Clock, hours: float = 120) -> None:
    """Lets time pass, five minutes a step and at once at first, until nothing is due for *hours*."""
    end = clock.now + timedelta(hours=hours)
    while clock.now < end:
        if not sender.due():
            clock.forward(minutes=5)


def at_once(*jobs: Any) -> None:
    """Runs these at the same time and waits for all."""
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
