"""What a server may do to a GET, and the reason each ends with."""

import gzip
import hashlib
import json
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from config.settings import Fetch
from ingest.fetching.fetch import Fetcher
from ingest.model import Fetched, FetchError, Validators
from tests.ingest.hostile import Reply, answer, drip, redirect, reset, serving, silence
from tests.ingest.test_fetch_guard import LOOPBACK

QUICK = {"allow_networks": LOOPBACK}
IMPATIENT: dict[str, Any] = {"total_timeout": "700ms", "read_timeout": "400ms"}
"""For those who would keep us waiting; the others have time, however busy the machine is."""

TEXT = b"A paragraph of an invented story.\n" * 200


def get(reply: Reply, validators: Validators = Validators(), **settings: Any) -> Fetched:  # noqa: B008
    """Fetches one page from a server that gives *reply*."""
    with serving({"/": reply}) as server:
        return Fetcher(Fetch.model_validate(QUICK | settings), "test/1").get_sync(server.url(), validators=validators)


def reason(reply: Reply, validators: Validators = Validators(), **settings: Any) -> str:  # noqa: B008
    """The reason that fetching a page with *reply* is refused for."""
    with pytest.raises(FetchError) as caught:
        get(reply, validators, **settings)
    return caught.value.reason


def zipped(body: bytes, *headers: str) -> bytes:
    """An answer that says its body is gzip."""
    return answer("200 OK", body, "Content-Encoding: gzip", *headers)


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """A chunked answer."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return answer("200 OK", b"", "Transfer-Encoding: chunked", length=False) + body + end


def bomb(size: int) -> bytes:
    """A gzip of *size* zeros, made without ever holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


def test_a_page_comes_whole() -> None:
    """A plain answer is kept with its hash, headers and validators, its cookies left out."""
    got = get(
        answer("200 OK", TEXT, 'ETag: "1"', "Last-Modified: yesterday", "Set-Cookie: a=b", "Content-Type: text/html")
    )
    assert (got.status, got.body, got.sha256) == (200, TEXT, hashlib.sha256(TEXT).hexdigest())
    assert (got.validators, got.content_type) == (Validators(b'"1"', b"yesterday"), "text/html")
    assert "set-cookie" not in got.headers


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(zipped(gzip.compress(TEXT)), id="gzip"),
        pytest.param(zipped(gzip.compress(TEXT[:3000]) + gzip.compress(TEXT[3000:])), id="case_28-two-members"),
        pytest.param(zipped(gzip.compress(TEXT) + bytes(512)), id="case_29-nul-padding"),
        pytest.param(chunked(TEXT[:10], TEXT[10:]), id="chunked"),
        pytest.param(answer("200 OK", TEXT, length=False), id="until-close"),
        pytest.param(answer("200 OK", TEXT) + b"and more", id="case_33-more-than-declared"),
        pytest.param(answer("200 OK", TEXT, "Content-Encoding: identity"), id="identity"),
        pytest.param(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + answer(body=TEXT), id="early-hints"),
    ],
)
def test_whole_bodies(reply: bytes) -> None:
    """However a whole body is framed, the same text comes out."""
    assert get(reply).body == TEXT


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        pytest.param(zipped(bomb(64 << 20)), "too-large", id="case_24-bomb"),
        pytest.param(answer("200 OK", b"x", "Content-Encoding: br"), "unexpected-encoding", id="case_25-br"),
        pytest.param(answer("200 OK", b"x", "Content-Encoding: zstd"), "unexpected-encoding", id="case_26-zstd"),
        pytest.param(answer("200 OK", b"x", "Content-Encoding: deflate"), "unexpected-encoding", id="case_26-deflate"),
        pytest.param(
            answer("200 OK", b"x", "Content-Encoding: gzip, gzip, gzip"), "unexpected-encoding", id="case_26-x3"
        ),
        pytest.param(zipped(b"x", "Content-Encoding: gzip"), "unexpected-encoding", id="case_26-two-headers"),
        pytest.param(
            answer("200 OK", b"x", "Content-Encoding: " + "gzip, " * 10_000 + "gzip"),
            "unexpected-encoding",
            id="case_26-x10000",
        ),
        pytest.param(zipped(gzip.compress(TEXT)[:-9]), "truncated", id="case_27-cut"),
        pytest.param(zipped(gzip.compress(TEXT)[:-4]), "truncated", id="case_27-cut-in-trailer"),
        pytest.param(
            zipped(gzip.compress(TEXT) + gzip.compress(TEXT)[:30]), "truncated", id="case_27-second-member-cut"
        ),
        pytest.param(zipped(gzip.compress(TEXT) + b"junk"), "bad-gzip", id="case_29-junk"),
        pytest.param(zipped(gzip.compress(TEXT) + b"\0\0junk"), "bad-gzip", id="case_29-padding-then-junk"),
        pytest.param(zipped(gzip.compress(b"") * 3000), "bad-gzip", id="case_29-thousands-of-members"),
        pytest.param(zipped(TEXT), "bad-gzip", id="not-gzip"),
        pytest.param(zipped(b""), "empty-body", id="case_38-empty-gzip"),
        pytest.param(drip(answer("200 OK", b"", length=False), b"a", 0.02), "deadline", id="case_30-body"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.02), "deadline", id="case_30-header"),
        pytest.param(drip(chunked(end=b""), b"8000\r\n" + b"a" * 32768 + b"\r\n", 0), "too-large", id="case_31-chunks"),
        pytest.param(drip(answer(length=False), b"a" * 65536, 0), "too-large", id="case_31-until-close"),
        pytest.param(
            drip(chunked(end=b""), b"1;" + b"x" * 9000 + b"\r\na\r\n", 0), "too-large", id="case_31-chunk-extensions"
        ),
        pytest.param(silence, "read-timeout", id="case_32-silent"),
        pytest.param(reset(), "connection-lost", id="case_32-reset"),
        pytest.param(b"", "protocol-error", id="case_32-closed"),
        pytest.param(b"<html>old times</html>", "protocol-error", id="case_32-http-0.9"),
        pytest.param(chunked(TEXT, end=b"zz\r\n"), "truncated", id="case_32-bad-chunk"),
        pytest.param(chunked(TEXT, end=b"ff\r\ncut"), "truncated", id="case_32-cut-chunk"),
        pytest.param(chunked(TEXT, end=b""), "truncated", id="case_32-no-last-chunk"),
        pytest.param(answer("200 OK", TEXT, "X: a\0b"), "protocol-error", id="case_32-nul-header"),
        pytest.param(answer("200 OK", TEXT, "Content-Length: 9999", length=False), "truncated", id="case_33-longer"),
        pytest.param(
            reset(answer("200 OK", TEXT, "Content-Length: 9999", length=False)), "connection-lost", id="case_33-reset"
        ),
        pytest.param(reset(answer("200 OK", TEXT, length=False)), "connection-lost", id="case_33-reset-until-close"),
        pytest.param(
            answer("200 OK", TEXT, "Content-Length: -1", length=False), "protocol-error", id="case_33-negative"
        ),
        pytest.param(answer("200 OK", TEXT, "Content-Length: 5"), "protocol-error", id="case_33-duplicate"),
        pytest.param(answer("200 OK", TEXT, f"Content-Length: {10**15}", length=False), "too-large", id="case_33-huge"),
        pytest.param(
            answer("200 OK", TEXT, f"Content-Length: {'9' * 30}", length=False), "protocol-error", id="case_33-absurd"
        ),
        pytest.param(drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000, 0), "headers-too-large", id="case_34"),
        pytest.param(
            drip(b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 9000 + b"\r\n", 0), "headers-too-large", id="headers"
        ),
        pytest.param(answer(), "empty-body", id="case_38-empty"),
        pytest.param(answer("204 No Content", length=False), "http-204", id="case_38-204"),
        pytest.param(answer("206 Partial Content", TEXT), "http-206", id="case_38-206"),
        pytest.param(answer("999 Request denied", TEXT), "http-999", id="case_38-999"),
        pytest.param(answer("304 Not Modified", length=False), "unexpected-304", id="case_39"),
        pytest.param(redirect("http://[/"), "bad-url", id="redirect-nowhere"),
        pytest.param(answer("302 Found"), "bad-url", id="redirect-without-location"),
        pytest.param(redirect("/"), "too-many-redirects", id="case_13-loop"),
    ],
)
def test_refusals(reply: Reply, expected: str) -> None:
    """Whatever is not a whole page is refused for one reason, each time the same."""
    assert reason(reply, **(IMPATIENT if expected in {"deadline", "read-timeout"} else {})) == expected


def test_case_13_redirects_stop_at_the_limit() -> None:
    """A loop is followed five times and no more, cookie wall or not."""
    wall = answer("302 Found", b"", "Location: /", "Set-Cookie: seen=1")
    with serving({"/": wall}) as server, pytest.raises(FetchError) as caught:
        Fetcher(Fetch(allow_networks=LOOPBACK), "test/1").get_sync(server.url())
    assert (caught.value.reason, len(server.asked)) == ("too-many-redirects", 6)
    assert not any(b"\r\nCookie:" in request for request in server.asked)


def test_case_14_the_body_of_a_redirect_is_not_read() -> None:
    """A redirect whose body never ends is followed at its head."""
    endless = drip(b"HTTP/1.1 302 Found\r\nLocation: /there\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", 0.02)
    with serving({"/": endless, "/there": answer(body=TEXT)}) as server:
        got = Fetcher(Fetch.model_validate(QUICK), "test/1").get_sync(server.url())
    assert (got.body, got.redirects, got.moved_to) == (TEXT, (server.url("/there"),), None)


@pytest.mark.parametrize(
    ("first", "second", "moved"),
    [
        pytest.param("301 Moved Permanently", "308 Permanent Redirect", True, id="for-good"),
        pytest.param("301 Moved Permanently", "302 Found", False, id="only-partly"),
    ],
)
def test_permanent_redirects_are_told(first: str, second: str, moved: bool) -> None:
    """A page has moved when every redirect on the way says so."""
    replies = {"/": redirect("/a", first), "/a": redirect("/b?x=1#frag", second), "/b": answer(body=TEXT)}
    with serving(replies) as server:
        got = Fetcher(Fetch.model_validate(QUICK), "test/1").get_sync(server.url())
    assert got.url == server.url("/b?x=1")
    assert got.moved_to == (server.url("/b?x=1") if moved else None)


def test_case_17_credentials_stay_with_their_origin(caplog: pytest.LogCaptureFixture) -> None:
    """Credentials of a URL go to its origin, not along a redirect, into the result, an error or a log."""
    caplog.set_level("DEBUG")
    with serving({"/": answer(body=TEXT)}) as other:
        replies = {"/": redirect("/same"), "/same": redirect(other.url().replace("//", "//un:wanted@"))}
        with serving(replies) as server:
            url = server.url("/", host="us%65r:s3cret@127.0.0.1")
            got = Fetcher(Fetch.model_validate(QUICK), "test/1").get_sync(url)
            with pytest.raises(FetchError) as caught:
                Fetcher(Fetch.model_validate(QUICK), "test/1").get_sync(url + "missing")
    basic = b"\r\nAuthorization: Basic dXNlcjpzM2NyZXQ=\r\n"
    assert [basic in request for request in server.asked] == [True, True, True]
    assert b"Authorization" not in other.asked[0]
    assert "s3cret" not in repr(got) + str(caught.value) + repr(vars(caught.value)) + caplog.text


def test_case_24_a_bomb_costs_little_memory() -> None:
    """A gzip of 1 GiB is refused at the cap, for at most 16 MiB more of memory."""
    script = Path(__file__).with_name("bombed.py")
    with serving({"/small": zipped(gzip.compress(TEXT)), "/bomb": zipped(bomb(1 << 30))}) as server:
        done = subprocess.run(
            [sys.executable, str(script), server.url("/small"), server.url("/bomb")],
            capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["reason"] == "too-large"
    assert told["grown"] <= 16 << 20
