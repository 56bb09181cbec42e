"""TLS: whom a fetch believes, and by what name it asks."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.settings import Fetch
from ingest.fetching.exchange import trusted
from ingest.fetching.fetch import Fetcher
from ingest.model import FetchError
from tests.ingest.hostile import Hostile, Reply, answer, redirect, serving
from tests.ingest.test_fetch_guard import LOOPBACK, resolver

FOLDER = Path(__file__).with_name("tls")


@contextmanager
def secure(certificate: str, replies: dict[str, Reply], names: list[str | None]) -> Iterator[Hostile]:
    """A TLS server that shows *certificate* and notes the name that each client asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER / f"{certificate}.pem", FOLDER / "server.key")
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with serving(replies, tls=context) as server:
        yield server


def fetcher(allow_downgrade: bool = False, connect_timeout: str = "5s") -> Fetcher:
    """Trusts the tests' own authority; every name is this machine."""
    trust = ssl.create_default_context(cafile=str(FOLDER / "ca.pem"))
    settings = Fetch(allow_downgrade=allow_downgrade)
    return Fetcher(settings, "test/1", LOOPBACK, resolve=resolver(["127.0.0.1"]), tls=trust)


def test_case_22_the_name_stays_the_name() -> None:
    """SNI, Host and the certificate are about the name, although the connection goes to a pinned address."""
    names: list[str | None] = []
    with secure("server", {"/": answer(body=b"safe")}, names) as server:
        assert fetcher().get_sync(server.url(host="story.example")).body == b"safe"
    assert names == ["story.example"]
    assert f"\r\nHost: story.example:{server.port}\r\n".encode() in server.asked[0]


@pytest.mark.parametrize(
    ("certificate", "host"),
    [
        pytest.param("server", "other.example", id="case_22-wrong-host"),
        pytest.param("server", "127.0.0.1", id="case_22-address"),
        pytest.param("expired", "story.example", id="case_22-expired"),
        pytest.param("selfsigned", "story.example", id="case_22-self-signed"),
    ],
)
def test_bad_certificates(certificate: str, host: str) -> None:
    """A certificate that does not hold is refused before a request is sent."""
    with secure(certificate, {"/": answer(body=b"?")}, []) as server, pytest.raises(FetchError) as caught:
        fetcher().get_sync(server.url(host=host))
    assert (caught.value.reason, server.asked) == ("bad-certificate", [])


def test_case_22_plain_text_behind_https_is_refused() -> None:
    """A server that does not speak TLS on an https address is refused."""
    with serving({}) as server, pytest.raises(FetchError) as caught:
        fetcher(connect_timeout="300ms").get_sync(server.url().replace("http:", "https:"))
    assert caught.value.reason in {"tls-failed", "read-timeout", "unreachable", "connect-timeout"}


def test_case_23_a_downgrade_is_followed_only_if_allowed() -> None:
    """A redirect from https to http is refused, or followed and visible in the redirects."""
    with serving({"/": answer(body=b"plain")}) as plain, secure("server", {}, []) as server:
        server.replies["/"] = redirect(plain.url(host="story.example"))
        url = server.url(host="story.example")
        with pytest.raises(FetchError) as caught:
            fetcher().get_sync(url)
        allowed = fetcher(allow_downgrade=True).get_sync(url)
    assert (caught.value.reason, caught.value.hop) == ("insecure-redirect", 1)
    assert (allowed.body, allowed.redirects) == (b"plain", (plain.url(host="story.example"),))


def test_authorities_are_there() -> None:
    """Without a setting the public authorities are trusted, and names are checked."""
    context = trusted()
    assert context.cert_store_stats()["x509_ca"] > 50
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
