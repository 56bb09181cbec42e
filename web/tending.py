"""Endpoints tended from the desk, by a form or by the API: each a decision of the store, told as a refusal where it
cannot be."""

from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from ingest.fetching.target import target
from ingest.model import FetchError
from store import deliveries, endpoints
from store.endpoints import Endpoint
from store.rules import Rule
from web.answers import RefusalError
from workers.signing import key_of, new_secret
from workers.trial import owe_test

ID_MAX = 2**63 - 1
URL_MAX = 2_000
"""Characters of an endpoint's address."""
T = TypeVar("T")


def existing(found: T | None, what: str = "endpoint") -> T:
    """Raises RefusalError 404 where there is none."""
    if found is None:
        raise RefusalError(404, f"There is no such {what}.")
    return found


def sql_id(number: int) -> int:
    """An id that SQL can hold; any other is one that nothing has."""
    return number if 0 <= number <= ID_MAX else 0


def add(connection: sa.Connection, url: str, secret: str, rule: Rule, now: datetime) -> Endpoint:
    """A new endpoint; without a *secret* it gets one. Whether it can be reached shows when something is sent. Raises
    RefusalError 400."""
    try:
        target(url)
    except FetchError:
        raise RefusalError(400, "An endpoint needs an http or https address.") from None
    if len(url) > URL_MAX:
        raise RefusalError(400, f"An address may have {URL_MAX:,} characters.")
    return endpoints.add(connection, url=url, secret=signing(secret), rule=rule, now=now)


def signing(secret: str) -> str:
    """The secret where one is given, else a new one. Raises RefusalError 400 for one that cannot sign."""
    if not secret:
        return new_secret()
    try:
        key_of(secret)
    except ValueError:
        raise RefusalError(400, "A secret is whsec_ and the base64 of 24 to 64 bytes.") from None
    return secret


def test(connection: sa.Connection, endpoint_id: int, now: datetime) -> tuple[int, str]:
    """The ids of the delivery that is owed and its alert. Raises RefusalError 404, or 409 while it is disabled."""
    existing(endpoints.get(connection, endpoint_id))
    owed = owe_test(connection, endpoint_id, now)
    if owed is None:
        raise RefusalError(409, "This endpoint is disabled; enable it first.")
    return owed


def replay(connection: sa.Connection, delivery_id: int, now: datetime) -> str:
    """The state that the delivery had. Raises RefusalError 404, or 409 where its endpoint was removed."""
    before = existing(deliveries.replay(connection, delivery_id, now), "delivery")
    if before == "cancelled":
        raise RefusalError(409, "The endpoint of this delivery was removed.")
    return before
