"""Clients that begin a request and never end it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn

from web import serving
from web.doors import CARRIED

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Reads the body, then takes longer than a request may."""
    body = b""
    more = True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await asyncio.sleep(serving.ASKED_WITHIN * 2)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
    await send({"type": "http.response.body", "body": body})


async def served(talk: Callable[[int], Awaitable[bytes]]) -> bytes:
    """What came of talking to a server on loopback."""
    server = uvicorn.Server(uvicorn.Config(echo, http=serving.Impatient, port=0, log_config=None, lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        return await talk(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        await running


async def trickle(port: int, *parts: bytes) -> bytes:
    """Sends parts, then a byte at a time for ever; what came until the line was cut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        writer.write(part)
    came = asyncio.create_task(reader.read())
    while not came.done():
        writer.write(b"x")
        await asyncio.sleep(0.05)
    writer.close()
    return b"" if came.exception() else came.result()


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(HEAD[:30], id="head"),
        pytest.param(HEAD.replace(b"9", b"60000"), id="body"),
    ],
)
def test_case_115_who_dawdles_is_cut(begun: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a head nor a body that comes a byte at a time holds its connection for longer than a request may take."""
    monkeypatch.setattr(serving, "ASKED_WITHIN", 0.3)
    assert b"" == asyncio.run(served(lambda port: trickle(port, begun)))


def test_case_115_a_whole_request_may_be_answered_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer takes as long as it takes, also the second one on a connection, whose head came in two pieces."""
    monkeypatch.setattr(serving, "ASKED_WITHIN", 0.2)

    async def talk(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        came = b""
        for _ in range(2):
            writer.write(HEAD[:20])
            await asyncio.sleep(0.05)
            writer.write(HEAD[20:] + b"123456789")
            while not came.endswith(b"123456789"):
                came += await reader.read(100)
            came += b" "
        writer.close()
        return came

    assert 2 == asyncio.run(served(talk)).count(b"200 OK")


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"])
def test_case_107_what_is_no_request_is_refused_with_all_headers(sent: bytes) -> None:
    """The server's own refusal, of what never reaches the doors, carries what every answer does."""

    async def talk(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        came = await reader.read()
        writer.close()
        return came

    lines = asyncio.run(served(talk)).decode().split("\r\n")
    assert "HTTP/1.1 400 Bad Request" == lines[0]
    assert {f"{name}: {value}" for name, value in CARRIED.items()} <= set(lines)
