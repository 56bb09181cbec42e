"""What the head of an answer means. Pure: header values in, decisions out."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.model import Validators

Headers = Sequence[tuple[bytes, bytes]]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
RETRY_LEAST = 1.0
RETRY_MOST = 86_400.0
"""Retry-After is believed between a second and a day."""

MAX_VALIDATOR = 512
"""Bytes of an ETag or a Last-Modified that are worth sending back with each request."""

_SECRET = frozenset({"set-cookie", "set-cookie2"})
_VISIBLE = re.compile(rb"[\x20-\x7e\x80-\xff]+")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


def first(headers: Headers, name: bytes) -> bytes:
    """The first value of a header, empty without one."""
    return next((value for key, value in headers if key.lower() == name), b"")


def shown(headers: Headers) -> Mapping[str, str]:
    """Headers as they are kept: names in lower case, repeated ones joined by a comma, cookies left out."""
    kept: dict[str, str] = {}
    for key, value in headers:
        name = key.decode("latin-1").lower()
        if name not in _SECRET:
            text = value.decode("latin-1")
            kept[name] = f"{kept[name]}, {text}" if name in kept else text
    return kept


def encoding(headers: Headers) -> str:
    """All Content-Encoding headers as one value: two of them are a nested encoding."""
    return ",".join(value.decode("latin-1").strip() for key, value in headers if key.lower() == b"content-encoding")


def declared_length(headers: Headers) -> int:
    """Content-Length, 0 without one. h11 has refused what is not one number before."""
    value = first(headers, b"content-length")
    return int(value) if value.isdigit() and len(value) < 20 else 0


def validators(headers: Headers, sent: Validators) -> Validators:
    """The validators for the next request; a 304 that names none leaves those that were sent in place."""
    return Validators(
        etag=_validator(first(headers, b"etag")) or sent.etag,
        last_modified=_validator(first(headers, b"last-modified")) or sent.last_modified,
    )


def conditions(held: Validators) -> list[tuple[bytes, bytes]]:
    """The request headers that make a GET conditional; bytes go back as they came, or not at all."""
    named = ((b"If-None-Match", held.etag), (b"If-Modified-Since", held.last_modified))
    sent = ((name, _validator(value or b"")) for name, value in named)
    return [(name, value) for name, value in sent if value]


def retry_after(headers: Headers, now: datetime) -> float | None:
    """Seconds that Retry-After asks for, clamped to 1 s … 24 h; None without one or for junk. A date is taken against
    the server's own Date where it gives one, so that neither clock has to be right."""
    value = first(headers, b"retry-after").decode("latin-1").strip()
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        asked = float(value[:20])
    else:
        until = _date(value)
        if until is None:
            return None
        asked = (until - (_date(first(headers, b"date").decode("latin-1")) or now)).total_seconds()
    return min(max(asked, RETRY_LEAST), RETRY_MOST)


def max_age(headers: Headers) -> float | None:
    """Seconds for which the answer is said to stay fresh (RFC 9111): max-age less Age; None when nothing is said."""
    said = ",".join(value.decode("latin-1") for key, value in headers if key.lower() == b"cache-control")
    found = _MAX_AGE.search(said)
    if found is None or "no-cache" in said.lower() or "no-store" in said.lower():
        return None
    age = first(headers, b"age")
    return float(max(0, int(found[1]) - (int(age) if age.isdigit() and len(age) < 11 else 0)))


def _validator(value: bytes) -> bytes | None:
    stripped = value.strip(b" \t")
    return stripped if len(stripped) <= MAX_VALIDATOR and _VISIBLE.fullmatch(stripped) else None


def _date(value: str) -> datetime | None:
    if not value or len(value) > 64:
        return None
    try:
        read = parsedate_to_datetime(value)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
