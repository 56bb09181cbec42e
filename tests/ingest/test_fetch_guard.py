"""Which addresses and URLs are refused, and that no socket is opened for them."""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any

import httpcore
import pytest

from config.settings import Fetch
from ingest.fetching.fetch import Fetcher
from ingest.model import FetchError
from tests.ingest.hostile import answer, redirect, serving

LOOPBACK = (ip_network("127.0.0.0/8"),)


def fetch(url: str, **kwargs: Any) -> Any:
    """One GET by a fetcher with the given parts."""
    settings = kwargs.pop("settings", Fetch())
    return Fetcher(settings, "test/1", **kwargs).get_sync(url)


def refusal(url: str, **kwargs: Any) -> FetchError:
    """The error that a GET ends with."""
    with pytest.raises(FetchError) as caught:
        fetch(url, **kwargs)
    return caught.value


class Recorder(httpcore.AsyncNetworkBackend):
    """Notes where a connection would go, and makes none."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    async def connect_tcp(self, host: str, *_args: Any, **_kwargs: Any) -> httpcore.AsyncNetworkStream:
        """Refused like a closed port."""
        self.reached.append(host)
        raise httpcore.ConnectError("nobody there")


def resolver(*answers: Sequence[str]) -> Any:
    """A resolver that gives its answers one after the other, the last one for ever."""
    left = list(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("127.0.0.1", id="case_01"),
        pytest.param("localhost", id="case_01-name"),
        pytest.param("127.1", id="case_02-short"),
        pytest.param("0x7f000001", id="case_02-hex"),
        pytest.param("2130706433", id="case_02-decimal"),
        pytest.param("017700000001", id="case_02-octal"),
        pytest.param("0177.0.0.1", id="case_02-octal-dotted"),
        pytest.param("0", id="case_02-zero"),
        pytest.param("127。0。0。1", id="case_03-dots"),
        pytest.param("１２７.0.0.1", id="case_03-digits"),
        pytest.param("[::ffff:127.0.0.1]", id="case_04-mapped"),
        pytest.param("[::1]", id="case_04-loopback"),
        pytest.param("[::]", id="case_04-unspecified"),
        pytest.param("[::127.0.0.1]", id="case_04-compatible"),
        pytest.param("[64:ff9b::7f00:1]", id="case_05-nat64"),
        pytest.param("[2002:7f00:1::]", id="case_05-6to4"),
        pytest.param("[2001:0:7f00:1::]", id="case_05-teredo"),
        pytest.param("169.254.169.254", id="case_06-metadata"),
        pytest.param("[fd00:ec2::254]", id="case_06-aws-v6"),
        pytest.param("100.100.100.200", id="case_06-alibaba"),
        pytest.param("168.63.129.16", id="case_06-azure"),
        pytest.param("100.64.0.1", id="case_07-shared"),
        pytest.param("198.18.0.1", id="case_07-benchmark"),
        pytest.param("224.0.0.1", id="case_07-multicast"),
        pytest.param("240.0.0.1", id="case_07-reserved"),
        pytest.param("[fec0::1]", id="case_07-site-local"),
        pytest.param("[ff02::1]", id="case_07-v6-multicast"),
    ],
)
def test_forbidden_hosts_open_no_socket(host: str) -> None:
    """However an inside address is written, it is refused before any connection."""
    recorder = Recorder()
    assert refusal(f"http://{host}:8080/", backend=recorder).reason == "blocked-address"
    assert recorder.reached == []


@pytest.mark.parametrize(
    "address", [pytest.param("::ffff:8.8.8.8", id="mapped"), pytest.param("64:ff9b::808:808", id="nat64")]
)
def test_case_08_embedded_public_addresses_are_reached(address: str) -> None:
    """A form that embeds a public address goes through to the connection."""
    recorder = Recorder()
    assert refusal(f"http://[{address}]/", backend=recorder).reason == "unreachable"
    assert len(recorder.reached) == 1


def test_case_09_one_inside_address_spoils_the_name() -> None:
    """A name that is public and inside at once is refused, the public address too."""
    recorder = Recorder()
    error = refusal("http://both.example/", backend=recorder, resolve=resolver(["8.8.8.8", "127.0.0.1"]))
    assert (error.reason, recorder.reached) == ("blocked-address", [])


def test_case_10_rebinding_reaches_nobody() -> None:
    """A name that turns to loopback after its check gains nothing: the checked address is the one connected to."""
    recorder = Recorder()
    with serving({"/": answer(body=b"inside")}) as inside:
        turning = resolver(["8.8.8.8"], ["127.0.0.1"])
        fetcher = Fetcher(Fetch(), "test/1", resolve=turning, backend=recorder)
        reasons = []
        for _ in range(3):
            with pytest.raises(FetchError) as caught:
                fetcher.get_sync(inside.url(host="turns.example"))
            reasons.append(caught.value.reason)
    assert reasons == ["unreachable", "blocked-address", "blocked-address"]
    assert recorder.reached == ["8.8.8.8"]
    assert inside.connections == 0


def test_a_name_is_resolved_once_a_connection() -> None:
    """Between the check and the connection nobody asks the resolver again."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with serving({"/": answer(body=b"once")}) as server:
        fetch(server.url(host="story.example"), resolve=resolve, allow=LOOPBACK)
    assert asked == ["story.example"]
    assert b"\r\nHost: story.example:" in server.asked[0]


def test_other_addresses_of_a_name_are_tried() -> None:
    """A name whose first address is dead is reached by its next one."""
    with serving({"/": answer(body=b"alive")}) as server:
        got = fetch(server.url(host="two.example"), resolve=resolver(["127.0.0.2", "127.0.0.1"]), allow=LOOPBACK)
    assert got.body == b"alive"


def test_case_11_redirect_inside_is_refused_and_names_the_hop() -> None:
    """A public page that redirects inside is refused at its second hop."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"] if host == "public.example" else [host]

    with serving({"/": redirect("http://127.0.0.2:6379/")}) as server:
        allowed = (ip_network("127.0.0.1/32"),)
        error = refusal(server.url(host="public.example"), resolve=resolve, allow=allowed)
    assert (error.reason, error.hop) == ("blocked-address", 2)
    assert "hop 2" in str(error)


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("gopher://127.0.0.1:70/", id="gopher"),
        pytest.param("ftp://127.0.0.1/", id="ftp"),
        pytest.param("data:text/html,x", id="data"),
        pytest.param("javascript:alert(1)", id="javascript"),
    ],
)
def test_case_12_other_schemes_are_refused(location: str) -> None:
    """A redirect to anything but http(s) is refused, and the next fetch works."""
    with serving({"/": redirect(location), "/next": answer(body=b"alive")}) as server:
        assert refusal(server.url(), allow=LOOPBACK).reason == "unsupported-scheme"
        assert fetch(server.url("/next"), allow=LOOPBACK).body == b"alive"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1:8888\\@example.com/", id="case_15"),
        pytest.param("http://a@b@c/", id="case_15-two-ats"),
        pytest.param("http://h:0/", id="case_16-port-0"),
        pytest.param("http://h:-1/", id="case_16-port-negative"),
        pytest.param("http://h:99999/", id="case_16-port-large"),
        pytest.param("http://h:x/", id="case_16-port-word"),
        pytest.param("http:///x", id="case_16-no-host"),
        pytest.param("http:x", id="case_16-no-authority"),
        pytest.param("http://a..b/", id="case_16-empty-label"),
        pytest.param("http://256.1.1.1/", id="case_16-number"),
        pytest.param("http://1.2.3.4.5/", id="case_16-five-numbers"),
        pytest.param("http://xn--/", id="case_16-empty-punycode"),
        pytest.param(f"http://{'a' * 64}.example/", id="case_16-long-label"),
        pytest.param(f"http://{'a.' * 200}example/", id="case_16-long-name"),
        pytest.param("http://x.example/\ud800", id="case_16-surrogate"),
        pytest.param("http://\ud800.example/", id="case_16-surrogate-host"),
        pytest.param("http://x.example/" + "a" * 70_000, id="case_16-long"),
        pytest.param("http://x.example/\r\nX: y", id="case_16-crlf"),
        pytest.param("http://x.example/\ty", id="case_16-tab"),
        pytest.param("http://x y/", id="case_16-space-in-host"),
        pytest.param("http://[::1/", id="case_16-bracket"),
        pytest.param("http://[fe80::1%25lo]/", id="case_16-zone"),
        pytest.param("http://x℀y/", id="case_16-nfkc"),
        pytest.param("http://h\x00/", id="case_16-nul"),
    ],
)
def test_bad_urls(url: str) -> None:
    """A URL that two readers could read differently, or nobody can, is refused and nothing else escapes."""
    recorder = Recorder()
    assert refusal(url, backend=recorder).reason == "bad-url"
    assert recorder.reached == []


def test_case_18_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment sees nothing."""
    with serving({"/": answer(body=b"direct")}) as server, serving({}) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        assert fetch(server.url(), allow=LOOPBACK).body == b"direct"
    assert proxy.connections == 0


def test_case_19_an_allowed_range_works_and_no_other() -> None:
    """An allow-listed network is reached, its neighbour is not."""
    only = Fetch(allow_networks=(ip_network("127.0.0.1/32"),))
    with serving({"/": answer(body=b"in")}) as server:
        assert fetch(server.url(), settings=only).body == b"in"
        assert refusal(server.url(host="127.0.0.2"), settings=only).reason == "blocked-address"
        assert refusal(server.url(host="[::1]"), settings=only).reason == "blocked-address"
        assert fetch(server.url(host="[::ffff:127.0.0.1]"), settings=only).body == b"in"


def test_case_20_webhooks_have_the_same_guard_and_a_list_of_their_own() -> None:
    """A POST inside is refused unless the webhooks' own list allows it; the fetchers' list does not count."""
    settings = Fetch(allow_networks=LOOPBACK)
    with serving({"/": answer(body=b"ok")}) as server:
        with pytest.raises(FetchError) as caught:
            Fetcher(settings, "test/1", ()).post_sync(server.url(), b"{}", {}, 5)
        assert (caught.value.reason, server.connections) == ("blocked-address", 0)
        assert Fetcher(settings, "test/1", LOOPBACK).post_sync(server.url(), b"{}", {}, 5).status == 200


def test_the_resolver_that_hangs_does_not_outlive_the_deadline() -> None:
    """A lookup that never ends is cut at the deadline like everything else."""

    async def hang(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(600)
        return []

    settings = Fetch.model_validate({"total_timeout": "200ms"})
    assert refusal("http://slow.example/", settings=settings, resolve=hang).reason == "deadline"


def test_an_unknown_name_has_a_reason() -> None:
    """A name that does not exist is not an exception of the resolver's."""
    assert refusal("http://does-not-exist.invalid/").reason == "unknown-host"
