"""Pages for people: the state of everything, the changes, the articles, the feeds."""

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from store.engine import reading
from store.views.articles import articles
from store.views.changes import Wanted, changes
from store.views.feeds import failing_feeds, feeds
from store.views.listing import Cut
from store.views.works import works
from web.chips import chip_of
from web.desk import desk_of
from web.deskpage import Page, desk_page, served
from web.workers import workers_alive

router = APIRouter(include_in_schema=False)

_FEW = 20
_MANY = 100
Cursor = Annotated[str, Query(max_length=40)]


@router.get("/")
def status(request: Request) -> Response:
    """What changed lately, and whether everything works."""
    desk = desk_of(request)
    listening = workers_alive(desk.settings)
    with reading(desk.engine) as connection:
        return desk_page(
            desk,
            connection,
            "status.html",
            listening=listening,
            title="Now",
            works=works(connection, desk.clock()),
            changes=_chipped(connection, Cut(limit=_FEW), Wanted())["rows"],
            feeds=feeds(connection, Cut(limit=_FEW)),
            failing=failing_feeds(connection, _FEW),
            articles=articles(connection, Cut(limit=_FEW)),
        )


def _chipped(connection: sa.Connection, cut: Cut, wanted: Wanted) -> dict[str, Any]:
    found = changes(connection, cut, wanted)
    rows = [(row, chip_of(row.change, reverts=row.reverts is not None, stealth=row.stealth)) for row in found.rows]
    return {"rows": rows, "next": found.next}


@served(router, "/articles")
def articles_page(
    request: Request, cursor: Cursor = "", feed: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None
) -> Page:
    """Every article, the last one found first; of one feed."""
    with reading(desk_of(request).engine) as connection:
        listed = articles(connection, Cut(cursor, _MANY), feed=feed)
        return Page("articles.html", "Articles", {"articles": listed, "feed": feed})
