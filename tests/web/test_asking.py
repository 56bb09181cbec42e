"""What a program asks is answered as asked, or refused with what may be asked."""

from datetime import datetime

import httpx
import pytest
import sqlalchemy as sa

from store.engine import writing
from store.tables import delivery
from tests.parts.rows import Newsroom


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        pytest.param("changes?tpye=quote", "no such parameter; there are article, cursor, feed,", id="misspelt"),
        pytest.param("feeds/1?cursor=3", "no such parameter; it takes none", id="none taken"),
        pytest.param("changes?type=x&type=quote", "type (input should be 'correction'", id="no such type"),
        pytest.param("changes?verdict=x", "verdict (input should be", id="no such verdict"),
        pytest.param("changes?since=yesterday", "since (a moment is written as in RFC 3339", id="no moment"),
    ],
)
def test_a_refusal_says_what_may_be_asked(one_client: httpx.Client, path: str, reason: str) -> None:
    """A filter that is no filter is refused, with what there is; passed over it would be answered with everything."""
    answer = one_client.get(f"/api/v1/{path}")
    assert 400 == answer.status_code
    assert reason in answer.json()["error"]


def test_deliveries_of_one_endpoint(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Of one endpoint, in one state, or still being tried, as on the page."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = [newsroom.delivery(), newsroom.delivery(state="owed"), newsroom.delivery(state="owed")]
        connection.execute(delivery.update().where(delivery.c.id == made[2]).values(endpoint_id=1))
        connection.execute(delivery.update().where(delivery.c.id == made[1]).values(attempts=2))

    def asked(query: str) -> list[int]:
        return [each["id"] for each in client.get(f"/api/v1/deliveries?{query}").json()["items"]]

    assert [made[2], made[0]] == asked("endpoint=1")
    assert [made[1]] == asked("endpoint=2")
    assert [made[1]] == asked("state=retrying")
    assert [made[2]] == asked("state=owed&endpoint=1")
    assert [] == asked("endpoint=99")
