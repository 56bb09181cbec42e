"""The door for people: a token is traded for a cookie."""

import asyncio
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from store.engine import reading
from store.tokens import opened_by
from web.desk import desk_of
from web.doors import COOKIE
from web.pages import page

router = APIRouter(include_in_schema=False)

_DAYS = 30
_FORM_MAX = 4_096


@router.get("/login")
async def login_page() -> Response:
    """The form."""
    return page("login.html", title="Log in", wrong=False)


@router.post("/login")
async def login(request: Request) -> Response:
    """Sets the cookie where the token is one of ours."""
    token = await _posted_token(request)
    desk = desk_of(request)

    def look_up() -> bool:
        with reading(desk.engine) as connection:
            return opened_by(connection, token, desk.clock()) is not None

    if not token or not await asyncio.to_thread(look_up):
        refused = page("login.html", title="Log in", wrong=True)
        refused.status_code = 401
        return refused
    answer = RedirectResponse("/", status_code=303)
    # Behind a proxy that ends TLS we are asked by http; the browser says what it asked by.
    secure = "https" in (request.url.scheme, request.headers.get("origin", "").partition(":")[0])
    answer.set_cookie(COOKIE, token, max_age=_DAYS * 86_400, httponly=True, samesite="strict", secure=secure)
    return answer


@router.post("/logout")
async def logout() -> Response:
    """Takes the cookie back."""
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


async def _posted_token(request: Request) -> str:
    body = await request.body()
    if len(body) > _FORM_MAX:
        return ""
    return parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0].strip()
