"""The doors: who may come in, decided before any route runs, and what every answer carries on its way out."""

import asyncio
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.engine import reading, writing
from store.tokens import Opened, any_token, note_use, opened_by
from web.answers import RefusalError
from web.desk import NOBODY, Desk, Visitor
from web.refusals import TOO_LARGE, refusal

COOKIE = "writethru"
"""Holds the token of a person who logged in."""
COOKIES_MAX = 16_384
"""Bytes of a Cookie header that are read."""
SAFE = ("GET", "HEAD", "OPTIONS")
OPEN = ("/livez", "/readyz", "/login")
"""What needs no token, with everything under /static/."""
BODY_MAX = 64_000
"""Bytes that a request may bring."""
CROWD = 64
"""Requests in hand at once; more are told to come back, so that a flood costs the poller nothing."""

CARRIED: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with no-referrer a browser sends our own forms with the origin "null"
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""The headers of every answer, errors included."""
SAVED = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""The policy of what is to be saved as a file: a browser that shows it all the same gives it no origin."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the doors look at."""

    method: str
    path: str
    hosts: tuple[str, ...]
    origin: str
    fetch_site: str
    length: str = ""


def is_loopback(host: str) -> bool:
    """Whether *host* (an address or name to bind, or from a Host header) is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_host(asked: Asked, bound: str) -> None:
    """On loopback, only loopback names may be asked for: else a page elsewhere could point its own name here (DNS
    rebinding) and read everything. Raises RefusalError 400."""
    if len(asked.hosts) != 1:
        raise RefusalError(400, "The request needs exactly one Host.")
    if is_loopback(bound) and not is_loopback(_split(f"//{asked.hosts[0]}").hostname or ""):
        raise RefusalError(400, "This service answers to its loopback address only.")


def check_origin(asked: Asked) -> None:
    """What changes something must come from our own pages or from no browser at all. Raises RefusalError 403."""
    if asked.method in SAFE:
        return
    foreign_site = asked.fetch_site not in ("", "same-origin", "none")
    foreign_origin = asked.origin != "" and _split(asked.origin).netloc.lower() != asked.hosts[0].lower()
    if foreign_site or foreign_origin:
        raise RefusalError(403, "This request comes from another site.")


def _split(url: str) -> SplitResult:
    """The parts of what a header names; none of what is no URL, which so is nobody's."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def check_length(asked: Asked) -> None:
    """What says of itself that it is too large is not read at all. Raises RefusalError 413."""
    if asked.length.isdecimal() and int(asked.length[:20]) > BODY_MAX:
        raise RefusalError(413, TOO_LARGE)


def bounded(receive: Receive) -> Receive:
    """The same request, which ends with HTTPException 413 where its body grows too large: FastAPI lets only that one
    through while it reads."""
    brought = 0

    async def counted() -> Message:
        nonlocal brought
        message = await receive()
        brought += len(message.get("body", b""))
        if brought > BODY_MAX:
            raise HTTPException(413)
        return message

    return counted


def as_get(scope: Scope) -> Scope:
    """HEAD is answered as GET is (RFC 9110 §9.3.2), of which the server sends the head; a stream has no end to send."""
    asks_for_head = scope["method"] == "HEAD" and not scope["path"].endswith("/stream")
    return {**scope, "method": "GET"} if asks_for_head else scope


def check_token(asked: Asked, opened: Opened | None, *, needed: bool) -> None:
    """Raises RefusalError 401 without a token where one is *needed*, 403 where it may not do this."""
    if asked.path in OPEN or asked.path.startswith("/static/") or not needed:
        return
    if opened is None:
        asks = 'Basic realm="Writethru", charset="UTF-8"' if asked.path.startswith("/atom/") else "Bearer"
        raise RefusalError(401, "A token is needed here.", headers={"www-authenticate": asks})
    if asked.method not in SAFE and asked.path != "/logout" and "write" not in opened.scopes:
        raise RefusalError(403, "This token may read, not write.")
    if "read" not in opened.scopes and asked.method in SAFE:
        raise RefusalError(403, "This token may write, not read.")


def visitor(opened: Opened | None, *, needed: bool) -> Visitor:
    """Who was let in."""
    if opened is None:
        return Visitor(writes=not needed)
    return Visitor(opened.name or NOBODY, writes=not needed or "write" in opened.scopes, locked=True)


def token_in(headers: Headers) -> str:
    """The token that a request brings: as Bearer, as the password of Basic (all that feed readers can send), or in our
    cookie; empty when it brings none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    if scheme.lower() == "basic":
        return _password(token)
    # One cookie after the other: http.cookies drops them all for one that is not by the book, and on loopback a browser
    # sends the cookies of every other service of this machine too.
    return cookie_parser(headers.get("cookie", "")[:COOKIES_MAX]).get(COOKIE, "")


def _password(credentials: str) -> str:
    """The password of Basic credentials (RFC 7617); empty where they are none."""
    try:
        return b64decode(credentials, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


class Doors:
    """The outermost layer: refuses, lets in, and sees to it that nothing leaves without its headers."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1003})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def carrying(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                carried = MutableHeaders(scope=message)
                carried.update(CARRIED)
                if carried.get("content-disposition", "").startswith("attachment"):
                    carried["content-security-policy"] = SAVED
            await send(message)

        headers = Headers(scope=scope)
        self._inside += 1
        try:
            scope.setdefault("state", {})["visitor"] = await self._admit(scope, headers)
            await self._app(as_get(scope), bounded(receive), carrying)
        except RefusalError as why:
            await refusal(why, scope["path"], headers)(scope, receive, carrying)
        except Exception:  # the one place where what nobody foresaw becomes an answer
            _log.exception("a request failed", path=scope["path"])
            if started:
                raise
            broken = RefusalError(500, "Something went wrong here; the log says what.")
            await refusal(broken, scope["path"], headers)(scope, receive, carrying)
        finally:
            self._inside -= 1

    async def _admit(self, scope: Scope, headers: Headers) -> Visitor:
        if self._inside - self._desk.tail.listeners > CROWD:
            raise RefusalError(503, "Too many requests at once.", headers={"retry-after": "1"})
        asked = Asked(
            scope["method"],
            scope["path"],
            tuple(headers.getlist("host")),
            headers.get("origin", ""),
            headers.get("sec-fetch-site", ""),
            headers.get("content-length", ""),
        )
        bound = self._desk.settings.web.host
        check_host(asked, bound)
        check_origin(asked)
        check_length(asked)
        needed, opened = await asyncio.to_thread(self._look_up, token_in(headers))
        check_token(asked, opened, needed=needed)
        return visitor(opened, needed=needed)

    def _look_up(self, token: str) -> tuple[bool, Opened | None]:
        """Whether a token is needed, and what this one opens. On loopback none is needed until one was made."""
        now = self._desk.clock()
        with reading(self._desk.engine) as connection:
            needed = not is_loopback(self._desk.settings.web.host) or any_token(connection)
            opened = opened_by(connection, token, now) if token else None
        if opened is not None and opened.stale:
            with writing(self._desk.engine) as connection:
                note_use(connection, opened.id, now)
        return needed, opened
