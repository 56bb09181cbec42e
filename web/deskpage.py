"""How a page is served: one function says what it holds, and it is written as HTML and, at ``….json``, as JSON."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.answers import Json
from web.desk import desk_of, visitor_of
from web.pages import page

Served = Callable[..., "Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is written. *told* is what it says, in HTML and in JSON alike; *beside* is what the template
    alone needs: the choices of a form, marks, numbers made for the eye."""

    template: str
    title: str
    told: Mapping[str, Any]
    beside: Mapping[str, Any] = field(default_factory=dict)


def served(router: APIRouter, path: str) -> Callable[[Served], Served]:
    """Serves a function ``(request, …) → Page`` at *path* as HTML and at ``path.json`` as JSON. The twin is registered
    first, so that ``/articles/{id}`` does not take ``7.json`` for an id."""

    def register(function: Served) -> Served:
        @functools.wraps(function)
        def as_json(*args: Any, request: Request, **values: Any) -> Response:
            return Json(dict(function(*args, request=request, **values).told))

        @functools.wraps(function)
        def as_html(*args: Any, request: Request, **values: Any) -> Response:
            return _written(request, function(*args, request=request, **values))

        for at, answer in ((f"{path}.json", as_json), (path, as_html)):
            if at != "/.json":
                router.add_api_route(at, answer, methods=["GET"], include_in_schema=False, response_model=None)
        return function

    return register


def _written(request: Request, what: Page) -> Response:
    desk = desk_of(request)
    known = {"now": desk.clock(), "visitor": visitor_of(request), "places": desk.places, "path": request.url.path}
    address = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return page(what.template, title=what.title, address=address, **known, **{**what.told, **what.beside})
