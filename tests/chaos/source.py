"""The outlets of the chaos runs: loopback servers whose stories stand still until somebody advances them."""

import gzip
import hashlib
import threading
from collections import Counter, deque
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.chaos.history import Story

FAULTS = ("http-500", "half-gzip", "short-body", "hang-up", "wall", "empty")
"""What an outlet may answer instead of the page."""
WALL = (
    "<!doctype html><html><head><title>Just a moment...</title></head><body><p>Checking your browser before accessing"
    " the site. Please enable cookies and complete the captcha.</p></body></html>"
)


class Standing:
    """Where a story stands. *looks* counts the good answers given since it came there."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.stage = 0
        self.gone = False
        self.looks = 0
        self.was_gone = 0
        self.came_back = 0


class Outlet:
    """One host: a feed of its stories, and their pages."""

    def __init__(self, stories: Sequence[Story]) -> None:
        self.standings = {story.path: Standing(story) for story in stories}
        self.faults: deque[str] = deque()
        self.given: Counter[str] = Counter()
        self.lock = threading.Lock()
        asked = type("Asked", (_Asked,), {"outlet": self})
        self._server = _Server(("127.0.0.1", 0), asked)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def feed_url(self) -> str:
        """Where its feed is."""
        return f"{self.origin}/feed.xml"

    def advance(self, path: str) -> None:
        """Shows a story's next stage, or its absence before that."""
        with self.lock:
            at = self.standings[path]
            at.looks = 0
            if not at.gone and at.story.goes_before(at.stage + 1):
                at.gone = True
                at.was_gone += 1
                return
            at.came_back += at.gone
            at.gone = False
            at.stage += 1

    def body(self, path: str) -> bytes | None:
        """What stands at a path now; None where nothing does."""
        with self.lock:
            if path == "/feed.xml":
                return self._feed()
            if path == "/":
                return b"<!doctype html><html><body><p>Front page</p></body></html>"
            at = self.standings.get(path)
            if at is None or at.gone:
                return None
            at.looks += 1
            return at.story.page(at.stage)

    def _feed(self) -> bytes:
        items = "".join(
            f"<item><title>{at.story.headline}</title><link>{self.origin}{path}</link><guid>{path}</guid>"
            f"<description>Stage {at.stage}</description></item>"
            for path, at in self.standings.items()
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{self.origin}</title>{items}</channel></rss>'.encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no news here."""


class _Asked(BaseHTTPRequestHandler):
    """One request."""

    outlet: Outlet
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        """The page, or the next fault."""
        self.close_connection = True
        fault = ""
        if self.path != "/robots.txt" and self.outlet.faults:
            fault = self.outlet.faults.popleft()
            self.outlet.given[fault] += 1
        if fault in {"http-500", "hang-up", "wall", "empty"}:
            self._instead(fault)
            return
        body = self.outlet.body(self.path)
        if body is None:
            self._send(404, b"<html><body>Not here</body></html>")
            return
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("if-none-match") == etag and not fault:
            self._send(304, b"", etag=etag)
        else:
            self._whole(body, etag, fault)

    def _whole(self, body: bytes, etag: str, fault: str) -> None:
        """The page as gzip; by a fault, cut in the middle with a length that agrees, or that does not."""
        packed = gzip.compress(body)
        most = len(packed) * 7 // 10 if fault else len(packed)
        length = most if fault == "half-gzip" else len(packed)
        self._send(200, packed[:most], length, etag=etag, content_encoding="gzip")

    def _instead(self, fault: str) -> None:
        if fault == "http-500":
            self._send(500, b"out of order")
        elif fault == "wall":
            self._send(200, WALL.encode())
        elif fault == "empty":
            self._send(200, b"")

    def _send(self, status: int, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        kind = "application/rss+xml" if self.path == "/feed.xml" else "text/html; charset=utf-8"
        fields = {"content-type": kind, "connection": "close"} | headers
        if status != 304:
            fields["content-length"] = str(len(body) if length is None else length)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing."""


def outlets(stories: Sequence[Story], number: int) -> list[Outlet]:
    """The stories spread over so many hosts."""
    return [Outlet(stories[n::number]) for n in range(number)]
