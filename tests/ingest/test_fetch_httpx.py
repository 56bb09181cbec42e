"""What goes over the wire is what this project decided, and nothing that httpx would add, mend or remember."""

from pathlib import Path

import pytest

from config.settings import Fetch
from ingest.fetching.fetch import Fetcher
from ingest.model import FetchError, Validators
from tests.ingest.hostile import answer, redirect, serving
from tests.ingest.test_fetch_guard import LOOPBACK, resolver

ODD = "/a/./b/../c//%2e%2E/%7Euser/%zz;p=1?q=[1]&r='%zz'&s=a/../b?&t"


def fetcher() -> Fetcher:
    """Every name is this machine."""
    return Fetcher(Fetch(), "test/1", LOOPBACK, resolve=resolver(["127.0.0.1"]))


def test_the_whole_request_of_a_get() -> None:
    """A GET consists of these lines, in this order and spelling, and its target is the URL's, dot segments and all."""
    with serving({ODD.partition("?")[0]: answer(body=b"text")}) as server:
        url = server.url(ODD, host="desk.example")
        got = fetcher().get_sync(url.replace("://", "://user:pw@"), validators=Validators(b'"1"'))
        lines = [
            f"GET {ODD} HTTP/1.1",
            f"Host: desk.example:{server.port}",
            "Authorization: Basic dXNlcjpwdw==",
            "User-Agent: test/1",
            "Accept: text/html, application/xhtml+xml, application/atom+xml, application/rss+xml,"
            " application/xml;q=0.9, */*;q=0.8",
            "Accept-Encoding: gzip",
            'If-None-Match: "1"',
            "Connection: close",
        ]
    assert got.url == url
    assert server.asked == ["\r\n".join([*lines, "", ""]).encode()]


def test_the_whole_request_of_a_post() -> None:
    """A POST consists of these lines and its body."""
    with serving({"/hook": answer(body=b"ok")}) as server:
        fetcher().post_sync(server.url("/hook", host="desk.example"), b"{}", {"webhook-id": "1"}, 5)
        lines = [
            "POST /hook HTTP/1.1",
            f"Host: desk.example:{server.port}",
            "User-Agent: test/1",
            "Accept-Encoding: identity",
            "webhook-id: 1",
            "Content-Length: 2",
            "Connection: close",
        ]
    assert server.asked == ["\r\n".join([*lines, "", "{}"]).encode()]


def test_repeated_headers_of_an_answer_stay_apart() -> None:
    """Two Content-Encodings are a nested one, however they are spelt."""
    body = answer("200 OK", b"x", "Content-Encoding: gzip", "content-encoding: gzip")
    with serving({"/": body}) as server, pytest.raises(FetchError, match="unexpected-encoding"):
        fetcher().get_sync(server.url())


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("http://127.0.0.1:99999/", id="port"),
        pytest.param("http://a..b/", id="host"),
        pytest.param("http://[::1/", id="bracket"),
        pytest.param("http://256.1.1.1/", id="number"),
        pytest.param("\xe9:\x7f", id="bytes"),
    ],
)
def test_a_broken_location_is_ours_to_judge(location: str) -> None:
    """A redirect without a place to go is a bad URL, not a breach of the protocol; a POST does not even look at it."""
    with serving({"/": redirect(location)}) as server:
        with pytest.raises(FetchError) as caught:
            fetcher().get_sync(server.url())
        assert (caught.value.reason, caught.value.hop) == ("bad-url", 1)
        assert fetcher().post_sync(server.url(), b"{}", {}, 5).status == 302


def test_nothing_of_the_environment_is_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A .netrc with a password for the host is not read."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password canary\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    with serving({"/": answer(body=b"open")}) as server:
        fetcher().get_sync(server.url())
    assert b"Authorization" not in server.asked[0]
