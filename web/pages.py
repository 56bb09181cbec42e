"""Pages: templates filled with text from outside, which stays text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from config.plain import plain
from web.article.marks import marked
from web.moments import ago, by_day, clock, count, duration, exact, iso, said, shown

_HERE = Path(__file__).parent
STATIC = _HERE / "static"


def safe_href(url: str) -> str:
    """The URL where it is http or https, else nothing: a link of any other kind is shown as text."""
    try:
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _finalize(value: object) -> object:
    """Control and bidi characters from outside are shown as escapes, None as nothing."""
    if value is None:
        return ""
    # Markup is our own text; it has been escaped already.
    return plain(value) if type(value) is str else value


def _unbroken(words: Callable[..., str]) -> Callable[..., str]:
    """The same words, which no line breaks apart."""
    return lambda *given: words(*given).replace(" ", "\u00a0")


_environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_finalize,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "href": safe_href, "ago": _unbroken(ago), "duration": _unbroken(duration), "shown": shown,
    "exact": exact, "iso": iso, "clock": clock, "by_day": by_day, "count": count, "said": said, "marked": marked,
}  # fmt: skip


def filled(name: str, **values: Any) -> bytes:
    """A template filled, in UTF-8. Raises jinja2's UndefinedError for a value that it needs and was not given."""
    return _environment.get_template(name).render(**values).encode(errors="backslashreplace")


def page(name: str, **values: Any) -> HTMLResponse:
    """A template filled, as an answer. Raises as filled() does."""
    return HTMLResponse(filled(name, **values))
