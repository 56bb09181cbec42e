"""The one word for people, and the chip that says what moved."""

import dataclasses
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from facts.model import Change
from store.engine import reading, writing
from store.states import UNREACHABLE_AFTER, feed_state, state_of
from store.tables import token
from store.tokens import add_token, any_token, note_use, opened_by, remove_token, tokens
from tests.parts.rows import TOLL
from web.chips import chip_of


@pytest.mark.parametrize(
    ("marker", "availability", "watch", "failures", "versions", "state"),
    [
        pytest.param("none", "ok", "active", 0, 1, "settled", id="a page that claims nothing"),
        pytest.param("developing", "ok", "active", 0, 1, "developing", id="developing"),
        pytest.param("live", "ok", "active", 0, 1, "live", id="live"),
        pytest.param("removed", "ok", "active", 0, 1, "settled", id="the marker went"),
        pytest.param("developing", "ok", "tail", 0, 1, "developing", id="still says so in its tail"),
        pytest.param("live", "withdrawn", "ended", 9, 1, "withdrawn", id="gone comes first"),
        pytest.param("live", "ok", "ended", 9, 1, "ended", id="ended comes before unreachable"),
        pytest.param("developing", "blocked", "active", 0, 1, "unreachable", id="blocked"),
        pytest.param("developing", "paywalled", "active", 0, 1, "unreachable", id="paywalled"),
        pytest.param("developing", "moved", "active", 0, 1, "unreachable", id="moved away"),
        pytest.param("developing", "ok", "active", UNREACHABLE_AFTER - 1, 1, "developing", id="the web's weather"),
        pytest.param("developing", "ok", "active", UNREACHABLE_AFTER, 1, "unreachable", id="failed again and again"),
        pytest.param("none", "ok", "active", 0, 0, None, id="not read yet"),
        pytest.param("none", "ok", "active", 1, 0, "unreachable", id="never read, and the look failed"),
        pytest.param("none", "withdrawn", "active", 2, 0, "withdrawn", id="gone before it was read"),
    ],
)
def test_state_of(marker: str, availability: str, watch: str, failures: int, versions: int, state: str | None) -> None:
    """What ends a story is said first, then what keeps us from seeing it, then the page's own marker; what was never
    read is in no state."""
    assert state == state_of(marker, availability, watch, failures, versions)


@pytest.mark.parametrize(
    ("paused", "failures", "looked", "state"),
    [(True, 3, True, "paused"), (False, 1, True, "failing"), (False, 0, True, "ok"), (False, 0, False, "new")],
)
def test_feed_state(paused: bool, failures: int, looked: bool, state: str) -> None:
    """A paused feed is paused whatever it did; one failure is failing."""
    assert state == feed_state(paused=paused, failures=failures, looked=looked)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({}, "casualty 12 → 15 people killed", id="updated"),
        pytest.param({"before": None}, "casualty new: 15 people killed", id="added"),
        pytest.param({"after": None}, "casualty gone: 12 people killed", id="removed"),
        pytest.param({"type": "date", "subject": "date"}, "date 12 → 15", id="a subject that says nothing more"),
        pytest.param({"subject": "12"}, "casualty 12 → 15", id="a subject that repeats a value"),
        pytest.param({"after": "a  b\n" + "c" * 99}, "casualty 12 → a b " + "c" * 55 + "… people killed", id="long"),
    ],
)
def test_chip(changed: dict[str, Any], words: str) -> None:
    """A chip says what moved in a few words, on one line."""
    offsets: dict[str, Any] = {
        "offset_before": None,
        "offset_after": None,
        "claimant_before": None,
        "claimant_after": None,
    }
    known = {key: value for key, value in TOLL.items() if key != "offsets"}
    change = dataclasses.replace(Change(**known, **offsets, edit=0), **changed)
    assert words == chip_of(change).words


def test_tokens_are_kept_as_hashes(engine: sa.Engine, now: datetime) -> None:
    """What opens is shown once and stands nowhere; each token opens what it may, until it is removed."""
    with writing(engine) as connection:
        assert not any_token(connection)
        secret = add_token(connection, "desk", ["read"], now)
        assert secret != add_token(connection, "desk", ["read", "write"], now)
    with reading(engine) as connection:
        stored = connection.execute(sa.select(token)).mappings().all()
        assert not any(secret in str(dict(row)) or secret[3:] in str(dict(row)) for row in stored)
        opened = opened_by(connection, secret, now)
        assert opened is not None
        assert (frozenset({"read"}), True) == (opened.scopes, opened.stale)
        assert [("read",), ("read", "write")] == [row.scopes for row in tokens(connection)]
        assert opened_by(connection, secret + "x", now) is None
    with writing(engine) as connection:
        note_use(connection, opened.id, now)
        again = opened_by(connection, secret, now)
        assert again is not None
        assert not again.stale
        assert (1, 1, 0) == (
            remove_token(connection, str(opened.id)),
            remove_token(connection, "desk"),
            remove_token(connection, "desk"),
        )
        assert opened_by(connection, secret, now) is None


@pytest.mark.parametrize("scopes", [[], ["admin"], ["read", "root"]])
def test_unknown_scopes_make_no_token(engine: sa.Engine, now: datetime, scopes: list[str]) -> None:
    """A scope that does not exist is refused."""
    with writing(engine) as connection, pytest.raises(ValueError, match="no such scope"):
        add_token(connection, "x", scopes, now)
