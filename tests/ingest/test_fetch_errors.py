"""Foreign errors: none escapes, none is forgotten, and our own bugs are not swallowed."""

import asyncio
import re
import socket
import ssl
from pathlib import Path
from typing import get_args

import anyio
import h11
import httpcore
import httpx
import pytest

from ingest.fetching.exchange import REASONS, translated
from ingest.model import FetchError, Verdict

DOCUMENT = Path(__file__).parents[2] / "docs" / "reasons.md"
SOURCES = sorted((Path(__file__).parents[2] / "ingest").glob("*.py"))


def errors_of(module: object) -> list[type[Exception]]:
    """Every public exception of a module."""
    names = getattr(module, "__all__", dir(module))
    found = (getattr(module, name) for name in names)
    return [kind for kind in found if isinstance(kind, type) and issubclass(kind, Exception)]


MISUSE = {httpx.CookieConflict, httpx.HTTPError, httpx.HTTPStatusError, httpx.StreamError} | {
    kind for kind in errors_of(httpx) if issubclass(kind, httpx.StreamError)
}
"""What httpx raises where it is used wrongly, and the base class of all."""


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, id=f"{kind.__module__}.{kind.__name__}")
        for kind in (*errors_of(httpcore), *errors_of(httpx), h11.LocalProtocolError, h11.RemoteProtocolError)
        if kind not in MISUSE
    ],
)
def test_no_error_of_the_http_libraries_is_forgotten(kind: type[Exception]) -> None:
    """Each exception that the HTTP libraries export becomes a FetchError with a reason, but for our own misuse."""
    with pytest.raises(FetchError), translated():
        raise kind("from below")


@pytest.mark.parametrize(
    "name", ["ConnectTimeout", "ReadTimeout", "ConnectError", "ReadError", "RemoteProtocolError", "ProxyError"]
)
def test_both_libraries_errors_have_one_reason(name: str) -> None:
    """An error that httpx and httpcore both know has the same reason whoever raises it."""
    reasons = []
    for library in (httpcore, httpx):
        with pytest.raises(FetchError) as caught, translated():
            raise getattr(library, name)("from below")
        reasons.append(caught.value.reason)
    assert reasons[0] == reasons[1]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        pytest.param(socket.gaierror(-2, "unknown"), "unknown-host", id="resolver"),
        pytest.param(ssl.SSLCertVerificationError("expired"), "bad-certificate", id="certificate"),
        pytest.param(ssl.SSLError("handshake"), "tls-failed", id="handshake"),
        pytest.param(TimeoutError(), "deadline", id="deadline"),
        pytest.param(ConnectionResetError(), "unreachable", id="os"),
        pytest.param(anyio.BrokenResourceError(), "connection-lost", id="anyio"),
        pytest.param(UnicodeError("label too long"), "bad-url", id="unicode"),
        pytest.param(httpcore.ConnectTimeout(), "connect-timeout", id="connect"),
        pytest.param(httpcore.ReadTimeout(), "read-timeout", id="read"),
    ],
)
def test_reasons_of_foreign_errors(error: Exception, reason: str) -> None:
    """Each kind of failure keeps a reason of its own, with the cause chained."""
    with pytest.raises(FetchError) as caught, translated():
        raise error
    assert (caught.value.reason, caught.value.__cause__) == (reason, error)


@pytest.mark.parametrize(
    "error", [KeyError("ours"), asyncio.CancelledError(), ZeroDivisionError(), httpx.StreamClosed()]
)
def test_our_own_bugs_pass(error: BaseException) -> None:
    """What no library raises is a bug or a cancellation and stays what it is."""
    with pytest.raises(type(error)), translated():
        raise error


def test_every_reason_is_documented() -> None:
    """Each reason code that fetching and reading can give stands in docs/reasons.md."""
    documented = set(re.findall(r"^\| `([a-z0-9-]+)`", DOCUMENT.read_text("utf-8"), re.MULTILINE))
    raised = {
        code
        for path in SOURCES
        for code in re.findall(r'(?:Fetch|Parse)Error\(\s*"([a-z0-9-]+)"', path.read_text("utf-8"))
    }
    verdicts = set(get_args(Verdict)) - {"article"}
    assert set() == ({reason for _, reason in REASONS} | raised | verdicts) - documented
