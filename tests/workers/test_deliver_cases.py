"""Delivery against real receivers on loopback: what comes, how often, and what is kept of it."""

import json
from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest
import sqlalchemy as sa

from config.settings import Deliver, Fetch, Settings
from store import deliveries, endpoints
from store.deliveries import Attempt
from store.engine import reading, writing
from tests.parts import receiver as parts
from tests.parts.delivering import Clock, add_endpoint, deliverer, drain, standing, states, tell, tell_many
from tests.parts.receiver import Receiver, receiver, saying
from workers.deliverer import Deliverer, client_for
from workers.signing import SignatureError, verify


def log_of(engine: sa.Engine, alert_id: str) -> list[Attempt]:
    """Every attempt to tell this alert to its first endpoint."""
    with reading(engine) as connection:
        delivery_id = deliveries.owed_for(connection, alert_id)[0]
        return deliveries.attempts(connection, [delivery_id])[delivery_id]


def test_a_delivery_is_signed_and_kept(engine: sa.Engine, now: datetime) -> None:
    """The usual way: one POST, signed, answered, noted."""
    clock = Clock(now)
    with receiver() as hook:
        hook.reply = saying(200, b"thanks")
        endpoint = add_endpoint(engine, hook.url, now)
        alert_id = tell(engine, now, 1)
        assert deliverer(engine, clock).due() == 1
        assert deliverer(engine, clock).due() == 0
    [request] = hook.got
    verify(endpoint.secret, request.headers, request.body, now)
    assert request.headers["webhook-id"] == json.loads(request.body)["data"]["alert_id"] == alert_id
    assert request.headers["content-type"] == "application/json"
    assert states(engine, [alert_id]) == ["delivered"]
    [attempt] = log_of(engine, alert_id)
    assert (attempt.at, attempt.status, attempt.reason, attempt.head) == (now, 200, "", "thanks")


def test_case_70_a_retry_has_the_same_id_and_bytes_and_a_new_signature(engine: sa.Engine, now: datetime) -> None:
    """Only the timestamp and what is signed with it differ between attempts."""
    clock = Clock(now)
    with receiver() as hook:
        hook.replies.extend([saying(500, b"no\0 \xff")] * 2)
        endpoint = add_endpoint(engine, hook.url, now)
        alert_id = tell(engine, now, 1)
        sender = deliverer(engine, clock)
        drain(sender, clock, hours=3)
    assert hook.ids() == [alert_id] * 3
    assert len({request.body for request in hook.got}) == 1
    assert len({request.headers["webhook-timestamp"] for request in hook.got}) == 3
    assert len({request.headers["webhook-signature"] for request in hook.got}) == 3
    assert [(each.status, each.reason) for each in log_of(engine, alert_id)] == [
        (500, "http-500"),
        (500, "http-500"),
        (200, ""),
    ]
    assert log_of(engine, alert_id)[0].head == "no\ufffd \ufffd"
    assert standing(engine, endpoint.id).failing_since is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_case_71_redirects_are_failures(engine: sa.Engine, now: datetime, status: int) -> None:
    """A redirect is not followed: what was signed for one receiver is never sent to another."""
    with receiver() as hook, receiver() as elsewhere:
        hook.reply = saying(status, location=elsewhere.url)
        add_endpoint(engine, hook.url, now)
        alert_id = tell(engine, now, 1)
        deliverer(engine, Clock(now)).due()
    assert (len(hook.got), len(elsewhere.got)) == (1, 0)
    assert states(engine, [alert_id]) == ["owed"]
    assert log_of(engine, alert_id)[0].reason == f"http-{status}"


def test_case_71_gone_disables_and_enabling_sends_what_was_owed(engine: sa.Engine, now: datetime) -> None:
    """410 stops everything at once and loses nothing: what was owed goes out, in order, once it is enabled again."""
    clock = Clock(now)
    with receiver() as hook:
        hook.replies.append(saying(410))
        endpoint = add_endpoint(engine, hook.url, now)
        told = tell_many(engine, now, 3)
        sender = deliverer(engine, clock)
        drain(sender, clock, hours=100)
        stands = standing(engine, endpoint.id)
        assert (stands.enabled, stands.disabled_reason) == (False, "gone: it answered 410")
        assert (len(hook.got), states(engine, told)) == (1, ["owed"] * 3)
        with writing(engine) as connection:
            endpoints.enable(connection, endpoint.id, clock())
        sender.due()
    assert hook.ids() == [told[0], *told]
    assert states(engine, told) == ["delivered"] * 3


def test_case_71_retry_after_holds_the_whole_endpoint(engine: sa.Engine, now: datetime) -> None:
    """While a receiver has asked for time, nothing is sent to it; then the order is as it was."""
    clock = Clock(now)
    with receiver() as hook:
        hook.replies.append(saying(503, retry_after="600"))
        add_endpoint(engine, hook.url, now)
        told = tell_many(engine, now, 2)
        sender = deliverer(engine, clock)
        sender.due()
        clock.forward(seconds=599)
        sender.due()
        assert len(hook.got) == 1
        clock.forward(seconds=1)
        sender.due()
    assert hook.ids() == [told[0], told[0], told[1]]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param(parts.silence, "deadline", id="never answers"),
        pytest.param(parts.drip, "deadline", id="a header without end"),
        pytest.param(parts.hang_up, "", id="closes after reading"),
    ],
)
def test_case_72_a_receiver_that_does_not_answer(
    engine: sa.Engine, now: datetime, reply: parts.Reply, reason: str
) -> None:
    """No answer in time is a failed attempt with a reason, and the delivery stays owed."""
    with receiver() as hook:
        hook.reply = reply
        add_endpoint(engine, hook.url, now)
        alert_id = tell(engine, now, 1)
        assert deliverer(engine, Clock(now), timeout=timedelta(seconds=0.5)).due() == 1
    [attempt] = log_of(engine, alert_id)
    assert attempt.status == 0
    assert reason in attempt.reason != ""
    assert states(engine, [alert_id]) == ["owed"]


def test_case_72_a_slow_receiver_has_the_whole_timeout(engine: sa.Engine, now: datetime) -> None:
    """How long a page may keep silent is no measure for a receiver at work: it has ``deliver.timeout``."""

    def at_work(asked: parts.Asked) -> None:
        asked.receiver.closing.wait(0.5)
        asked.say(200)

    settings = Settings(
        fetch=Fetch(read_timeout=timedelta(seconds=0.1)), deliver=Deliver(allow_networks=(ip_network("127.0.0.0/8"),))
    )
    with receiver() as hook:
        hook.reply = at_work
        endpoint = add_endpoint(engine, hook.url, now)
        alert_id = tell(engine, now, 1)
        Deliverer(engine, settings.deliver, client_for(settings), "d1", Clock(now)).turn(endpoint.id)
    assert states(engine, [alert_id]) == ["delivered"]


def test_case_72_a_gigabyte_of_an_answer(engine: sa.Engine, now: datetime) -> None:
    """An endless good answer is good; 2 kB of it are kept."""
    with receiver() as hook:
        hook.reply = parts.flood
        add_endpoint(engine, hook.url, now)
        alert_id = tell(engine, now, 1)
        deliverer(engine, Clock(now)).due()
    [attempt] = log_of(engine, alert_id)
    assert (attempt.status, states(engine, [alert_id])) == (200, ["delivered"])
    assert 0 < len(attempt.head) <= 2048


def test_case_72_nobody_listens(engine: sa.Engine, now: datetime) -> None:
    """A refused connection is a failed attempt."""
    with receiver() as hook:
        url = hook.url
    add_endpoint(engine, url, now)
    alert_id = tell(engine, now, 1)
    deliverer(engine, Clock(now)).due()
    [attempt] = log_of(engine, alert_id)
    assert attempt.status == 0
    assert attempt.reason
    assert states(engine, [alert_id]) == ["owed"]


def test_case_73_a_lost_acknowledgement_means_once_more(engine: sa.Engine, now: datetime) -> None:
    """The receiver took it in and its answer got lost: it comes again with the same id, by which it is known."""
    clock = Clock(now)
    with receiver() as hook:
        hook.replies.append(parts.hang_up)
        add_endpoint(engine, hook.url, now)
        told = tell_many(engine, now, 2)
        drain(deliverer(engine, clock), clock, hours=1)
    assert hook.ids() == [told[0], told[0], told[1]]


@pytest.mark.parametrize(
    "allow",
    [pytest.param((), id="nothing allowed"), pytest.param((ip_network("10.0.0.0/8"),), id="another network allowed")],
)
def test_case_20_loopback_is_refused_unless_allowed(engine: sa.Engine, now: datetime, allow: object) -> None:
    """Webhooks reach no private address that ``deliver.allow_networks`` does not name."""
    with receiver() as hook:
        add_endpoint(engine, hook.url, now)
        alert_id = tell(engine, now, 1)
        deliverer(engine, Clock(now), allow=allow).due()
    assert hook.got == []
    assert log_of(engine, alert_id)[0].reason == "blocked-address"


def test_case_20_what_feeds_may_reach_webhooks_may_not(engine: sa.Engine, now: datetime) -> None:
    """The two allow-lists are two: one for fetching opens nothing for sending."""
    loopback = (ip_network("127.0.0.0/8"),)
    with receiver() as hook:
        endpoint = add_endpoint(engine, hook.url, now)
        alert_id = tell(engine, now, 1)
        settings = Settings(fetch=Fetch(allow_networks=loopback))
        sender = Deliverer(engine, settings.deliver, client_for(settings), "d1", Clock(now))
        assert sender.turn(endpoint.id) == 1
    assert hook.got == []
    assert log_of(engine, alert_id)[0].reason == "blocked-address"


def verified_by(hook: Receiver, secret: str) -> list[bool]:
    """Whether each POST that came verifies with this secret."""
    believed = []
    for request in hook.got:
        at = datetime.fromtimestamp(int(request.headers["webhook-timestamp"])).astimezone()
        try:
            verify(secret, request.headers, request.body, at)
            believed.append(True)
        except SignatureError:
            believed.append(False)
    return believed


def test_case_77_rotation_during_backoff(engine: sa.Engine, now: datetime) -> None:
    """Before a rotation the old secret signs, for a day after it both, then the new one alone."""
    clock = Clock(now)
    with receiver() as hook:
        hook.reply = saying(500)
        old = add_endpoint(engine, hook.url, now)
        alert_id = tell(engine, now, 1)
        sender = deliverer(engine, clock)
        sender.due()
        with writing(engine) as connection:
            new = endpoints.rotate(connection, old.id, "whsec_" + "A" * 43 + "=", clock())
        assert new is not None
        clock.forward(minutes=10)
        sender.due()
        clock.forward(hours=24)
        hook.reply = saying(200)
        sender.due()
    assert [request.headers["webhook-signature"].count("v1,") for request in hook.got] == [1, 2, 1]
    assert verified_by(hook, old.secret) == [True, True, False]
    assert verified_by(hook, new.secret) == [False, True, True]
    assert states(engine, [alert_id]) == ["delivered"]


def test_ten_attempts_and_no_more(engine: sa.Engine, now: datetime) -> None:
    """A receiver that never takes it is asked ten times in 60 to 90 hours; then the delivery has failed, visibly."""
    clock = Clock(now)
    with receiver() as hook:
        hook.reply = saying(500)
        add_endpoint(engine, hook.url, now)
        alert_id = tell(engine, now, 1)
        drain(deliverer(engine, clock), clock, hours=110)
    assert hook.ids() == [alert_id] * 10
    times = [int(request.headers["webhook-timestamp"]) for request in hook.got]
    assert 60 < (times[-1] - times[0]) / 3600 < 91
    assert states(engine, [alert_id]) == ["failed"]


def test_a_replay_is_the_same_delivery_again(engine: sa.Engine, now: datetime) -> None:
    """A replay sends the same id and bytes, goes ahead of what waits, and keeps the attempts before it."""
    clock = Clock(now)
    with receiver() as hook:
        endpoint = add_endpoint(engine, hook.url, now)
        first = tell(engine, now, 1)
        sender = deliverer(engine, clock)
        sender.due()
        hook.reply = saying(503, retry_after="3600")
        second = tell(engine, now, 2)
        sender.due()
        hook.reply = saying(200)
        with writing(engine) as connection:
            [delivery_id] = deliveries.owed_for(connection, first)
            assert deliveries.replay(connection, delivery_id, clock()) == "delivered"
            assert deliveries.replay(connection, 99, clock()) is None
        assert states(engine, [first, second]) == ["owed", "owed"]
        sender.due()
    assert hook.ids() == [first, second, first]
    assert hook.got[0].body == hook.got[2].body
    assert len(log_of(engine, first)) == 2
    assert states(engine, [first, second]) == ["delivered", "owed"]
    with writing(engine) as connection:
        endpoints.remove(connection, endpoint.id, clock())
        assert deliveries.replay(connection, delivery_id, clock()) == "cancelled"
