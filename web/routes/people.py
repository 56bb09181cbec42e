"""The articles for people."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from store.engine import reading
from store.views.articles import articles
from store.views.listing import Cut
from web.desk import desk_of
from web.deskpage import Page, served

router = APIRouter(include_in_schema=False)

_MANY = 100


@served(router, "/articles")
def articles_page(
    request: Request,
    cursor: Annotated[str, Query(max_length=40)] = "",
    feed: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Page:
    """Every article, the last one found first; of one feed."""
    with reading(desk_of(request).engine) as connection:
        listed = articles(connection, Cut(cursor, _MANY), feed=feed)
        return Page("articles.html", "Articles", {"articles": listed, "feed": feed})
