"""POSTs: what a webhook's receiver may do to the sender."""

import asyncio
import gzip
import signal
import threading
from pathlib import Path
from types import FrameType

import pytest

from config.settings import Fetch
from ingest.fetching.fetch import HEAD_KEPT, Fetcher, Posted
from ingest.model import FetchError
from tests.ingest.hostile import Reply, answer, drip, redirect, reset, serving, silence
from tests.ingest.test_fetch_guard import LOOPBACK

HEADERS = {"Content-Type": "application/json", "webhook-id": "msg_1"}


def post(reply: Reply, timeout: float = 10) -> Posted:
    """Posts to a receiver that answers *reply*."""
    with serving({"/": reply}) as server:
        return Fetcher(Fetch(), "test/1", LOOPBACK).post_sync(server.url(), b'{"a":1}', HEADERS, timeout)


def test_a_post_arrives_as_it_was_written() -> None:
    """Body and headers go out byte for byte; the answer's status and head come back."""
    with serving({"/": answer("202 Accepted", b"thanks")}) as server:
        got = Fetcher(Fetch(), "test/1", LOOPBACK).post_sync(server.url("/"), '{"a":"é"}'.encode(), HEADERS, 5)
    assert (got.status, got.head, got.retry_after) == (202, b"thanks", None)
    assert server.asked[0].endswith(b'\r\n\r\n{"a":"\xc3\xa9"}')
    assert b"\r\nContent-Length: 10\r\n" in server.asked[0]
    assert b"\r\nwebhook-id: msg_1\r\n" in server.asked[0]


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        pytest.param(redirect("/elsewhere"), 302, id="case_71-redirect"),
        pytest.param(answer("410 Gone"), 410, id="case_71-gone"),
        pytest.param(answer("500 Oops", b"broken"), 500, id="error"),
        pytest.param(reset(answer("200 OK", length=False)), 200, id="case_72-closes-after-reading"),
        pytest.param(drip(answer(length=False), b"a" * 65536, 0), 200, id="case_72-endless-answer"),
        pytest.param(answer("200 OK", gzip.compress(bytes(10**7)), "Content-Encoding: gzip"), 200, id="case_72-bomb"),
        pytest.param(answer("200 OK", b"x", "Content-Encoding: br"), 200, id="case_72-encoding"),
    ],
)
def test_answers_are_told_as_they_are(reply: Reply, status: int) -> None:
    """Every answer with a head counts as what it says; at most 2 kB of it are kept, and no redirect is followed."""
    got = post(reply)
    assert got.status == status
    assert len(got.head) <= HEAD_KEPT


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param(silence, "deadline", id="case_72-never-answers"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.02), "deadline", id="case_72-slow-head"),
        pytest.param(reset(), "connection-lost", id="case_72-reset"),
        pytest.param(b"", "protocol-error", id="case_72-closes"),
    ],
)
def test_no_answer_is_an_error(reply: Reply, reason: str) -> None:
    """Without a whole head there is no answer, and the attempt has a reason."""
    with pytest.raises(FetchError) as caught:
        post(reply, 0.4 if reason == "deadline" else 10)
    assert caught.value.reason == reason


def test_case_71_retry_after_of_a_receiver() -> None:
    """A receiver's Retry-After is told, clamped."""
    assert post(answer("429 Too Many", b"", "Retry-After: 999999999")).retry_after == 86_400


def test_posts_run_within_a_loop_too() -> None:
    """One fetcher serves many loops and many posts at once."""

    with serving({"/": answer(body=b"ok")}) as server:
        fetcher = Fetcher(Fetch(), "test/1", LOOPBACK)

        async def many() -> list[Posted]:
            return await asyncio.gather(*(fetcher.post(server.url(), b"{}", {}, 5) for _ in range(20)))

        assert [got.status for got in asyncio.run(many())] == [200] * 20


class TimeIsUp(Exception):  # noqa: N818 - as rq.timeouts names its own
    """What a worker's alarm raises, wherever the program is."""


def test_a_workers_alarm_passes_through() -> None:
    """An exception from a signal, such as a job's time limit, is nobody's network error and ends the post at once."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    try:
        with serving({"/": silence}) as server, pytest.raises(TimeIsUp):
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            Fetcher(Fetch(), "test/1", LOOPBACK).post_sync(server.url(), b"{}", {}, 60)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="descriptors are counted in /proc")
def test_many_short_posts_leave_nothing_open() -> None:
    """A worker that posts all day holds no more descriptors and threads in the evening than in the morning."""

    def held() -> tuple[int, int]:
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    fetcher = Fetcher(Fetch(), "test/1", LOOPBACK)
    with serving({"/": answer(body=b"ok"), "/broken": reset(b"HTTP/1.1 200 OK\r\n")}) as server:
        fetcher.post_sync(server.url(), b"{}", {}, 5)
        before = held()
        for _ in range(100):
            fetcher.post_sync(server.url(), b"{}", {}, 5)
        for _ in range(5):
            with pytest.raises(FetchError):
                fetcher.post_sync(server.url("/broken"), b"{}", {}, 5)
        after = held()
    assert after[0] - before[0] <= 2
    assert after[1] - before[1] <= 1
