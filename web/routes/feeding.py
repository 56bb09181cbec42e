"""The API of what is watched: feeds added, paused, tagged and removed, and dry runs."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from store import previews
from store.engine import reading, writing
from store.previews import PreviewRow
from store.views.feeds import FeedRow, feed_by
from web import adding, tending
from web.answers import Json
from web.desk import desk_of
from web.routes.alerting import CONFLICT, Id
from web.shapes import Refusal

router = APIRouter(prefix="/api/v1")
CROWDED: Any = {429: {"model": Refusal, "description": "Twenty dry runs are under way."}}


class Tags(BaseModel):
    """The tags of a feed."""

    model_config = ConfigDict(extra="forbid")

    tags: list[str] = Field([], max_length=50)


class NewFeed(Tags):
    """A feed to watch; the first look decides what the address is, as with `./writethru add`."""

    url: str = Field(max_length=2_000)


class Wanted(BaseModel):
    """What to try: a URL of a feed, a page that names its feed or an article; or the text of an OPML document."""

    model_config = ConfigDict(extra="forbid")

    what: str = Field(max_length=adding.WHAT_MAX)


class TakenUp(Tags):
    """What of a dry run is watched: of a list the feeds named, or all."""

    only: list[str] = Field([], max_length=1_000)


class Watched(BaseModel):
    """A feed or an article that is watched now."""

    kind: str
    id: int


@router.post("/feeds", status_code=201, response_model=FeedRow)
def add_feed(request: Request, new: NewFeed) -> Any:
    """Watches a feed from now on, without a dry run; a known one is resumed and keeps its tags."""
    desk, url, tags = desk_of(request), adding.address(new.url), adding.tags_of(new.tags)
    with writing(desk.engine) as connection:
        made = adding.add_feed(connection, url, tags, desk.clock())
    return Json(_row(request, made), status_code=201)


@router.post("/feeds/{feed_id}/pause", response_model=FeedRow)
def pause(request: Request, feed_id: Id) -> Any:
    """Looks at it no more until it is resumed."""
    with writing(desk_of(request).engine) as connection:
        adding.pause(connection, feed_id)
    return Json(_row(request, feed_id))


@router.post("/feeds/{feed_id}/resume", response_model=FeedRow)
def resume(request: Request, feed_id: Id) -> Any:
    """Looks at it again, at once."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        adding.resume(connection, feed_id, desk.clock())
    return Json(_row(request, feed_id))


@router.put("/feeds/{feed_id}/tags", response_model=FeedRow)
def put_tags(request: Request, feed_id: Id, new: Tags) -> Any:
    """Gives it these tags and no others."""
    tags = adding.tags_of(new.tags)
    with writing(desk_of(request).engine) as connection:
        adding.tag(connection, feed_id, tags)
    return Json(_row(request, feed_id))


@router.delete("/feeds/{feed_id}", response_model=Watched)
def remove_feed(request: Request, feed_id: Id) -> Any:
    """Forgets it with its entries, looks and snapshots; its articles stay watched."""
    with writing(desk_of(request).engine) as connection:
        adding.remove(connection, feed_id)
    return Json({"kind": "feed", "id": feed_id})


@router.post("/previews", status_code=202, response_model=PreviewRow, responses=CROWDED)
def ask(request: Request, wanted: Wanted) -> Any:
    """Asks for a dry run: the poller fetches it, a reader reads it, nothing is watched; forgotten after an hour."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        made = adding.ask(connection, wanted.what, desk.clock())
        row = previews.get(connection, made, desk.clock())
    return Json(row, status_code=202)


@router.get("/previews/{preview_id}", response_model=PreviewRow)
def one_preview(request: Request, preview_id: Id) -> Any:
    """A dry run: `asked`, `fetched`, `read` with what was found, or `refused` with the reason."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        return Json(tending.existing(previews.get(connection, preview_id, desk.clock()), "dry run"))


@router.post("/previews/{preview_id}/watch", response_model=list[Watched], responses=CONFLICT)
def take_up(request: Request, preview_id: Id, wanted: TakenUp) -> Any:
    """Watches what the dry run found, and forgets the dry run."""
    desk, tags = desk_of(request), adding.tags_of(wanted.tags)
    with writing(desk.engine) as connection:
        return Json(adding.take_up(connection, preview_id, tags, wanted.only, desk.clock()))


def _row(request: Request, feed_id: int) -> FeedRow:
    with reading(desk_of(request).engine) as connection:
        return tending.existing(feed_by(connection, feed_id), "feed")
