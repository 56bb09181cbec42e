"""A small HTTP server on loopback in threads of its own: what the newsroom and the sink stand on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

MOST_BYTES = 1_000_000  # of a request's body


@dataclass(frozen=True, slots=True)
class Request:
    """One request. *path* includes the query; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; a 304 carries no body."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Loopback:
    """Answers each request on 127.0.0.1 by calling *answer*, which must be safe to call from several threads."""

    def __init__(self, answer: Callable[[Request], Answer], port: int = 0) -> None:
        self._server = _Server(("127.0.0.1", port), _shell(answer))
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), name="loopback", daemon=True)

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begins to answer; the port has been bound, and calls have been queueing, since the object was made."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the threads and frees the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True


def _shell(answer: Callable[[Request], Answer]) -> type[BaseHTTPRequestHandler]:
    class Shell(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5  # seconds for a silent client, so that stop() ends

        def _reply(self) -> None:
            self.close_connection = True
            headers = {name.lower(): value for name, value in self.headers.items()}
            length = headers.get("content-length", "0")
            if not length.isdecimal() or int(length) > MOST_BYTES:
                self._send(Answer(413))
                return
            self._send(answer(Request(self.command, self.path, headers, self.rfile.read(int(length)))))

        def _send(self, given: Answer) -> None:
            self.send_response(given.status)
            fields = {"Content-Type": given.content_type, "Content-Length": str(len(given.body)), "Connection": "close"}
            if given.status == 304:
                fields = {"Connection": "close"}
            for name, value in {**fields, **given.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD" and given.status != 304:
                self.wfile.write(given.body)

        do_GET = do_HEAD = do_POST = _reply  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing: the demo's own lines are the log."""

        def version_string(self) -> str:
            return "newsroom"

    return Shell
