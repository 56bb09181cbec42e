"""A URL taken apart strictly, once, before anything is asked of it."""

import re
import socket
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

import idna

from ingest.model import FetchError

MAX_URL = 2048
"""Characters of a URL; a longer one is refused."""

PORTS = {"http": 80, "https": 443}
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u0080-\u009f\ud800-\udfff]")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_SAFE_PATH = "/%:@!$&'()*+,;=~|[]"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. *host* is ASCII in lower case, an IPv6 address without brackets; *path* holds the query too
    and is ASCII; *userinfo* is the decoded ``user:password`` and never shown."""

    scheme: str
    host: str
    port: int
    path: str
    userinfo: bytes = field(default=b"", repr=False)

    @property
    def origin(self) -> tuple[str, str, int]:
        """What has to be the same for credentials to be sent again (RFC 6454)."""
        return (self.scheme, self.host, self.port)

    @property
    def netloc(self) -> str:
        """Host and port as the Host header says them: a default port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL without its credentials and fragment."""
        return f"{self.scheme}://{self.netloc}{self.path}"


def target(url: str) -> Target:
    """Takes a URL apart. Raises FetchError ``bad-url``, or ``unsupported-scheme`` for what is not http(s)."""
    split = _split(url)
    if split.scheme not in PORTS:
        raise FetchError("unsupported-scheme", detail=split.scheme[:20] or "none")
    userinfo, _, _ = split.netloc.rpartition("@")
    if "\\" in split.netloc or "@" in userinfo:
        raise FetchError("bad-url", detail="ambiguous authority")
    try:
        port = split.port
    except ValueError as error:
        raise FetchError("bad-url", detail="port") from error
    if port == 0:
        raise FetchError("bad-url", detail="port")
    path = quote(split.path or "/", safe=_SAFE_PATH)
    if split.query:
        path += "?" + quote(split.query, safe=_SAFE_PATH + "?")
    return Target(
        split.scheme, ascii_host(split.hostname or ""), port or PORTS[split.scheme], path, unquote_to_bytes(userinfo)
    )


def joined(base: Target, location: bytes) -> Target:
    """Where a Location header leads. Credentials that it holds are dropped: they are nobody's to hand to us; ours stay
    within their origin. Raises FetchError as target() does."""
    try:
        written = location.decode("utf-8")
    except UnicodeDecodeError:
        written = location.decode("latin-1")
    if not written.strip() or _UNSEEN.search(written):
        raise FetchError("bad-url", detail="location")
    try:
        there = target(urljoin(base.url, written.strip()))
    except ValueError as error:
        raise FetchError("bad-url", detail="location") from error
    kept = base.userinfo if there.origin == base.origin else b""
    return Target(there.scheme, there.host, there.port, there.path, kept)


def ascii_host(host: str) -> str:
    """A host name as it is looked up: UTS 46 folds full-width forms and dots, labels are checked for length and for
    empty or undecodable ``xn--`` forms, and a number is the IPv4 address that a resolver would take it for (WHATWG URL
    §3.5): ``127.1`` and ``0177.0.0.1`` are ``127.0.0.1``. Raises FetchError ``bad-url``."""
    try:
        if ":" in host:
            return IPv6Address(host.replace("%", "/")).compressed  # a zone would name one of our own interfaces
        folded = host.lower() if host.isascii() else idna.uts46_remap(host, std3_rules=False)
        labels = [_label(label) for label in folded.removesuffix(".").split(".")]
        if _NUMBER.fullmatch(labels[-1]):
            return socket.inet_ntoa(socket.inet_aton(".".join(labels)))
    except (ValueError, UnicodeError, OSError) as error:  # idna's are UnicodeErrors, inet_aton's is an OSError
        raise FetchError("bad-url", detail="host") from error
    name = ".".join(labels)
    if len(name) > 253:
        raise FetchError("bad-url", detail="host")
    return name


def _split(url: str) -> SplitResult:
    stripped = url.strip(" ")
    if len(stripped) > MAX_URL or _UNSEEN.search(stripped):
        raise FetchError("bad-url", detail="length" if len(stripped) > MAX_URL else "characters")
    try:
        split = urlsplit(stripped)
    except ValueError as error:
        raise FetchError("bad-url", detail="form") from error
    if split.scheme in PORTS and not split.hostname:
        raise FetchError("bad-url", detail="no host")
    return split


def _label(label: str) -> str:
    written = label if label.isascii() else idna.alabel(label).decode("ascii")
    if not _LABEL.fullmatch(written):
        raise ValueError(f"label {written!r}")
    if written.startswith("xn--") and not written[4:].encode("ascii").decode("punycode"):
        raise ValueError("empty punycode")
    return written
