"""The page of one article: what changed between two versions, and all its versions."""

from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ingest.model import Block
from store.engine import reading
from store.views.articles import article_by
from store.views.listing import Cut
from store.views.versions import VersionRow, kept, version_by, versions
from web.answers import RefusalError
from web.desk import desk_of
from web.deskpage import desk_page
from web.difference import NoSuchVersionError, difference, stripped_of
from web.marks import Mark, Paragraph
from web.reading import Laid, Numbered, laid, numbered

router = APIRouter(include_in_schema=False)

_MANY = 100
_NUMBER_MAX = 2**31 - 1
Number = Annotated[int, Query(ge=1, le=_NUMBER_MAX)]


@dataclass(frozen=True, slots=True)
class Shown:
    """The middle of the page: two versions as one, or (*before* is None) a version alone."""

    before: VersionRow | None
    after: VersionRow
    headline: tuple[Mark, ...]
    changes: tuple[Numbered, ...]
    text: Laid
    stripped: tuple[Block, ...]


@router.get("/articles/{article_id}")
def article_page(
    request: Request,
    article_id: int,
    *,
    first: Annotated[Number | None, Query(alias="from")] = None,
    last: Annotated[Number | None, Query(alias="to")] = None,
    whole: Annotated[bool, Query(alias="all")] = False,
    cursor: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The last two versions, unless others are asked for; `all` leaves unchanged paragraphs in."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        article = article_by(connection, article_id) if 0 < article_id < 2**63 else None
        if article is None:
            raise RefusalError(404, "There is no such article. Perhaps it became part of another one.")
        listed = versions(connection, Cut(cursor, _MANY), article=article_id)
        shown = _shown(connection, article_id, first, last or article.versions, whole=whole)
        title = article.title or article.url
        known = {"article": article, "versions": listed, "shown": shown, "whole": whole}
        return desk_page(desk, connection, "article.html", title=title, **known)


def _shown(connection: sa.Connection, article_id: int, first: int | None, last: int, *, whole: bool) -> Shown | None:
    """None before the first version."""
    if last == 0:
        return None
    if first is None:
        first = last - 1
    if first >= last:
        raise RefusalError(400, "The first version must be an earlier one than the second.")
    return _alone(connection, article_id, last) if first == 0 else _between(connection, article_id, first, last, whole)


def _between(connection: sa.Connection, article_id: int, first: int, last: int, whole: bool) -> Shown:
    try:
        found = difference(connection, article_id, first, last)
    except NoSuchVersionError as missing:
        raise RefusalError(404, f"This article has no version {missing.number}.") from None
    marked = numbered(found.changes)
    stripped = stripped_of(kept(connection, found.after.id))[:_MANY]
    return Shown(found.before, found.after, found.headline, marked, laid(found.text, marked, whole=whole), stripped)


def _alone(connection: sa.Connection, article_id: int, number: int) -> Shown:
    version = version_by(connection, article_id, number)
    if version is None:
        raise RefusalError(404, f"This article has no version {number}.")
    text = kept(connection, version.id)
    unmarked = [Paragraph((Mark("same", line),)) for line in text.text.split("\n")]
    headline = (Mark("same", version.headline),)
    return Shown(None, version, headline, (), laid(unmarked, (), whole=True), stripped_of(text)[:_MANY])
