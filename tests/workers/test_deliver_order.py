"""Many deliveries, many endpoints, many senders: order, patience, and who may change what."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from store import deliveries, endpoints
from store.deliveries import Attempt, Decision
from store.engine import writing
from tests.parts import receiver as parts
from tests.parts.delivering import (
    Clock,
    add_endpoint,
    at_once,
    deliverer,
    drain,
    standing,
    states,
    tell,
    tell_many,
)
from tests.parts.receiver import receiver, saying
from workers.deliverer import FAILING_MOST

HOLD = timedelta(seconds=45)


def test_case_74_down_for_ten_hours_then_everything_in_order(engine: sa.Engine, now: datetime) -> None:
    """Alerts told during an outage all arrive soon after it, each once. The first one through is whichever found the
    endpoint alive; the others follow oldest first."""
    clock = Clock(now)
    with receiver() as hook:
        hook.reply = saying(502)
        add_endpoint(engine, hook.url, now)
        told = []
        sender = deliverer(engine, clock)
        for each in range(60):
            told.append(tell(engine, clock(), each))
            sender.due()
            clock.forward(minutes=10)
        failed = len(hook.got)
        hook.reply = saying(200)
        back = clock()
        drain(sender, clock, hours=0.25)
    came = hook.ids()[failed:]
    assert failed < 12 * 10  # one probe per quiet spell at most
    assert sorted(came) == sorted(told)
    assert came[1:] == [each for each in told if each != came[0]]
    assert all(int(request.headers["webhook-timestamp"]) - back.timestamp() < 600 for request in hook.got[failed:])


def test_a_failure_keeps_the_order(engine: sa.Engine, now: datetime) -> None:
    """What comes after a delivery that failed waits behind it."""
    clock = Clock(now)
    with receiver() as hook:
        hook.replies.extend([saying(200), saying(500), parts.hang_up])
        add_endpoint(engine, hook.url, now)
        told = tell_many(engine, now, 4)
        drain(deliverer(engine, clock), clock, hours=1)
    assert hook.ids() == [told[0], *[told[1]] * 3, *told[2:]]


@pytest.mark.parametrize("status", [400, 500], ids=["refused", "breaks the receiver"])
def test_one_delivery_that_is_never_taken_stops_no_other(engine: sa.Engine, now: datetime, status: int) -> None:
    """A poison body uses up its own attempts; the others arrive within the hour."""
    clock = Clock(now)
    with receiver() as hook:
        add_endpoint(engine, hook.url, now)
        told = tell_many(engine, now, 5)
        poison = f'"alert_id":"{told[1]}"'.encode()

        def reply(asked: parts.Asked) -> None:
            asked.say(status if poison in hook.got[-1].body else 200)

        hook.reply = reply
        sender = deliverer(engine, clock)
        drain(sender, clock, hours=1)
        assert states(engine, told) == ["delivered", "owed", *["delivered"] * 3]
        drain(sender, clock, hours=100)
    assert Counter(hook.ids()) == {each: 10 if each == told[1] else 1 for each in told}
    assert states(engine, told) == ["delivered", "failed", *["delivered"] * 3]


def test_case_75_down_for_five_days(engine: sa.Engine, now: datetime) -> None:
    """The endpoint is disabled with a reason to read; nothing is deleted; enabling and replaying deliver everything."""
    clock = Clock(now)
    with receiver() as hook:
        hook.reply = saying(503)
        endpoint = add_endpoint(engine, hook.url, now)
        sender = deliverer(engine, clock)
        told: list[str] = []
        while standing(engine, endpoint.id).enabled:
            told.append(tell(engine, clock(), len(told)))
            drain(sender, clock, hours=12)
        assert FAILING_MOST <= clock() - now < FAILING_MOST + timedelta(hours=24)
        assert standing(engine, endpoint.id).disabled_reason.startswith("failing: no success since 2026-03-02T09:00")
        asked = len(hook.got)
        drain(sender, clock, hours=48)
        assert len(hook.got) == asked
        assert set(states(engine, told)) == {"owed", "failed"}
        hook.reply = saying(200)
        with writing(engine) as connection:
            endpoints.enable(connection, endpoint.id, clock())
            for alert_id in told:
                for delivery_id in deliveries.owed_for(connection, alert_id):
                    deliveries.replay(connection, delivery_id, clock())
        sender.due()
    assert hook.ids()[asked:] == told
    assert set(states(engine, told)) == {"delivered"}


def test_case_76_a_dead_endpoint_delays_nobody(engine: sa.Engine, now: datetime) -> None:
    """Nine endpoints have everything while the tenth is still being waited for."""
    clock = Clock(now)
    with receiver() as hook, receiver() as dead:
        dead.reply = parts.silence
        slow = add_endpoint(engine, dead.url, now)
        for each in range(9):
            add_endpoint(engine, f"{hook.url}/{each}", now)
        told = tell_many(engine, now, 4)
        senders = [deliverer(engine, clock, owner) for owner in ("d1", "d2")]

        def send_the_rest() -> None:
            while not dead.got:
                dead.closing.wait(0.01)
            while senders[1].due():
                pass
            assert dead.most == 1
            dead.closing.set()

        at_once(lambda: senders[0].turn(slow.id), send_the_rest)
    assert len(dead.got) == 1
    by_endpoint = Counter(request.path for request in hook.got)
    assert sorted(by_endpoint.values()) == [4] * 9
    assert Counter(states(engine, told)) == {"delivered": 36, "owed": 4}


@pytest.mark.parametrize("most", [1, 3])
def test_case_79_never_more_at_once_than_allowed(engine: sa.Engine, now: datetime, most: int) -> None:
    """300 alerts and four senders: each arrives once, at most ``deliver.per_endpoint`` are in flight."""
    clock = Clock(now)
    with receiver() as hook:
        endpoint = add_endpoint(engine, hook.url, now)
        told = tell_many(engine, now, 300)
        senders = [deliverer(engine, clock, f"d{each}", per_endpoint=most) for each in range(4)]

        def send(index: int) -> None:
            while "owed" in states(engine, told[-1:]):
                if not senders[index].turn(endpoint.id):
                    hook.closing.wait(0.02)

        at_once(*(lambda index=index: send(index) for index in range(4)))
    assert hook.most <= most
    assert Counter(hook.ids()) == dict.fromkeys(told, 1)
    if most == 1:
        assert hook.ids() == told


def test_case_80_removal_in_flight(engine: sa.Engine, now: datetime) -> None:
    """An endpoint removed while a POST is under way: the rest is cancelled and the late answer changes nothing."""
    clock = Clock(now)
    with receiver() as hook:
        endpoint = add_endpoint(engine, hook.url, now)
        told = tell_many(engine, now, 3)

        def remove(asked: parts.Asked) -> None:
            with writing(engine) as connection:
                assert endpoints.remove(connection, endpoint.id, clock()) == 3
            asked.say(200)

        hook.reply = remove
        drain(deliverer(engine, clock), clock, hours=1)
    assert len(hook.got) == 1
    assert states(engine, told) == ["cancelled"] * 3


def test_a_late_finisher_is_fenced(engine: sa.Engine, now: datetime) -> None:
    """A sender whose lease ran out while it waited changes nothing, whatever it was told in the end."""
    clock = Clock(now)
    with receiver() as hook:
        endpoint = add_endpoint(engine, hook.url, now)
        told = tell_many(engine, now, 2)
        second = deliverer(engine, clock, "d2")

        def late(asked: parts.Asked) -> None:
            clock.forward(seconds=46)
            assert second.turn(endpoint.id) == 2
            asked.say(500)

        hook.replies.append(late)
        assert deliverer(engine, clock, "d1").turn(endpoint.id) == 1
    assert hook.ids() == [told[0], *told]
    assert states(engine, told) == ["delivered"] * 2
    assert standing(engine, endpoint.id).failures == 0


def test_a_lease_ends_by_itself_and_is_fenced(engine: sa.Engine, now: datetime) -> None:
    """Held, an endpoint is nobody else's; a killed holder's lease ends after 45 s, and then it may record nothing."""
    endpoint = add_endpoint(engine, "http://a.example/", now)
    tell(engine, now, 1)
    later = now + HOLD
    with writing(engine) as connection:
        held = deliveries.lease(connection, endpoint.id, "d1", now, HOLD)
        assert held is not None
        [sent] = deliveries.take(connection, held, now, HOLD, 5)
        assert deliveries.lease(connection, endpoint.id, "d2", later - timedelta(seconds=1), HOLD) is None
        assert deliveries.due_endpoints(connection, now, 10) == []
        taken = deliveries.lease(connection, endpoint.id, "d2", later, HOLD)
        assert taken is not None
        assert deliveries.take(connection, held, later, HOLD, 5) == []
        came = Attempt(later, 200, "", 0.1, "")
        assert deliveries.record(connection, held, sent, came, Decision("delivered")) is False
        deliveries.release(connection, held)
        assert [each.id for each in deliveries.take(connection, taken, later, HOLD, 5)] == [sent.id]


def test_an_endpoint_is_rung_for_once(engine: sa.Engine, now: datetime) -> None:
    """What was rung for and not taken is named again after 30 s; what was served, at once when something new is due."""
    clock = Clock(now)
    with receiver() as hook:
        endpoint = add_endpoint(engine, hook.url, now)
        tell(engine, now, 1)
        with writing(engine) as connection:
            assert deliveries.due_endpoints(connection, now, 10) == [endpoint.id]
            assert deliveries.due_endpoints(connection, now + timedelta(seconds=29), 10) == []
            assert deliveries.due_endpoints(connection, now + timedelta(seconds=30), 10) == [endpoint.id]
            assert deliveries.depth(connection, now) == (1, now)
        assert deliverer(engine, clock).turn(endpoint.id) == 1
        with writing(engine) as connection:
            assert deliveries.due_endpoints(connection, now, 10) == []
            assert deliveries.depth(connection, now) == (0, None)
        tell(engine, now, 2)
        with writing(engine) as connection:
            assert deliveries.due_endpoints(connection, now, 10) == [endpoint.id]


def test_case_94_a_clock_set_back_holds_nobody_up(engine: sa.Engine, now: datetime) -> None:
    """A killed sender's lease and a ring from before the clock went back two hours end like any other."""
    endpoint = add_endpoint(engine, "http://a.example/", now)
    tell(engine, now, 1)
    later = now + timedelta(hours=2)
    with writing(engine) as connection:
        assert deliveries.due_endpoints(connection, later, 10) == [endpoint.id]
        assert deliveries.lease(connection, endpoint.id, "d1", later, HOLD)
        assert deliveries.due_endpoints(connection, now, 10) == [endpoint.id]
        assert deliveries.lease(connection, endpoint.id, "d2", now, HOLD)


def test_the_longest_waiting_is_rung_for_first(engine: sa.Engine, now: datetime) -> None:
    """Endpoints come in the order in which their oldest delivery became due."""
    first = add_endpoint(engine, "http://a.example/", now, min_severity="critical")
    second = add_endpoint(engine, "http://b.example/", now)
    tell(engine, now, 1)
    tell(engine, now + timedelta(seconds=1), 2, severity="critical")
    with writing(engine) as connection:
        due = deliveries.due_endpoints(connection, now + timedelta(seconds=1), 10)
    assert due == [second.id, first.id]


def test_a_turn_ends(engine: sa.Engine, now: datetime) -> None:
    """A turn begins nothing after 20 s, nor when it is asked to stop; the rest is due at once for the next."""
    clock = Clock(now)
    with receiver() as hook:

        def slowly(asked: parts.Asked) -> None:
            clock.forward(seconds=8)
            asked.say(200)

        hook.reply = slowly
        endpoint = add_endpoint(engine, hook.url, now)
        tell_many(engine, now, 5)
        sender = deliverer(engine, clock)
        assert replace(sender, stopping=lambda: True).turn(endpoint.id) == 0
        assert replace(sender, stopping=lambda: len(hook.got) == 1).turn(endpoint.id) == 1
        assert sender.turn(endpoint.id) == 3
        assert sender.due() == 1
