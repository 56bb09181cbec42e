"""Endpoints for people: where webhooks go, how they fare, what each is told, and a rule tried before it is saved."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from store import endpoints
from store.backtest import SPAN, backtest
from store.engine import reading, writing
from store.rules import EVERYTHING
from store.ruling import in_words, rule_of
from store.views.choices import FeedName, feed_names
from store.views.listing import Cut
from store.views.telling import endpoint_by
from store.views.telling import endpoints as listed
from web import ruling, tending
from web.desk import desk_of
from web.deskpage import Page, served
from web.forms import Posted, back
from web.pages import page

router = APIRouter(include_in_schema=False)

_MANY = 100
_FEEDS = 60
"""Feeds to tick in a rule, the last ones added, beside those that it names."""
_COOKIE = "writethru_secret"
_SECONDS = 60
"""For so long the browser keeps a new secret, to show it once on the page that follows."""
Cursor = Annotated[str, Query(max_length=40)]


@served(router, "/endpoints")
def endpoints_page(request: Request, cursor: Cursor = "") -> Page:
    """Every endpoint with its health and its rule, the last one added first."""
    with reading(desk_of(request).engine) as connection:
        found = listed(connection, Cut(cursor, _MANY))
    rules = {row.id: in_words(rule_of(row.rule)) for row in found.rows}
    return Page("endpoints.html", "Endpoints", {"endpoints": found}, {"rules": rules})


@router.post("/endpoints")
def add(request: Request, form: Posted) -> Response:
    """Adds one, which gets everything until its rule says less."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        url, secret = form.text("url", tending.URL_MAX), form.text("secret", 200)
        added = tending.add(connection, url, secret, EVERYTHING, desk.clock())
    return _to_secret(request, added.id, added.secret)


@router.get("/endpoints/{endpoint_id}/secret")
def secret_page(request: Request, endpoint_id: int) -> Response:
    """The new secret, once: the answer takes it back from the browser."""
    shown = request.cookies.get(_COOKIE, "")
    known = {"now": desk_of(request).clock(), "secret": shown, "id": endpoint_id}
    answer = page("secret.html", title="Secret", **known)
    answer.delete_cookie(_COOKIE, path=f"/endpoints/{endpoint_id}", httponly=True, samesite="strict")
    return answer


@served(router, "/endpoints/{endpoint_id}")
def endpoint_page(request: Request, endpoint_id: int, *, tried: Annotated[bool, Query(alias="try")] = False) -> Page:
    """One endpoint and its rule; with `try` and the parts of a rule, what that rule would have told, unsaved."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        row = tending.existing(endpoint_by(connection, tending.sql_id(endpoint_id)))
        written = ruling.from_query(request.query_params)
        asked = ruling.typed(written) if tried else ruling.Typed(ruling.fields_of(rule_of(row.rule)), None)
        ticked = ruling.ids_of(asked.fields["feeds"])
        feeds = _named(feed_names(connection, _FEEDS, *ticked), ticked)
        found = backtest(connection, asked.rule, desk.clock()) if asked.rule else None
    told: dict[str, Any] = {"endpoint": row, "tried": ruling.tried_of(found) if found else None, "wrong": asked.wrong}
    beside = {"fields": asked.fields, "lines": ruling.lines_of(found) if found else [], "days": SPAN.days}
    beside |= {"feeds": feeds, "feed_ids": [str(each) for each in ticked]}
    unsaved = tried and asked.rule != rule_of(row.rule)
    return Page("endpoint.html", f"Endpoint {row.id}", told, {**ruling.choices(), **beside, "unsaved": unsaved})


@router.post("/endpoints/{endpoint_id}/rule")
def save_rule(request: Request, endpoint_id: int, form: Posted) -> Response:
    """Saves a rule; one with a mistake goes back to its form, which says what is wrong."""
    desk, written = desk_of(request), ruling.from_form(form)
    asked = ruling.typed(written)
    if asked.rule is None:
        again = urlencode({**{key: value for key, value in written.items() if value}, "try": "true"}, doseq=True)
        return RedirectResponse(f"/endpoints/{endpoint_id}?{again}", status_code=303)
    with writing(desk.engine) as connection:
        known = tending.sql_id(endpoint_id)
        tending.existing(endpoints.set_rule(connection, known, asked.rule, desk.clock()))
    return back(form, f"/endpoints/{endpoint_id}")


@router.post("/endpoints/{endpoint_id}/rotate")
def rotate(request: Request, endpoint_id: int) -> Response:
    """A new secret, shown once; the old one signs beside it for a day."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        known = tending.sql_id(endpoint_id)
        rotated = tending.existing(endpoints.rotate(connection, known, tending.signing(""), desk.clock()))
    return _to_secret(request, rotated.id, rotated.secret)


@router.post("/endpoints/{endpoint_id}/test")
def test(request: Request, endpoint_id: int) -> Response:
    """Owes a test; what came of it stands among the deliveries."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        delivery_id, _ = tending.test(connection, tending.sql_id(endpoint_id), desk.clock())
    return RedirectResponse(f"/deliveries/{delivery_id}", status_code=303)


@router.post("/endpoints/{endpoint_id}/enable")
def enable(request: Request, endpoint_id: int, form: Posted) -> Response:
    """Sends to it again."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        tending.existing(endpoints.enable(connection, tending.sql_id(endpoint_id), desk.clock()))
    return back(form, f"/endpoints/{endpoint_id}")


@router.post("/endpoints/{endpoint_id}/disable")
def disable(request: Request, endpoint_id: int, form: Posted) -> Response:
    """Sends nothing more to it."""
    with writing(desk_of(request).engine) as connection:
        tending.existing(endpoints.disable(connection, tending.sql_id(endpoint_id), "operator"))
    return back(form, f"/endpoints/{endpoint_id}")


@router.post("/endpoints/{endpoint_id}/remove")
def remove(request: Request, endpoint_id: int) -> Response:
    """Forgets it and cancels what is owed; its deliveries stay in the list."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        tending.existing(endpoints.remove(connection, tending.sql_id(endpoint_id), desk.clock()))
    return RedirectResponse("/endpoints", status_code=303)


def _to_secret(request: Request, endpoint_id: int, secret: str) -> Response:
    """To the page that shows the secret once. Only this browser carries it there, and no list of addresses does."""
    answer = RedirectResponse(f"/endpoints/{endpoint_id}/secret", status_code=303)
    secure, path = request.url.scheme == "https", f"/endpoints/{endpoint_id}"
    answer.set_cookie(_COOKIE, secret, max_age=_SECONDS, path=path, httponly=True, samesite="strict", secure=secure)
    return answer


def _named(known: Sequence[FeedName], ticked: Sequence[int]) -> list[FeedName]:
    """The feeds to tick. One that is gone stays: a rule without it would ask for every feed."""
    there = {each.id for each in known}
    return [*known, *(FeedName(each, f"feed {each}, removed") for each in ticked if each not in there)]
