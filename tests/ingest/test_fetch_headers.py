"""Headers: what is believed of an answer's, and what is sent."""

import asyncio

import pytest

from config.settings import Fetch
from ingest.fetching.fetch import Fetcher
from ingest.model import FetchError, Validators
from tests.ingest.hostile import answer, redirect, serving
from tests.ingest.test_fetch_hostile import QUICK, TEXT, get


def test_case_35_cookies_are_never_kept() -> None:
    """A server that sets ever more cookies gets the same small request each time."""
    count = iter(range(10**6))

    async def sweet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cookies = [f"Set-Cookie: c{next(count)}=v" for _ in range(1000)]
        writer.write(answer("200 OK", TEXT, *cookies))
        await writer.drain()

    with serving({"/": sweet}) as server:
        fetcher = Fetcher(Fetch.model_validate(QUICK), "test/1")
        for _ in range(30):
            fetcher.get_sync(server.url())
    assert len({bytes(request) for request in server.asked}) == 1
    assert len(server.asked[0]) < 8192


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("120", 120, id="case_40-int"),
        pytest.param("0", 1, id="case_40-zero"),
        pytest.param("-5", 1, id="case_40-negative"),
        pytest.param("315360000", 86_400, id="case_40-ten-years"),
        pytest.param("9" * 400, 86_400, id="case_40-digits"),
        pytest.param("Mon, 02 Mar 2026 09:05:00 GMT", 300, id="case_40-date"),
        pytest.param("Mon, 02 Mar 2020 09:05:00 GMT", 1, id="case_40-past-date"),
        pytest.param("Mon, 02 Mar 9999 09:05:00 GMT", 86_400, id="case_40-far-date"),
        pytest.param("soon", None, id="case_40-junk"),
        pytest.param("Mon, 99 Foo 2026", None, id="case_40-junk-date"),
        pytest.param("", None, id="case_40-empty"),
    ],
)
@pytest.mark.parametrize("status", ["403 Forbidden", "429 Too Many Requests", "503 Service Unavailable"])
def test_retry_after(status: str, value: str, seconds: float | None) -> None:
    """Retry-After is believed between a second and a day, a date against the server's own clock."""
    with pytest.raises(FetchError) as caught:
        get(answer(status, b"no", f"Retry-After: {value}", "Date: Mon, 02 Mar 2026 09:00:00 GMT"))
    assert (caught.value.status, caught.value.reason) == (int(status[:3]), f"http-{status[:3]}")
    assert caught.value.retry_after == seconds


def test_a_304_that_was_asked_for_keeps_the_validators() -> None:
    """A conditional GET sends what it holds, byte for byte, and a bare 304 leaves it in place."""
    held = Validators(b'W/"caf\xe9"', b"Mon, 02 Mar 2026 09:00:00 GMT")
    with serving({"/": answer("304 Not Modified", length=False)}) as server:
        got = Fetcher(Fetch.model_validate(QUICK), "test/1").get_sync(server.url(), validators=held)
    assert (got.status, got.body, got.validators) == (304, b"", held)
    assert b'\r\nIf-None-Match: W/"caf\xe9"\r\n' in server.asked[0]
    assert b"\r\nIf-Modified-Since: Mon, 02 Mar 2026 09:00:00 GMT\r\n" in server.asked[0]


@pytest.mark.parametrize(
    ("etag", "kept"),
    [
        pytest.param(b'"caf\xe9"', b'"caf\xe9"', id="case_43-latin-1"),
        pytest.param('"日"'.encode(), '"日"'.encode(), id="case_43-utf-8"),
        pytest.param(b'"' + b"x" * 600 + b'"', None, id="case_43-too-long"),
    ],
)
def test_etags(etag: bytes, kept: bytes | None) -> None:
    """An ETag of any bytes is stored as it came, or dropped."""
    got = get(b"HTTP/1.1 200 OK\r\nETag: " + etag + b"\r\nContent-Length: 1\r\n\r\nx")
    assert got.validators.etag == kept


def test_case_43_a_validator_that_breaks_the_head_is_never_sent() -> None:
    """Stored bytes that would end a header line are dropped, not sent."""
    with serving({"/": answer(body=TEXT)}) as server:
        Fetcher(Fetch.model_validate(QUICK), "t").get_sync(server.url(), validators=Validators(b'"a"\r\nX: y', b"\0"))
    assert b"If-" not in server.asked[0]


def test_validators_go_only_to_the_page_that_gave_them() -> None:
    """Along a redirect only the URL that gave the validators is asked conditionally."""
    held = Validators(b'"1"')
    with serving({"/": redirect("/there"), "/there": answer(body=TEXT)}) as server:
        fetcher = Fetcher(Fetch.model_validate(QUICK), "test/1")
        fetcher.get_sync(server.url(), validators=held)
        fetcher.get_sync(server.url(), validators=held, validated_url=server.url("/there"))
    assert [b"If-None-Match" in request for request in server.asked] == [True, False, False, True]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param(["Cache-Control: public, max-age=300"], 300, id="plain"),
        pytest.param(["Cache-Control: max-age=300", "Age: 100"], 200, id="aged"),
        pytest.param(["Cache-Control: no-cache, max-age=300"], None, id="no-cache"),
        pytest.param(["Cache-Control: s-maxage=300"], None, id="shared-only"),
        pytest.param([], None, id="silent"),
    ],
)
def test_max_age(headers: list[str], seconds: float | None) -> None:
    """How long an answer says that it stays fresh."""
    assert get(answer("200 OK", TEXT, *headers)).max_age == seconds


def test_a_cap_for_one_fetch() -> None:
    """A fetch may have a smaller cap than the others."""
    with serving({"/": answer(body=TEXT)}) as server, pytest.raises(FetchError, match="too-large"):
        Fetcher(Fetch.model_validate(QUICK), "test/1").get_sync(server.url(), max_bytes=100)
