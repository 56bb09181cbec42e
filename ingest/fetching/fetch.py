"""The only module that fetches: a GET as the poller needs it and a POST as webhooks need it, through one guard.

A GET's way: take the URL apart → connect to a judged address → head → redirect, by hand, from the start (≤ 5), or body,
bounded and whole → Fetched. Whatever else happens is one FetchError with a reason of docs/reasons.md."""

import asyncio
import hashlib
import ssl
from collections.abc import Coroutine, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

import httpcore

from config import clock
from config.clock import Clock
from config.settings import Fetch
from ingest.fetching import answer
from ingest.fetching.body import Body
from ingest.fetching.exchange import Exchange, Line, deadline, exchange
from ingest.fetching.guard import Networks
from ingest.fetching.target import Target, joined, target
from ingest.fetching.wire import Resolve, system_resolve
from ingest.model import Fetched, FetchError, Validators

HEAD_KEPT = 2_000
"""Bytes of a webhook receiver's answer that are kept."""

FRAMING = 2
"""A body may take so many times its cap on the wire with its chunk headers."""

NEVER_SEEN = Validators()
"""No validators: an unconditional fetch."""

PATIENCE = 2.0
"""Seconds for the body of a receiver's answer: its head has said everything that counts."""

_T = TypeVar("_T")
_ACCEPT = (
    b"text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.8"
)


@dataclass(frozen=True, slots=True)
class Posted:
    """What a webhook's receiver said. *head* is the begin of its answer as it came; *elapsed* and *retry_after* are in
    seconds, the latter clamped."""

    status: int
    head: bytes
    elapsed: float
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class _Way:
    """A GET under way: where it stands, where it has been, and what makes it conditional."""

    here: Target
    validators: Validators
    validated: str
    been: tuple[str, ...] = ()
    permanent: bool = True

    @property
    def hop(self) -> int:
        """Which request this is, from 1."""
        return len(self.been) + 1

    @property
    def conditional(self) -> Validators:
        """Validators go only to the URL that gave them: another page could answer 304 to them by chance."""
        return self.validators if self.here.url == self.validated else Validators()


class Fetcher:
    """Fetches within limits. Holds no connection, no cookie and no loop, so that one may be used from anywhere."""

    def __init__(
        self,
        settings: Fetch,
        user_agent: str,
        allow: Networks | None = None,
        *,
        resolve: Resolve = system_resolve,
        tls: ssl.SSLContext | None = None,
        backend: httpcore.AsyncNetworkBackend | None = None,
        now: Clock = clock.now,
    ) -> None:
        """*allow* replaces ``fetch.allow_networks`` (webhooks have a list of their own); *now* is read only for a
        Retry-After date from a server that tells no Date."""
        self._settings = settings
        self._agent = user_agent.encode("latin-1", "replace")
        self._now = now
        self._line = Line(
            tuple(settings.allow_networks if allow is None else allow),
            settings.connect_timeout.total_seconds(),
            settings.read_timeout.total_seconds(),
            resolve,
            tls,
            backend,
        )

    async def get(
        self,
        url: str,
        validators: Validators = NEVER_SEEN,
        *,
        validated_url: str = "",
        max_bytes: int = 0,
    ) -> Fetched:
        """Fetches *url*. *validated_url* is the final URL that gave the validators, by default *url*; *max_bytes* is a
        cap for this fetch alone. Raises FetchError for everything that is not a whole 200, or a 304 that was asked for.
        """
        began = asyncio.get_running_loop().time()
        start = target(url)
        validated = target(validated_url).url if validated_url else start.url
        way = _Way(start, validators, validated)
        async with deadline(self._settings.total_timeout.total_seconds()):
            while True:
                try:
                    told = await self._step(way, max_bytes or self._settings.max_bytes)
                except FetchError as error:
                    raise _at_hop(error, way) from error
                if isinstance(told, _Way):
                    way = told
                    continue
                elapsed = asyncio.get_running_loop().time() - began
                return self._fetched(way, *told, elapsed=elapsed)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Posted:
        """Sends *body* once; redirects are not followed, and an answer counts once its head is whole, however its body
        goes on. *timeout* is in seconds and over everything. Raises FetchError when no answer came."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        there = target(url)
        sent = [(b"User-Agent", self._agent), (b"Accept-Encoding", b"identity")]
        sent += [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers.items()]
        sent += [(b"Content-Length", str(len(body)).encode()), (b"Connection", b"close")]
        async with deadline(timeout), exchange(self._line, there, "POST", sent, body) as got:
            head = await _head(got)
            waited = answer.retry_after(got.headers, self._now())
            return Posted(got.response.status_code, head, loop.time() - began, waited)

    def get_sync(self, url: str, **asked: Any) -> Fetched:
        """get() for callers without a loop."""
        return _run(self.get(url, **asked))

    def post_sync(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Posted:
        """post() for callers without a loop, such as an RQ worker."""
        return _run(self.post(url, body, headers, timeout))

    async def _step(self, way: _Way, cap: int) -> "_Way | tuple[Exchange, bytes]":
        """One request: the next hop of the way, or the answer and its body."""
        sent = [(b"User-Agent", self._agent), (b"Accept", _ACCEPT), (b"Accept-Encoding", b"gzip")]
        sent += [*answer.conditions(way.conditional), (b"Connection", b"close")]
        async with exchange(self._line, way.here, "GET", sent) as got:
            status = got.response.status_code
            if status in answer.REDIRECTS:
                return self._next(way, got)
            if status == 304 and answer.conditions(way.conditional):
                return got, b""
            if status != 200:
                raise FetchError(
                    "unexpected-304" if status == 304 else f"http-{status}",
                    status=status,
                    retry_after=answer.retry_after(got.headers, self._now()),
                )
            try:
                return got, await _whole(got, cap)
            except FetchError as error:
                raise FetchError(error.reason, detail=error.detail, status=status) from error

    def _next(self, way: _Way, got: Exchange) -> _Way:
        status = got.response.status_code
        if way.hop > self._settings.max_redirects:
            raise FetchError("too-many-redirects", status=status)
        there = joined(way.here, answer.first(got.headers, b"location"))
        if way.here.scheme == "https" and there.scheme == "http" and not self._settings.allow_downgrade:
            raise FetchError("insecure-redirect", detail=there.url, status=status)
        permanent = way.permanent and status in answer.PERMANENT
        return _Way(there, way.validators, way.validated, (*way.been, there.url), permanent)

    def _fetched(self, way: _Way, got: Exchange, body: bytes, *, elapsed: float) -> Fetched:
        headers = got.headers
        return Fetched(
            status=got.response.status_code,
            url=way.here.url,
            body=body,
            sha256=hashlib.sha256(body).hexdigest() if got.response.status_code == 200 else "",
            headers=answer.shown(headers),
            validators=answer.validators(headers, way.conditional if got.response.status_code == 304 else Validators()),
            content_type=answer.first(headers, b"content-type").decode("latin-1"),
            redirects=way.been,
            moved_to=way.here.url if way.been and way.permanent else None,
            max_age=answer.max_age(headers),
            elapsed=elapsed,
        )


async def _whole(got: Exchange, cap: int) -> bytes:
    """The decoded body of a 200, whole. Raises FetchError, too when the declared length alone is over the cap."""
    if answer.declared_length(got.headers) > cap:
        raise FetchError("too-large", detail="by its Content-Length")
    body = Body(answer.encoding(got.headers), cap)
    async with aclosing(got.pieces(cap * FRAMING)) as pieces:
        async for piece in pieces:
            body.feed(piece)
    return body.whole()


async def _head(got: Exchange) -> bytes:
    """Up to 2 kB of an answer; what stops it there does not matter any more."""
    kept = b""
    try:
        async with asyncio.timeout(PATIENCE), aclosing(got.pieces(HEAD_KEPT * FRAMING)) as pieces:
            async for piece in pieces:
                kept += piece
                if len(kept) >= HEAD_KEPT:
                    break
    except (FetchError, TimeoutError):
        return kept[:HEAD_KEPT]
    return kept[:HEAD_KEPT]


def _at_hop(error: FetchError, way: _Way) -> FetchError:
    """The error with the hop it happened at; beyond the first one the hop is named for people too."""
    detail = ": ".join(filter(None, (f"hop {way.hop}" if way.hop > 1 else "", error.detail)))
    return FetchError(error.reason, detail=detail, status=error.status, retry_after=error.retry_after, hop=way.hop)


def _run(coroutine: Coroutine[Any, Any, _T]) -> _T:
    return asyncio.run(coroutine)
