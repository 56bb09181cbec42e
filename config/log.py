"""Logging: one line a record on stderr, text from outside escaped, secrets taken out. Ours and the libraries' alike."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from config.plain import plain
from config.settings import Log

_SECRET_KEYS = re.compile(r"secret|password|token|authorization|cookie", re.IGNORECASE)
_SECRETS = re.compile(
    r"(?P<before>\bwhsec_)[A-Za-z0-9+/=_-]+"  # a webhook's key
    r"|(?P<scheme>://)[^/?#\s]+(?=@)"  # a URL's user and password, up to the last @ before its path
    r"|(?P<bearer>\bBearer\s+)[^\s\"',;]+",
    re.IGNORECASE,
)
_QUIET = ("httpx", "httpcore", "alembic", "uvicorn.error")  # at info they tell of every request and every start


def configure(log: Log, stream: TextIO | None = None, *, role: str = "") -> None:
    """Starts logging in this process, to *stream* (stderr unless given). Each record carries *role*, for several
    processes write into one log. A second call replaces the first."""
    stream = stream or sys.stderr
    as_json = log.format == "json" or (log.format == "auto" and not stream.isatty())

    def named(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        return {**event, "role": role} if role else event

    before: list[Processor] = [
        named,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: list[Processor] = [_headed, structlog.processors.JSONRenderer()] if as_json else [_as_text]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    output = logging.StreamHandler(stream)
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    output.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=[remove_meta, without_secrets, *last])
    )
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(log.level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))


def without_secrets(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Masks values under telling keys, and webhook secrets, URL userinfo and bearer tokens inside any text."""
    event.pop("color_message", None)  # uvicorn's second copy of its message, for terminals
    return {key: "***" if _SECRET_KEYS.search(key) else masked(value) for key, value in event.items()}


def masked(value: object) -> object:
    """The value with each secret in its texts replaced by ``***``, in lists and mappings too."""
    match value:
        case str():
            return _SECRETS.sub(lambda found: f"{found[found.lastgroup or 0]}***", value)
        case bytes():
            return masked(value.decode("utf-8", "backslashreplace"))
        case list() | tuple():
            return [masked(each) for each in value]
        case Mapping():
            return {key: "***" if _SECRET_KEYS.search(str(key)) else masked(each) for key, each in value.items()}
        case None | bool() | int() | float():
            return value
    return masked(str(value))


def _headed(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """The same, begun by what every record has, so that lines below each other can be read."""
    return {name: event.pop(name) for name in ("timestamp", "level", "event") if name in event} | dict(event)


def _as_text(_logger: WrappedLogger, _name: str, event: EventDict) -> str:
    head = f"{event.pop('timestamp', '')} {event.pop('level', ''):7} {event.pop('event', '')}"
    return plain("  ".join([head, *(f"{key}={value}" for key, value in event.items())]))
