"""Atom feeds of fact changes: of everything, a feed, a tag, an article."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from store.engine import reading
from store.views.articles import article_by
from store.views.changes import Wanted, changes_by_version
from store.views.feeds import feed_by
from store.views.listing import Cut
from web.answers import RefusalError
from web.atom import ENTRIES, feed
from web.desk import desk_of

router = APIRouter(prefix="/atom", include_in_schema=False)
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/changes")
def everything(request: Request) -> Response:
    """Every fact change."""
    with reading(desk_of(request).engine) as connection:
        return _told(request, connection, "Fact changes", Wanted())


@router.get("/feeds/{feed_id}")
def of_feed(request: Request, feed_id: Id) -> Response:
    """Fact changes of the articles that a feed lists."""
    with reading(desk_of(request).engine) as connection:
        found = feed_by(connection, feed_id)
        if found is None:
            raise RefusalError(404, "There is no such feed.")
        return _told(request, connection, found.title or found.site or found.url, Wanted(feed=feed_id))


@router.get("/articles/{article_id}")
def of_article(request: Request, article_id: Id) -> Response:
    """Fact changes of one article."""
    with reading(desk_of(request).engine) as connection:
        found = article_by(connection, article_id)
        if found is None:
            raise RefusalError(404, "There is no such article.")
        return _told(request, connection, found.title or found.url, Wanted(article=article_id))


@router.get("/tags/{tag}")
def of_tag(request: Request, tag: Annotated[str, Path(max_length=100)]) -> Response:
    """Fact changes of the articles that feeds with a tag list; none where no feed has it yet."""
    with reading(desk_of(request).engine) as connection:
        return _told(request, connection, tag, Wanted(tag=tag))


def _told(request: Request, connection: sa.Connection, title: str, wanted: Wanted) -> Response:
    desk = desk_of(request)
    changed = changes_by_version(connection, Cut(limit=ENTRIES), wanted).rows
    return feed(desk.settings.web_url, request.url.path, f"Writethru: {title}", changed, desk.clock())
