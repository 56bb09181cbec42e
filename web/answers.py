"""How the web process answers: JSON that any client can read, and refusals that say why."""

import dataclasses
import json
from datetime import datetime
from typing import Any

from starlette.responses import Response

from web.moments import iso


def _jsonable(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def as_json(value: object) -> str:
    """JSON in ASCII (so a lone surrogate from outside cannot break the answer) and without NaN."""
    return json.dumps(value, default=_jsonable, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


class Json(Response):
    """An answer in JSON. Frozen rows become objects, moments RFC 3339."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The body."""
        return as_json(content).encode()


class RefusalError(Exception):
    """An answer that refuses. *reason* is one sentence for the one who asked; it never holds what they sent."""

    def __init__(self, status: int, reason: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers or {}


def wants_html(path: str, accept: str) -> bool:
    """Whether a refusal is read by a person: a browser asked for a page."""
    return "text/html" in accept and not path.startswith("/api/") and not path.endswith(".json")
