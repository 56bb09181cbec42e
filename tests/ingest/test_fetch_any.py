"""Whatever comes: no URL, header or body of any bytes ends in anything but a value or a FetchError."""

import gzip
from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.fetching import answer
from ingest.fetching.body import Body
from ingest.fetching.exchange import request_of
from ingest.fetching.guard import judge
from ingest.fetching.target import PORTS, joined, target
from ingest.model import FetchError, Validators
from ingest.urls import clean, front_of, host_of, is_front, robots_url, secured, shown, site_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CAP = 10_000
patient = settings(deadline=None)
"""A busy machine is no failure."""

BASE = target("http://user:pw@desk.example:8080/a/b?c")

urls = st.text(max_size=80) | st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "ftp", ""]),
    st.text(max_size=30),
    st.sampled_from(["", ":0", ":80", ":x", ":99999", "@", "@h", "%00", "\\@h"]),
    st.text(max_size=30),
)
headers = st.lists(
    st.tuples(
        st.sampled_from(
            [b"Retry-After", b"Date", b"Age", b"Cache-Control", b"ETag", b"Last-Modified", b"Content-Length"]
        ),
        st.binary(max_size=40) | st.sampled_from([b"max-age=9", b"-1", b"1e9", b"Mon, 02 Mar 2026 09:00:00 -9999"]),
    ),
    max_size=6,
)


@patient
@given(
    st.builds(
        "{}://{}{}/{}".format,
        st.sampled_from(["http", "https"]),
        st.text(max_size=30) | st.from_regex(r"(0x)?[0-9a-f_-]{1,4}(\.(0x)?[0-9a-f_-]{1,4}){0,4}", fullmatch=True),
        st.sampled_from(["", ":80", ":443", ":8080"]),
        st.text(max_size=20),
    )
)
@example("http://[::ffff:8.8.8.8]/")
@example("http://0177.0.0.1/a/../b/%2e%2E/%zz?[%zz]'\"")
def test_httpx_changes_nothing(url: str) -> None:
    """What a URL was taken apart into is what httpx sends: host, port and target byte for byte."""
    with suppress(FetchError):
        there = target(url)
        sent = request_of(there, "GET", [(b"a", b"1"), (b"A", b"2")])
        assert sent.url.raw_host == there.host.encode()
        assert (sent.url.port or PORTS[sent.url.scheme], sent.extensions["target"]) == (there.port, there.path.encode())
        assert sent.headers.raw[-2:] == [(b"a", b"1"), (b"A", b"2")]


@patient
@given(urls)
@example("http://[::1%25lo]/")
@example("http://\u2100/")
@example("http://xn--a/")
@example("http://１２７.１/")
@example("HTTP://desk.example\r")
def test_any_url(url: str) -> None:
    """A URL is taken apart, or refused with a reason; what was taken apart is stable and keeps no credentials."""
    assert isinstance(site_of(url) + host_of(url) + clean(url) + shown(url) + secured(url, url), str)
    assert clean(clean(url)) == clean(url)
    try:
        there = target(url)
    except FetchError as error:
        assert error.reason in {"bad-url", "unsupported-scheme"}
        return
    assert there.url.isascii()
    assert target(there.url).url == there.url
    assert target(there.url).userinfo == b""
    assert is_front(front_of(url))
    assert robots_url(url).endswith("/robots.txt")


@patient
@given(st.binary(max_size=80))
def test_any_location(location: bytes) -> None:
    """A Location of any bytes leads to an http(s) URL, or is refused; credentials stay within their origin."""
    with suppress(FetchError):
        there = joined(BASE, location)
        assert there.scheme in {"http", "https"}
        assert there.userinfo == (BASE.userinfo if there.origin == BASE.origin else b"")


@patient
@given(st.binary(max_size=2000), st.integers(1, 50), st.booleans())
def test_any_body(body: bytes, step: int, packed: bool) -> None:
    """Bytes that claim to be gzip come out whole or not at all, however they are cut on the wire."""
    decoder = Body("gzip", CAP)
    wire = gzip.compress(body) if packed else body
    try:
        for start in range(0, len(wire), step):
            decoder.feed(wire[start : start + step])
        assert decoder.whole() == body
        assert packed
    except FetchError as error:
        assert error.reason in {"bad-gzip", "truncated", "empty-body"}
        assert not packed or not body


@patient
@given(st.binary(min_size=1, max_size=300), st.data())
def test_any_cut(body: bytes, data: st.DataObject) -> None:
    """A gzip body cut anywhere is never taken for a whole one."""
    wire = gzip.compress(body)
    decoder = Body("gzip", CAP)
    reason = ""
    try:
        decoder.feed(wire[: data.draw(st.integers(0, len(wire) - 1))])
        decoder.whole()
    except FetchError as error:
        reason = error.reason
    assert reason in {"truncated", "empty-body"}


@patient
@given(headers)
def test_any_headers(sent: list[tuple[bytes, bytes]]) -> None:
    """Headers of any bytes are believed within their clamps."""
    wait, age = answer.retry_after(sent, NOW), answer.max_age(sent)
    assert wait is None or answer.RETRY_LEAST <= wait <= answer.RETRY_MOST
    assert age is None or age >= 0
    assert answer.declared_length(sent) >= 0
    held = answer.validators(sent, Validators())
    assert all(b"\n" not in value and b"\r" not in value for _, value in answer.conditions(held))
    assert isinstance(answer.shown(sent), dict)


@patient
@given(st.ip_addresses(v=4))
def test_any_embedded_address(address: object) -> None:
    """Every form that embeds an IPv4 address is judged as that address."""
    written = str(address)
    expected = judge(written)
    number = int.from_bytes(bytes(int(part) for part in written.split(".")), "big")
    high, low = f"{number >> 16:x}", f"{number & 0xFFFF:x}"
    forms = [f"::ffff:{written}", f"64:ff9b::{high}:{low}", f"2002:{high}:{low}::1", f"::ffff:0:{high}:{low}"]
    assert [judge(form) for form in forms] == [expected] * 4
