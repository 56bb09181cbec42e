"""Refusals and errors as pages and as JSON."""

from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from store.views.listing import CursorError
from web.answers import Json, RefusalError, wants_html
from web.asking import in_words
from web.pages import page

TOO_LARGE = "A request may bring 64 kB."


def refusal(why: RefusalError, path: str, headers: Headers) -> Response:
    """The answer that refuses, as a page for a browser and as ``{"error": …}`` for a program."""
    if not wants_html(path, headers.get("accept", "")):
        return Json({"error": why.reason}, status_code=why.status, headers=why.headers)
    title = HTTPStatus(why.status).phrase
    answer = page("refused.html", status=why.status, title=title, reason=why.reason)
    answer.status_code = why.status
    answer.headers.update(why.headers)
    return answer


async def on_refusal(request: Request, why: Exception) -> Response:
    """Every error that a route or the framework raises on purpose."""
    return refusal(_translated(why), request.url.path, request.headers)


def _translated(why: Exception) -> RefusalError:
    match why:
        case RefusalError():
            return why
        case HTTPException():
            reason = {404: "There is no such page.", 405: "This page does not take that method.", 413: TOO_LARGE}
            said = reason.get(why.status_code, HTTPStatus(why.status_code).phrase + ".")
            return RefusalError(why.status_code, said, headers=dict(why.headers or {}))
        case RequestValidationError():
            return RefusalError(400, in_words(why.errors()))
        case DataError():  # a NUL, which PostgreSQL's text cannot hold
            return RefusalError(400, "That holds a character that cannot be kept.")
        case CursorError():
            return RefusalError(400, f"{str(why).capitalize()}.")
    raise why


TRANSLATED = (RefusalError, HTTPException, RequestValidationError, CursorError, DataError)
"""What ``on_refusal`` is registered for."""
