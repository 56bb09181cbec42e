"""Signatures of the Standard Webhooks specification (https://www.standardwebhooks.com), symmetric scheme ``v1``."""

import base64
import binascii
import hashlib
import hmac
import secrets as randomness
from collections.abc import Mapping, Sequence
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32
"""Of a new secret; the specification asks for 24 to 64."""
TOLERANCE = 300
"""Seconds that a timestamp may lie before or after the receiver's clock, as in the specification's own libraries."""


class SignatureError(Exception):
    """A webhook that must not be believed. The message says which check refused it and nothing of the secret."""


def new_secret() -> str:
    """A fresh secret: ``whsec_`` and 32 random bytes in standard base64."""
    return PREFIX + base64.b64encode(randomness.token_bytes(SECRET_BYTES)).decode("ascii")


def key_of(secret: str) -> bytes:
    """The key inside a secret. Raises ValueError unless it is ``whsec_`` and 24 to 64 bytes in padded base64."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not 24 <= len(key) <= 64:
        raise ValueError("a secret is whsec_ followed by 24 to 64 bytes in standard base64")
    return key


def sign(secrets: Sequence[str], webhook_id: str, timestamp: int, body: bytes) -> str:
    """The ``webhook-signature`` header: one signature for each secret, one space between. *timestamp* is in Unix
    seconds. Raises ValueError for a malformed secret."""
    content = b"%b.%d.%b" % (webhook_id.encode("utf-8", "surrogatepass"), timestamp, body)
    return " ".join(_signature(key_of(secret), content) for secret in secrets)


def headers(secrets: Sequence[str], webhook_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """What a webhook is sent with. Raises ValueError for a malformed secret."""
    timestamp = int(now.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secrets, webhook_id, timestamp, body),
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime, tolerance: int = TOLERANCE) -> None:
    """Checks what a receiver got, in constant time. *tolerance* is in seconds, either way; header names may have any
    case. Raises SignatureError, and ValueError for a malformed secret."""
    lowered = {name.lower(): value for name, value in headers.items()}
    webhook_id, written = lowered.get("webhook-id", ""), lowered.get("webhook-timestamp", "")
    if not (webhook_id and written and lowered.get("webhook-signature")):
        raise SignatureError("a header is missing")
    if not (written.isascii() and written.isdigit() and len(written) < 16):
        raise SignatureError("the timestamp is not a number of seconds")
    timestamp = int(written)
    if abs(now.timestamp() - timestamp) > tolerance:
        raise SignatureError("the timestamp is too far from now")
    expected = sign([secret], webhook_id, timestamp, body).encode("ascii")
    given = lowered["webhook-signature"].encode("utf-8", "replace").split(b" ")
    if not any([hmac.compare_digest(expected, each) for each in given]):  # noqa: C419 - never stops early
        raise SignatureError("no signature matches")


def _signature(key: bytes, content: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode("ascii")
