"""Endpoints: what they want to hear, and what becomes of them."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from store import endpoints
from store.engine import reading, writing
from tests.parts.delivering import add_endpoint, standing, states, tell


def test_listening_is_by_id_and_enabled(engine: sa.Engine, now: datetime) -> None:
    """Only enabled endpoints that are there listen, in the order of their ids, each with its rule."""
    all_of_it, critical, disabled, removed = (
        add_endpoint(engine, f"https://{name}.example/", now, min_severity=least)
        for name, least in (("a", ""), ("b", "critical"), ("c", ""), ("d", ""))
    )
    last = add_endpoint(engine, "https://e.example/", now, types=["article.facts_changed"])
    with writing(engine) as connection:
        endpoints.disable(connection, disabled.id, "operator")
        endpoints.remove(connection, removed.id, now)
        listening = endpoints.listening(connection)
    assert [(all_of_it.id, all_of_it.rule), (critical.id, critical.rule), (last.id, last.rule)] == listening


def test_an_endpoint_keeps_what_it_was_given(engine: sa.Engine, now: datetime) -> None:
    """Listing gives back what was added, and a secret never shows in a repr."""
    added = add_endpoint(engine, "https://a.example/", now, types=["article.settled"], min_severity="high")
    with reading(engine) as connection:
        assert endpoints.listing(connection) == [added]
    assert added.secret.startswith("whsec_")
    assert added.secret not in repr(added)


def test_rotation_keeps_the_old_secret_for_a_day(engine: sa.Engine, now: datetime) -> None:
    """After a rotation both secrets are known, the old one until a day later."""
    added = add_endpoint(engine, "https://a.example/", now)
    with writing(engine) as connection:
        rotated = endpoints.rotate(connection, added.id, "whsec_new", now)
    assert rotated is not None
    assert (rotated.secret, rotated.old_secret) == ("whsec_new", added.secret)
    assert rotated.old_secret_until == now + timedelta(hours=24)


def test_disabled_endpoints_are_owed_nothing_new(engine: sa.Engine, now: datetime) -> None:
    """While it is disabled an endpoint's owed deliveries wait, and no new ones are made; its numbers stay gapless."""
    added = add_endpoint(engine, "https://a.example/", now)
    before = tell(engine, now, 1)
    with writing(engine) as connection:
        endpoints.disable(connection, added.id, "operator")
    meanwhile = tell(engine, now, 2)
    with writing(engine) as connection:
        endpoints.enable(connection, added.id, now)
    after = tell(engine, now, 3)
    assert states(engine, [before, meanwhile, after]) == ["owed", "owed"]
    assert standing(engine, added.id).sequence == 2


def test_case_80_a_removed_endpoint_has_its_deliveries_cancelled(engine: sa.Engine, now: datetime) -> None:
    """Removal cancels what is owed, says how much, forgets the secret and keeps the history."""
    added, other = (add_endpoint(engine, f"https://{name}.example/", now) for name in "ab")
    told = [tell(engine, now, each) for each in range(3)]
    with writing(engine) as connection:
        assert endpoints.remove(connection, added.id, now) == 3
        assert endpoints.get(connection, added.id) is None
        assert endpoints.enable(connection, added.id, now) is None
        assert endpoints.remove(connection, added.id, now) is None
        assert [each.id for each in endpoints.listing(connection)] == [other.id]
        assert connection.scalar(sa.text("SELECT secret FROM endpoint WHERE id = 1")) == ""
    assert states(engine, told) == ["cancelled", "owed"] * 3


@pytest.mark.parametrize("number", [7, -1], ids=["unknown", "negative"])
def test_an_unknown_endpoint_is_none(engine: sa.Engine, now: datetime, number: int) -> None:
    """What is not there is not changed."""
    with writing(engine) as connection:
        assert endpoints.get(connection, number) is None
        assert endpoints.rotate(connection, number, "whsec_new", now) is None
        assert endpoints.disable(connection, number, "operator") is None
        assert endpoints.remove(connection, number, now) is None
