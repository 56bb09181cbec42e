"""One request by one httpx client, and the one place where foreign errors become a FetchError."""

import asyncio
import socket
import ssl
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache

import anyio
import certifi
import h11
import httpcore
import httpx

from ingest.fetching.guard import Networks
from ingest.fetching.target import Target
from ingest.fetching.transport import NoCookies, OneConnection
from ingest.fetching.wire import Meter, PinningBackend, Resolve, system_resolve
from ingest.model import FetchError

# The first row that fits is the reason, so the special ones come first.
REASONS: tuple[tuple[type[Exception], str], ...] = (
    (socket.gaierror, "unknown-host"),
    (ssl.SSLCertVerificationError, "bad-certificate"),
    (ssl.SSLError, "tls-failed"),
    (httpcore.ConnectTimeout, "connect-timeout"),
    (httpx.ConnectTimeout, "connect-timeout"),
    (httpcore.TimeoutException, "read-timeout"),
    (httpx.TimeoutException, "read-timeout"),
    (httpcore.ConnectError, "unreachable"),
    (httpx.ConnectError, "unreachable"),
    (httpcore.NetworkError, "connection-lost"),
    (httpx.NetworkError, "connection-lost"),
    (httpcore.LocalProtocolError, "bad-url"),
    (httpx.LocalProtocolError, "bad-url"),
    (httpcore.ProtocolError, "protocol-error"),
    (httpx.ProtocolError, "protocol-error"),
    (httpcore.UnsupportedProtocol, "unsupported-scheme"),
    (httpx.UnsupportedProtocol, "unsupported-scheme"),
    (httpcore.ProxyError, "unreachable"),
    (httpx.ProxyError, "unreachable"),
    (httpcore.ConnectionNotAvailable, "connection-lost"),
    (httpx.TooManyRedirects, "too-many-redirects"),
    (httpx.DecodingError, "unexpected-encoding"),
    (httpx.RequestError, "protocol-error"),
    (httpx.InvalidURL, "bad-url"),
    (h11.ProtocolError, "protocol-error"),
    (anyio.BrokenResourceError, "connection-lost"),
    (anyio.ClosedResourceError, "connection-lost"),
    (anyio.EndOfStream, "connection-lost"),
    (TimeoutError, "deadline"),
    (UnicodeError, "bad-url"),
    (OSError, "unreachable"),
)
"""Everything that can come up from below, and what we call it. What httpx raises for its wrong use is not among it."""

_FOREIGN = tuple(kind for kind, _ in REASONS)
_TLS = (ssl.SSLError,)
_PROTOCOL = (httpcore.ProtocolError, httpx.ProtocolError)


@dataclass(frozen=True, slots=True)
class Line:
    """How connections are made: what may be reached, how names are looked up, whom TLS trusts, seconds to wait."""

    allow: Networks
    connect_timeout: float
    read_timeout: float
    resolve: Resolve = system_resolve
    tls: ssl.SSLContext | None = None
    backend: httpcore.AsyncNetworkBackend | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """An answer whose body is still on the wire."""

    response: httpx.Response
    meter: Meter

    @property
    def headers(self) -> Sequence[tuple[bytes, bytes]]:
        """As they came."""
        return self.response.headers.raw

    async def pieces(self, limit: int) -> AsyncGenerator[bytes, None]:
        """The body without its framing. Raises FetchError: a framing that breaks in mid-body is ``truncated``."""
        self.meter.enter_body(limit)
        with translated(self.meter):
            async for piece in self.response.aiter_raw():
                yield piece


@cache
def trusted() -> ssl.SSLContext:
    """The system's authorities and certifi's: a slim container has only the latter, a company only the former."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


@asynccontextmanager
async def exchange(
    line: Line, target: Target, method: str, headers: Sequence[tuple[bytes, bytes]], content: bytes = b""
) -> AsyncIterator[Exchange]:
    """Sends one request and gives the answer, body unread; the connection is closed at the end, whatever is still on
    it. No proxy, no cookie and nothing of the environment takes part. Raises FetchError."""
    meter = Meter()
    backend = PinningBackend(line.allow, meter, line.resolve, line.backend)
    tls = None if target.scheme == "http" else line.tls or trusted()
    timeout = httpx.Timeout(line.read_timeout, connect=line.connect_timeout)
    async with httpx.AsyncClient(
        transport=OneConnection(backend, tls),
        timeout=timeout,
        cookies=NoCookies(),
        follow_redirects=False,
        trust_env=False,
    ) as client:
        with translated(meter):
            response = await client.send(request_of(target, method, headers, content), stream=True)
        async with aclosing(response):
            yield Exchange(response, meter)


@contextmanager
def translated(meter: Meter | None = None) -> Iterator[None]:
    """Turns every foreign exception of REASONS into a FetchError; any other is a bug and passes."""
    try:
        yield
    except FetchError:
        raise
    except _FOREIGN as error:
        raise _named(error, in_body=meter is not None and meter.in_body) from error


@asynccontextmanager
async def deadline(seconds: float) -> AsyncIterator[None]:
    """A limit over everything within. Raises FetchError ``deadline``."""
    with translated():
        async with asyncio.timeout(seconds):
            yield


def _named(error: Exception, *, in_body: bool) -> FetchError:
    causes = list(_chain(error))
    if any(isinstance(cause, h11.RemoteProtocolError) and cause.error_status_hint == 431 for cause in causes):
        return FetchError("headers-too-large")
    if in_body and isinstance(error, _PROTOCOL):
        return FetchError("truncated", detail=str(error)[:200])
    for cause in causes:
        if isinstance(cause, _TLS):
            error = cause
    reason = next(reason for kind, reason in REASONS if isinstance(error, kind))
    return FetchError(reason, detail=str(error)[:200])


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def request_of(
    target: Target, method: str, headers: Sequence[tuple[bytes, bytes]], content: bytes = b""
) -> httpx.Request:
    """The request with Host, credentials and these headers alone: given a stream, httpx adds none of its own. Its URL
    names only the origin, since httpx resolves ``..`` in a path and quotes once more; the path goes beside it."""
    return httpx.Request(
        method,
        httpx.URL(scheme=target.scheme, host=target.host, port=target.port, path="/"),
        headers=[(b"Host", target.netloc.encode()), *_credentials(target), *headers],
        stream=httpx.ByteStream(content),
        extensions={"target": target.path.encode()},
    )


def _credentials(target: Target) -> list[tuple[bytes, bytes]]:
    return [(b"Authorization", b"Basic " + b64encode(target.userinfo))] if target.userinfo else []
