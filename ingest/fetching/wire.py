"""The only way to the network: a name is resolved once, every address it has is judged, and the judged one is used."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import httpcore
from httpcore import AnyIOBackend

from ingest.fetching.guard import Networks, judge
from ingest.model import FetchError

MAX_HEAD = 100_000
"""Bytes before a body begins, early answers (1xx) included."""

TRIES = 4
"""Addresses of one name that are tried."""

IMPATIENCE = 2.0
"""Seconds for an address that is not the last one left to try."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port → addresses as text, the best first. Raises OSError for a name without any."""


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """What getaddrinfo says, asked in a thread of its own: in the loop's pool a hanging resolver would outlive the
    deadline, since the loop waits for its pool when it ends."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Sequence[str]] = loop.create_future()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            told: Sequence[str] | Exception = [str(row[4][0]) for row in found]
        except (OSError, UnicodeError) as error:
            told = error
        try:
            loop.call_soon_threadsafe(_tell, answer, told)
        except RuntimeError:  # the loop ended at its deadline; nobody waits any more
            return

    threading.Thread(target=look_up, name="resolve", daemon=True).start()
    return await answer


def _tell(answer: "asyncio.Future[Sequence[str]]", told: Sequence[str] | Exception) -> None:
    if answer.done():
        return
    if isinstance(told, Exception):
        answer.set_exception(told)
    else:
        answer.set_result(told)


class Meter:
    """Counts what one exchange brings, and stops it: first within the head, then within the body."""

    def __init__(self) -> None:
        self.read = 0
        self.limit = MAX_HEAD
        self.in_body = False

    def enter_body(self, limit: int) -> None:
        """Allows *limit* bytes more from here on; framing counts."""
        self.in_body = True
        self.limit = self.read + limit

    def check(self) -> None:
        """Raises FetchError once the limit is used up and more is asked for."""
        if self.read >= self.limit:
            raise FetchError("too-large" if self.in_body else "headers-too-large", detail=f"{self.read} bytes")


class MeteredStream(httpcore.AsyncNetworkStream):
    """A connection whose plain bytes are counted."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, meter: Meter) -> None:
        self._inner = inner
        self._meter = meter

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Raises FetchError when the meter says so."""
        self._meter.check()
        piece = await self._inner.read(max_bytes, timeout)
        self._meter.read += len(piece)
        return piece

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Passed on."""
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """Passed on."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The same meter goes on counting what is inside of the TLS connection."""
        return MeteredStream(await self._inner.start_tls(ssl_context, server_hostname, timeout), self._meter)

    def get_extra_info(self, info: str) -> Any:
        """Passed on."""
        return self._inner.get_extra_info(info)


class PinningBackend(httpcore.AsyncNetworkBackend):
    """Connects to judged addresses only. SNI and Host stay the name, since only this part knows the address."""

    def __init__(
        self, allow: Networks, meter: Meter, resolve: Resolve, inner: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        self._allow = tuple(allow)
        self._meter = meter
        self._resolve = resolve
        self._inner = inner or AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises FetchError ``blocked-address`` if any address of the name is forbidden: who mixes public and private
        ones in one answer is not to be trusted with a second try."""
        addresses = list(dict.fromkeys(await self._resolve(host, port)))
        for address in addresses:
            if reason := judge(address, self._allow):
                raise FetchError(reason, detail=f"{host} is {address}" if host != address else address)
        left = _alternating(addresses)[:TRIES]
        while True:
            address = left.pop(0)
            patience = min(timeout or IMPATIENCE, IMPATIENCE) if left else timeout
            try:
                stream = await self._inner.connect_tcp(address, port, patience, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not left:
                    raise
                continue
            return MeteredStream(stream, self._meter)

    async def connect_unix_socket(self, path: str, *_args: Any, **_kwargs: Any) -> httpcore.AsyncNetworkStream:
        """Refused: no URL means a socket of this machine."""
        raise FetchError("blocked-address", detail=f"unix socket {path}")

    async def sleep(self, seconds: float) -> None:
        """As httpcore asks."""
        await asyncio.sleep(seconds)


def _alternating(addresses: Sequence[str]) -> list[str]:
    """The families in turn, beginning with the one that the resolver prefers (RFC 8305 §4)."""
    first = [address for address in addresses if (":" in address) == (":" in addresses[0])]
    second = [address for address in addresses if address not in first]
    turns = [
        pair
        for index in range(max(len(first), len(second)))
        for pair in (first[index : index + 1], second[index : index + 1])
    ]
    return [address for turn in turns for address in turn]
