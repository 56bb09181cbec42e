"""Atom feeds of what the page of changes shows: of everything, a feed, a tag, an article, what a filter asks for."""

from typing import Annotated
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from store.engine import reading
from store.views.articles import article_by
from store.views.feeds import feed_by
from store.views.news import Position, news
from web.answers import RefusalError
from web.atom import ENTRIES, At, feed
from web.desk import desk_of
from web.filters import Filter, asked_filter, named_filter

router = APIRouter(prefix="/atom", include_in_schema=False)
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/changes")
def everything(request: Request) -> Response:
    """Everything on the page of changes, or what a filter asks for, written as there."""
    asked = asked_filter(request, beside=())
    with reading(desk_of(request).engine) as connection:
        return _told(request, connection, "Fact changes", asked, "/changes")


@router.get("/filters/{name:path}")
def of_filter(request: Request, name: Annotated[str, Path(max_length=100)]) -> Response:
    """What a filter saved by this name asks for, as it stands when it is read."""
    with reading(desk_of(request).engine) as connection:
        asked = named_filter(connection, name)
        return _told(request, connection, name, asked, f"/changes?saved={quote(name, safe='')}")


@router.get("/feeds/{feed_id}")
def of_feed(request: Request, feed_id: Id) -> Response:
    """Fact changes of the articles that a feed lists."""
    with reading(desk_of(request).engine) as connection:
        found = feed_by(connection, feed_id)
        if found is None:
            raise RefusalError(404, "There is no such feed.")
        return _told(request, connection, found.title or found.site or found.url, Filter(feed=feed_id), "/changes")


@router.get("/articles/{article_id}")
def of_article(request: Request, article_id: Id) -> Response:
    """Fact changes of one article."""
    with reading(desk_of(request).engine) as connection:
        found = article_by(connection, article_id)
        if found is None:
            raise RefusalError(404, "There is no such article.")
        return _told(
            request, connection, found.title or found.url, Filter(article=article_id), f"/articles/{article_id}"
        )


@router.get("/tags/{tag:path}")
def of_tag(request: Request, tag: Annotated[str, Path(max_length=100)]) -> Response:
    """Fact changes of the articles that feeds with a tag list; none where no feed has it yet."""
    with reading(desk_of(request).engine) as connection:
        return _told(request, connection, tag, Filter(tag=tag), "/changes")


def _told(request: Request, connection: sa.Connection, title: str, asked: Filter, page: str) -> Response:
    desk = desk_of(request)
    rows, _ = news(connection, Position(), ENTRIES, asked.wanted)
    path = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    shown = f"{page}?{asked.query}" if page == "/changes" and asked.query else page
    return feed(At(desk.settings.web_url, path, shown), f"Writethru: {title}", rows, desk.clock())
