"""The sink believes what is signed, and nothing else; what it prints cannot steer a terminal."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from demo.lines import lines
from demo.sink import Received, Sink
from workers.signing import new_secret

SECRET = new_secret()
BODY: dict[str, Any] = {
    "type": "article.facts_changed",
    "timestamp": "2026-11-23T04:30:00Z",
    "data": {
        "alert_id": "a1",
        "article": {"url": "http://127.0.0.1:1/city/x.html", "title": "Explosion kills 15"},
        "version": {"from": 1, "to": 2},
        "stealth": False,
        "changes": [
            {
                "type": "casualty",
                "op": "updated",
                "subject": "people killed",
                "before": "12",
                "after": "15",
                "severity": "critical",
            }
        ],
    },
}


def signed(body: bytes, secret: str = SECRET, at: float | None = None, id: str = "a1") -> dict[str, str]:  # noqa: A002
    """The headers of a webhook as the reference library signs it."""
    moment = datetime.fromtimestamp(int(time.time() if at is None else at), UTC)
    signature = Webhook(secret).sign(id, moment, body.decode())
    return {"webhook-id": id, "webhook-timestamp": str(int(moment.timestamp())), "webhook-signature": signature}


@pytest.fixture
def heard() -> list[Received]:
    """What the sink told."""
    return []


@pytest.fixture
def sink(heard: list[Received]) -> Iterator[Sink]:
    """A sink on loopback that knows SECRET."""
    with Sink(SECRET, heard.append) as receiver:
        yield receiver


@pytest.fixture(scope="module")
def web() -> Iterator[httpx.Client]:
    """A client that knows no proxy."""
    with httpx.Client(trust_env=False) as client:
        yield client


def test_genuine_webhook_is_kept_and_told(sink: Sink, heard: list[Received], web: httpx.Client) -> None:
    """What the reference library signed is answered 204, kept byte for byte and told once."""
    raw = json.dumps(BODY).encode()
    assert web.post(sink.url, content=raw, headers=signed(raw)).status_code == 204
    assert [(one.id, one.body, one.raw, one.again) for one in heard] == [("a1", BODY, raw, False)]
    assert sink.received == heard


def test_the_same_id_again_is_known(sink: Sink, web: httpx.Client) -> None:
    """A second delivery of one webhook is accepted and marked."""
    raw = json.dumps(BODY).encode()
    for _ in range(2):
        web.post(sink.url, content=raw, headers=signed(raw))
    assert [one.again for one in sink.received] == [False, True]


@pytest.mark.parametrize(
    ("change", "headers"),
    [
        pytest.param(b"", {}, id="no headers at all"),
        pytest.param(b" ", signed(json.dumps(BODY).encode()), id="one byte more"),
        pytest.param(b"", signed(json.dumps(BODY).encode(), new_secret()), id="another secret"),
        pytest.param(b"", signed(json.dumps(BODY).encode(), at=0), id="an old timestamp"),
        pytest.param(b"", signed(json.dumps(BODY).encode()) | {"webhook-id": "a2"}, id="another id"),
        pytest.param(b"", signed(json.dumps(BODY).encode()) | {"webhook-signature": "v1,"}, id="an empty signature"),
        pytest.param(b"", signed(json.dumps(BODY).encode()) | {"webhook-timestamp": "soon"}, id="no number"),
    ],
)
def test_forged_webhook_is_refused(
    sink: Sink, heard: list[Received], web: httpx.Client, change: bytes, headers: dict[str, str]
) -> None:
    """Anything that the secret did not sign is answered 401, and neither kept nor told."""
    assert web.post(sink.url, content=json.dumps(BODY).encode() + change, headers=headers).status_code == 401
    assert (sink.received, heard, sink.refused) == ([], [], 1)


@pytest.mark.parametrize(
    ("method", "content", "status"),
    [
        pytest.param("GET", b"", 405, id="get"),
        pytest.param("POST", b"not json", 400, id="signed but not JSON"),
        pytest.param("POST", b"[1]", 400, id="signed but no object"),
        pytest.param("POST", b"x" * 1_000_001, 413, id="too long"),
    ],
)
def test_other_requests(sink: Sink, web: httpx.Client, method: str, content: bytes, status: int) -> None:
    """What is no webhook of ours gets the status that says so."""
    try:
        answer = web.request(method, sink.url, content=content, headers=signed(content))
    except (httpx.WriteError, httpx.ReadError):
        assert status == 413, "only a body that nobody reads may meet a closed door"
    else:
        assert answer.status_code == status
    assert sink.received == []


@pytest.mark.parametrize(
    ("change", "line"),
    [
        pytest.param({}, "casualty    12 → 15  people killed  critical", id="updated"),
        pytest.param({"op": "added", "before": None}, "casualty    + 15  people killed  critical", id="added"),
        pytest.param({"op": "removed", "after": None}, "casualty    − 12  people killed  critical", id="removed"),
        pytest.param({"subject": "", "severity": "low"}, "casualty    12 → 15  low", id="no subject"),
        pytest.param({"after": "x" * 99}, f"casualty    12 → {'x' * 63}…  people killed  critical", id="long"),
        pytest.param(
            {"after": "1\x1b[2J\r\n5"},
            r"casualty    12 → 1\x1b[2J\r\n5  people killed  critical",
            id="control characters",
        ),
        pytest.param({"after": "[red]15[/]"}, "casualty    12 → [red]15[/]  people killed  critical", id="markup"),
    ],
)
def test_fact_change_is_one_line(change: dict[str, Any], line: str) -> None:
    """Type, before and after, subject, severity; then the outlet and its headline."""
    data = BODY["data"] | {"changes": [BODY["data"]["changes"][0] | change]}
    shown = [text.plain for text in lines(BODY | {"data": data}, "Courier")]
    assert shown == [f"{line}   Courier: Explosion kills 15"]


def test_headline_and_text_are_one_line() -> None:
    """A change that shows in both is printed once."""
    change = BODY["data"]["changes"][0]
    data = BODY["data"] | {"changes": [change | {"position": "headline"}, change | {"position": "lede"}]}
    assert len(list(lines(BODY | {"data": data}, "Courier"))) == 1


@pytest.mark.parametrize(
    ("type", "data", "line"),
    [
        pytest.param("article.settled", {}, "settled     no longer marked as developing   Courier: Fire", id="settled"),
        pytest.param("article.withdrawn", {}, "withdrawn   the page is gone   Courier: Fire", id="withdrawn"),
        pytest.param(
            "article.version_created",
            {"version": {"from": 1, "to": 2}, "changes": []},
            "wording     a new version, no fact changed   Courier: Fire",
            id="style only",
        ),
        pytest.param("article.version_created", {"version": {"from": None, "to": 1}}, None, id="first version"),
        pytest.param("article.version_created", {"version": {"from": 1, "to": 2}, "changes": [{}]}, None, id="factual"),
        pytest.param("article.new\x1b", {}, r"article.new\x1b   Courier: Fire", id="unknown"),
    ],
)
def test_other_events_are_one_line(type: str, data: dict[str, Any], line: str | None) -> None:  # noqa: A002
    """Every other event has one line, and what is told elsewhere has none."""
    body = {"type": type, "data": {"article": {"title": "Fire"}} | data}
    assert [text.plain for text in lines(body, "Courier")] == ([] if line is None else [line])


def test_a_late_webhook_is_judged_by_the_sinks_clock(web: httpx.Client) -> None:
    """A timestamp is compared with the clock that the sink was given."""
    raw = json.dumps(BODY).encode()
    later = datetime.now(UTC) + timedelta(hours=1)
    with Sink(SECRET, now=lambda: later) as receiver:
        assert web.post(receiver.url, content=raw, headers=signed(raw)).status_code == 401
        assert web.post(receiver.url, content=raw, headers=signed(raw, at=later.timestamp())).status_code == 204
