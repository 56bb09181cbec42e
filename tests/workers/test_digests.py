"""Digests and quiet hours, with the real sender: what waits is told once, together or later, and never lost."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from store import deliveries, digests, endpoints
from store.engine import reading, writing
from store.events import LIMIT
from store.ruling import rule_of
from store.tables import delivery, gathered
from tests.parts.delivering import Clock, add_endpoint, deliverer, standing, states, tell
from tests.parts.receiver import receiver, saying
from workers.digests import PAGE, entry_of, paged, send_due
from workers.trial import owe_test

NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
TOLL = {
    "id": "7",
    "type": "casualty",
    "subject": "people killed",
    "before": "12",
    "after": "15",
    "severity": "critical",
}
STORY = {
    "article": {"id": 12, "title": "Ferry runs aground", "url": "https://a.example/ferry"},
    "changes": [TOLL],
    "links": {"diff": "http://127.0.0.1:8700/articles/12?from=1&to=2"},
}


def parsed(body: bytes) -> dict[str, Any]:
    """A body's ``data``."""
    found: dict[str, Any] = json.loads(body)["data"]
    return found


def test_a_digest_names_what_was_told_meanwhile(engine: sa.Engine) -> None:
    """One message half an hour after the first alert, with ids, headline and chips; sequence counts the message."""
    clock = Clock(NIGHT)
    with receiver() as hook:
        added = add_endpoint(engine, hook.url, clock(), digest="30m")
        sender = deliverer(engine, clock)
        told = [tell(engine, clock(), 1, body=STORY)]
        clock.forward(minutes=20)
        told.append(tell(engine, clock(), 2, body=STORY))
        assert (send_due(engine, clock()), sender.due(), states(engine, told)) == (0, 0, [])
        clock.forward(minutes=10)
        assert [1, 0] == [send_due(engine, clock()) for _ in range(2)]
        assert sender.due() == 1
        [sent] = hook.got
    data = parsed(sent.body)
    assert (json.loads(sent.body)["type"], data["sequence"], data["alert_id"]) == (
        "alerts.digest", 1, sent.headers["webhook-id"]
    )  # fmt: skip
    assert [each["id"] for each in data["alerts"]] == told
    assert (data["page"], data["pages"], data["count"], data["from"]) == (1, 1, 2, "2026-03-02T23:00:00Z")
    [chip] = data["alerts"][0]["chips"]
    assert (data["alerts"][0]["headline"], chip) == ("Ferry runs aground", TOLL)
    assert standing(engine, added.id).sequence == 1


def test_what_is_urgent_waits_for_no_digest(engine: sa.Engine) -> None:
    """From the rule's severity on an alert goes out by itself, the rest is gathered."""
    with receiver() as hook:
        add_endpoint(engine, hook.url, NIGHT, digest="30m", urgent="critical")
        tell(engine, NIGHT, 1, severity="high")
        loud = tell(engine, NIGHT, 2, severity="critical")
        deliverer(engine, Clock(NIGHT)).due()
    assert hook.ids() == [loud]


def test_a_digest_is_cut_into_pages_and_loses_nothing(engine: sa.Engine) -> None:
    """Each page under 20 kB with an id and a number of its own; together they name every alert once, in order."""
    clock = Clock(NIGHT)
    with receiver() as hook:
        add_endpoint(engine, hook.url, clock(), digest="30m")
        long = STORY | {"article": {"title": "Fähre 🚢 " * 40, "url": "https://a.example/" + "x" * 400}}
        with writing(engine) as connection:
            from tests.parts.delivering import _tell

            told = [_tell(connection, clock(), n, "high", long) for n in range(120)]
        clock.forward(minutes=30)
        pages = send_due(engine, clock())
        while deliverer(engine, clock).due():
            pass
    bodies = [request.body for request in hook.got]
    assert len(bodies) == pages > 2
    assert all(len(body) < LIMIT for body in bodies)
    assert [each["id"] for body in bodies for each in parsed(body)["alerts"]] == told
    assert [parsed(body)["sequence"] for body in bodies] == [*range(1, pages + 1)]
    assert not any("truncated" in parsed(body) for body in bodies)


def test_a_digest_that_is_cut_short_is_made_again_whole(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever dies between the pages of a digest leaves no number, no message and no alert named; the next makes all."""
    clock = Clock(NIGHT)
    added = add_endpoint(engine, "http://a.example/", clock(), digest="1m")
    told = [tell(engine, clock(), n, body=STORY) for n in range(3)]
    clock.forward(minutes=1)
    monkeypatch.setattr("workers.digests.PAGE", 1)
    whole, calls = digests.cover, []

    def dies(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        whole(*args)

    monkeypatch.setattr(digests, "cover", dies)
    with pytest.raises(KeyboardInterrupt):
        send_due(engine, clock())
    assert standing(engine, added.id).sequence == 0
    assert send_due(engine, clock()) == 3
    with reading(engine) as connection:
        bodies = [
            parsed(bytes(each)) for each in connection.scalars(sa.select(delivery.c.body).order_by(delivery.c.id))
        ]
        unnamed = connection.scalar(sa.select(sa.func.count()).where(gathered.c.digest_id.is_(None)))
    assert ([body["alerts"][0]["id"] for body in bodies], unnamed) == (told, 0)
    assert [body["sequence"] for body in bodies] == [1, 2, 3]


def test_a_digest_waits_for_an_endpoint_that_is_disabled_and_ends_with_its_rule(engine: sa.Engine) -> None:
    """Nothing is made for a disabled endpoint; without a digest in its rule what was gathered goes out at once; a
    removed endpoint's goes nowhere."""
    added, gone = (add_endpoint(engine, f"http://{name}.example/", NIGHT, digest="1d") for name in "ab")
    tell(engine, NIGHT, 1)
    with writing(engine) as connection:
        endpoints.disable(connection, added.id, "operator")
        endpoints.set_rule(connection, added.id, rule_of({}), NIGHT)
        endpoints.remove(connection, gone.id, NIGHT)
    assert send_due(engine, NIGHT + timedelta(days=2)) == 0
    with writing(engine) as connection:
        endpoints.enable(connection, added.id, NIGHT)
    assert send_due(engine, NIGHT) == 1


def test_quiet_hours_end_and_everything_comes(engine: sa.Engine) -> None:
    """At night only what is urgent is sent, and what failed is not tried again before morning; then all, in order."""
    clock = Clock(NIGHT)
    with receiver() as hook:
        add_endpoint(engine, hook.url, clock(), quiet="22:00-07:00", urgent="critical")
        sender = deliverer(engine, clock)
        clock.forward(hours=-1, minutes=-1)
        hook.replies.append(saying(400))
        refused = tell(engine, clock(), 0)
        sender.due()
        clock.forward(minutes=10)
        held = [tell(engine, clock(), n) for n in (1, 2)]
        loud = tell(engine, clock(), 3, severity="critical")
        for _ in range(17):
            sender.due()
            clock.forward(minutes=30)
        with writing(engine) as connection:
            owed = owe_test(connection, 1, clock())
        sender.due()
        assert owed is not None
        assert hook.ids() == [refused, loud, owed[1]]
        clock.forward(minutes=30)
        while sender.due():
            pass
    assert hook.ids() == [refused, loud, owed[1], refused, *held]
    assert [parsed(request.body)["sequence"] for request in hook.got] == [1, 4, 5, 1, 2, 3]


@pytest.mark.parametrize(
    ("rule", "waits"),
    [
        pytest.param({}, 0, id="no quiet hours any more"),
        pytest.param({"quiet": "22:00-06:00"}, 7, id="they end earlier"),
        pytest.param({"quiet": "22:00-06:00", "urgent": "high"}, 0, id="it is urgent now"),
    ],
)
def test_what_waits_follows_its_new_rule(engine: sa.Engine, rule: dict[str, str], waits: int) -> None:
    """A rule changed at night holds for what was not sent yet."""
    added = add_endpoint(engine, "http://a.example/", NIGHT, quiet="22:00-07:00")
    tell(engine, NIGHT, 1)
    with writing(engine) as connection:
        endpoints.set_rule(connection, added.id, rule_of(rule), NIGHT)
        held = deliveries.lease(connection, added.id, "d1", NIGHT, timedelta(minutes=1))
        assert held is not None
        taken = deliveries.take(connection, held, NIGHT, timedelta(minutes=1), 9)
        next_at = connection.execute(sa.select(delivery.c.next_at)).scalar_one()
    assert (len(taken), next_at) == (0 if waits else 1, NIGHT + timedelta(hours=waits))


def test_an_outage_that_ends_at_night_does_not_end_the_quiet(engine: sa.Engine) -> None:
    """What waited for the endpoint to come back still waits for the morning."""
    clock = Clock(NIGHT)
    clock.forward(hours=-2)
    with receiver() as hook:
        add_endpoint(engine, hook.url, clock(), quiet="22:00-07:00", urgent="critical")
        hook.reply = saying(503)
        sender = deliverer(engine, clock)
        waiting = tell(engine, clock(), 1)
        for _ in range(60):
            sender.due()
            clock.forward(minutes=1)
        clock.now = NIGHT
        hook.reply = saying(200)
        loud = tell(engine, clock(), 2, severity="critical")
        sender.due()
    assert (hook.ids()[-1], states(engine, [waiting, loud])) == (loud, ["owed", "delivered"])


def test_long_entries_fit() -> None:
    """The longest entry that can be made stands alone on a page, and an entry never names half an address."""
    item = digests.Item("a", "article.facts_changed", "high", STORY | {"changes": [TOLL] * 9}, NIGHT)
    entry = entry_of(item)
    assert (len(entry["chips"]), entry["more"]) == (5, 4)
    worst = {"title": "🚢" * 999, "url": "https://a.example/" + "é" * 999}
    values = TOLL | {"subject": "🚢" * 99, "before": "🚢" * 99, "after": "🚢" * 99}
    entry = entry_of(digests.Item("a", "t", "", {"article": worst, "changes": [values] * 9}, NIGHT))
    assert entry["url"] == ""
    assert [1, 1] == [len(page) for page in paged([entry, entry])] or len(json.dumps(entry)) * 2 < PAGE


def test_case_94_a_clock_set_back_holds_no_digest_up(engine: sa.Engine) -> None:
    """What was gathered before the clock went back two days is told half an hour from now, not two days later."""
    clock = Clock(NIGHT)
    add_endpoint(engine, "http://a.example/", clock(), digest="30m")
    tell(engine, clock(), 1, body=STORY)
    clock.forward(days=-2)
    with writing(engine) as connection:
        digests.heal(connection, clock())
    assert send_due(engine, clock()) == 0
    clock.forward(minutes=30)
    assert send_due(engine, clock()) == 1
