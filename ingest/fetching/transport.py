"""httpx over one connection of our own making: everything an httpx client sends goes through the network backend that
the transport is given, which httpx's own transports do not take."""

import ssl
from collections.abc import AsyncIterator
from http.cookiejar import CookieJar
from typing import Any

import httpcore
import httpx

from ingest.fetching.target import PORTS


class OneConnection(httpx.AsyncBaseTransport):
    """Carries one request on a connection that is closed with the client. Errors of httpcore come up as they are:
    ingest.fetching.exchange names them beside those of httpx."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext | None) -> None:
        """*tls* is for https URLs; http needs none."""
        self._backend = backend
        self._tls = tls
        self._connection: httpcore.AsyncHTTPConnection | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends the request's headers and no other. The ``target`` extension, where there is one, is the request line's
        target byte for byte. Raises what httpcore and the backend raise."""
        assert isinstance(request.stream, httpx.AsyncByteStream)
        there = request.url
        port = there.port or PORTS[there.scheme]
        origin = httpcore.Origin(there.raw_scheme, there.raw_host, port)
        self._connection = httpcore.AsyncHTTPConnection(origin, ssl_context=self._tls, network_backend=self._backend)
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=origin.scheme, host=origin.host, port=port, target=there.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        told = await self._connection.handle_async_request(asked)
        return Answer(told.status, headers=told.headers, stream=_Wire(told), extensions=told.extensions)

    async def aclose(self) -> None:
        """Closes the connection, whatever is still on it."""
        if self._connection is not None:
            await self._connection.aclose()


class Answer(httpx.Response):
    """An answer that an httpx client leaves alone: it would take a Location apart even where it does not follow it,
    and fail on one that ingest.fetching.target has a better reason for."""

    @property
    def has_redirect_location(self) -> bool:
        """Never: ingest.fetching.fetch follows by hand."""
        return False


class NoCookies(CookieJar):
    """A jar that nothing gets into. A policy that refuses each cookie would still have every Set-Cookie parsed."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Leaves them where they are."""


class _Wire(httpx.AsyncByteStream):
    """A body as httpcore brings it: without its framing, still encoded."""

    def __init__(self, told: httpcore.Response) -> None:
        self._told = told

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._told.aiter_stream()

    async def aclose(self) -> None:
        await self._told.aclose()
