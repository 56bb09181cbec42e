"""A webhook receiver on loopback: believes what is signed, keeps it, and answers 401 to what is not."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Self

from config import clock
from config.clock import Clock
from demo.serving import Answer, Loopback, Request
from workers.signing import SignatureError, verify


@dataclass(frozen=True, slots=True)
class Received:
    """One genuine webhook, *raw* byte for byte. *again* is true where its id was received before."""

    at: datetime
    id: str
    body: Mapping[str, Any]
    raw: bytes
    again: bool


class Sink:
    """Receives between ``with`` and its end; *told* is called for each genuine webhook, one at a time."""

    def __init__(
        self,
        secret: str,
        told: Callable[[Received], None] = lambda _: None,
        now: Clock = clock.now,
    ) -> None:
        self._secret = secret
        self._told = told
        self._now = now
        self._lock = Lock()
        self.received: list[Received] = []
        self.refused = 0
        self._server = Loopback(self._answer)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        """What to add as an endpoint."""
        return f"{self._server.origin}/webhook"

    def _answer(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(405)
        with self._lock:
            now = self._now()
            try:
                verify(self._secret, request.headers, request.body, now)
            except SignatureError:
                self.refused += 1
                return Answer(401)
            body = _body(request.body)
            if body is None:
                self.refused += 1
                return Answer(400)
            known = request.headers["webhook-id"]
            again = any(known == earlier.id for earlier in self.received)
            self.received.append(Received(now, known, body, request.body, again))
            self._told(self.received[-1])
        return Answer(204)


def _body(raw: bytes) -> Mapping[str, Any] | None:
    """The JSON object that was sent, None where it is none of ours."""
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) and isinstance(body.get("data"), dict) and "type" in body else None
