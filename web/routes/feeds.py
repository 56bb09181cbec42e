"""Feeds for people: how each fares and how noisy it is, tags and pauses; and the add box with its dry run."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from store import previews
from store.engine import reading, writing
from store.views.feeds import feeds
from store.views.listing import Cut
from store.views.noise import NEWEST, SPAN, noise_of
from web import adding, tending
from web.desk import desk_of
from web.deskpage import Page, served
from web.forms import Posted, back

router = APIRouter(include_in_schema=False)

_MANY = 30
Cursor = Annotated[str, Query(max_length=40)]


@served(router, "/feeds")
def feeds_page(request: Request, cursor: Cursor = "") -> Page:
    """Every feed, the last one added first."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        found = feeds(connection, Cut(cursor, _MANY))
        noise = {row.id: noise_of(connection, row.id, desk.clock()) for row in found.rows}
    told = {"feeds": found, "noise": {str(key): {"changed": n.changed, "made": n.made} for key, n in noise.items()}}
    return Page("feeds.html", "Feeds", told, {"meters": noise, "days": SPAN.days, "newest": NEWEST})


@router.post("/feeds")
def ask(request: Request, form: Posted) -> Response:
    """Asks for a dry run; nothing is watched yet."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        made = adding.ask(connection, form.text("what", adding.WHAT_MAX), desk.clock())
    return RedirectResponse(f"/previews/{made}", status_code=303)


@served(router, "/previews/{preview_id}")
def preview_page(request: Request, preview_id: int) -> Page:
    """A dry run: under way, refused with the reason, or what it found."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        row = previews.get(connection, tending.sql_id(preview_id), desk.clock())
        found = tending.existing(row, "dry run, or its hour is over")
        known = adding.watched_as(connection, found)
    return Page("preview.html", "Dry run", {"preview": found, "watched": known})


@router.post("/previews/{preview_id}/watch")
def take_up(request: Request, preview_id: int, form: Posted) -> Response:
    """Watches what the dry run found."""
    desk, tags = desk_of(request), adding.tags_of(form.text("tags"))
    with writing(desk.engine) as connection:
        known = tending.sql_id(preview_id)
        watched = adding.take_up(connection, known, tags, form.many("only"), desk.clock())
    to = f"/articles/{watched[0]['id']}" if watched and watched[0]["kind"] == "article" else "/feeds"
    return RedirectResponse(to, status_code=303)


@router.post("/previews/{preview_id}/leave")
def leave(request: Request, preview_id: int) -> Response:
    """Forgets a dry run; nothing of it is kept."""
    with writing(desk_of(request).engine) as connection:
        previews.drop(connection, tending.sql_id(preview_id))
    return RedirectResponse("/feeds", status_code=303)


@router.post("/feeds/{feed_id}/pause")
def pause(request: Request, feed_id: int, form: Posted) -> Response:
    """Looks at it no more."""
    with writing(desk_of(request).engine) as connection:
        adding.pause(connection, tending.sql_id(feed_id))
    return back(form, "/feeds")


@router.post("/feeds/{feed_id}/resume")
def resume(request: Request, feed_id: int, form: Posted) -> Response:
    """Looks at it again, at once."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        adding.resume(connection, tending.sql_id(feed_id), desk.clock())
    return back(form, "/feeds")


@router.post("/feeds/{feed_id}/tags")
def tag(request: Request, feed_id: int, form: Posted) -> Response:
    """Gives it these tags and no others."""
    tags = adding.tags_of(form.text("tags"))
    with writing(desk_of(request).engine) as connection:
        adding.tag(connection, tending.sql_id(feed_id), tags)
    return back(form, "/feeds")


@router.post("/feeds/{feed_id}/remove")
def remove(request: Request, feed_id: int, form: Posted) -> Response:
    """Forgets it; its articles stay watched."""
    with writing(desk_of(request).engine) as connection:
        adding.remove(connection, tending.sql_id(feed_id))
    return back(form, "/feeds")
