"""A webhook receiver on loopback: keeps every POST as it came and answers as the test says."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    """One POST as it came; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


Reply = Callable[["Asked"], None]


@dataclass
class Receiver:
    """*replies* are used up in order, then *reply* answers; *most* is the largest number of POSTs open at once."""

    port: int = 0
    got: list[Request] = field(default_factory=list)
    replies: deque[Reply] = field(default_factory=deque)
    reply: Reply = lambda asked: asked.say(200)
    most: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    _open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    def ids(self) -> list[str]:
        """The ids of what came, in order."""
        return [request.headers["webhook-id"] for request in self.got]

    def take(self, request: Request) -> Reply:
        """Keeps a POST and says how to answer it."""
        with self._lock:
            self._open += 1
            self.most = max(self.most, self._open)
            self.got.append(request)
            return self.replies.popleft() if self.replies else self.reply

    def done(self) -> None:
        """One POST less is open."""
        with self._lock:
            self._open -= 1


class Asked(BaseHTTPRequestHandler):
    """One connection."""

    receiver: Receiver
    over = False

    def do_POST(self) -> None:
        """Takes a POST whole and answers it."""
        body = self.rfile.read(int(self.headers["content-length"]))
        if len(body) < int(self.headers["content-length"]):
            return  # the sender was killed in the middle of a word
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.over = False
        reply = self.receiver.take(Request(self.path, headers, body))
        try:
            reply(self)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the sender hung up, as some tests want
        finally:
            self._done()

    def _done(self) -> None:
        """This POST is no longer open: said before the answer goes out, or the next one might come first."""
        if not self.over:
            self.over = True
            self.receiver.done()

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A whole answer; an underscore in a header's name stands for its hyphen."""
        self._done()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keeps the tests' output quiet."""


def saying(status: int, body: bytes = b"", **headers: str) -> Reply:
    """A reply that says this."""
    return lambda asked: asked.say(status, body, **headers)


def silence(asked: Asked) -> None:
    """Never answers."""
    asked.receiver.closing.wait(60)


def hang_up(asked: Asked) -> None:
    """Closes after reading, without a word: whether it was taken in, nobody knows."""
    asked.close_connection = True


def drip(asked: Asked) -> None:
    """A header a byte at a time, for ever."""
    for byte in b"HTTP/1.1 200 OK\r\nx-slow: " + b"a" * 10_000:
        asked.wfile.write(bytes([byte]))
        if asked.receiver.closing.wait(0.05):
            return


def flood(asked: Asked) -> None:
    """A good answer with a gigabyte behind it."""
    asked.send_response(200)
    asked.send_header("content-length", str(1 << 30))
    asked.end_headers()
    for _ in range(1 << 14):
        asked.wfile.write(b"x" * (1 << 16))


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver that listens until the end of the block."""
    heard = Receiver()
    asked = type("Bound", (Asked,), {"receiver": heard})
    server = ThreadingHTTPServer(("127.0.0.1", 0), asked)
    server.daemon_threads = True
    heard.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield heard
    finally:
        heard.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
