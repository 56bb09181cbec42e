"""The JSON API, version 1: lists in pieces, newest first."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request

from facts.model import ChangeType, Severity
from store.deliveries import State
from store.engine import reading
from store.reviews import Verdict
from store.views.articles import ArticleRow, article_by, articles
from store.views.changes import Wanted, changes
from store.views.feeds import FeedRow, feed_by, feeds
from store.views.listing import LIMIT_MAX, Cut, Listing
from store.views.telling import DeliveryRow, EndpointRow, deliveries, endpoints
from store.views.versions import VersionRow, kept, version_by, versions
from web.answers import Json, RefusalError
from web.article.difference import NoSuchVersionError, change_object, difference, difference_object, stripped_of
from web.desk import desk_of
from web.shapes import DiffOf, FactChange, Moment, Piece, TextOf

router = APIRouter(prefix="/api/v1")

Row = TypeVar("Row")
_ID_MAX = 2**63 - 1
Number = Annotated[int, Query(ge=1, le=_ID_MAX)]


def cut(
    cursor: Annotated[str, Query(pattern="^[0-9]{0,19}$", description="`next` of the piece before")] = "",
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="rows in this piece")] = 50,
) -> Cut:
    """Which piece of a list is asked for."""
    return Cut(cursor, limit)


Asked = Annotated[Cut, Depends(cut)]


def _piece(listing: Listing[Row]) -> dict[str, Any]:
    return {"items": list(listing.rows), "next": listing.next}


def _read(request: Request, query: Callable[[sa.Connection], Row]) -> Row:
    with reading(desk_of(request).engine) as connection:
        return query(connection)


def _found(row: Row | None, what: str) -> Row:
    if row is None:
        raise RefusalError(404, f"There is no such {what}.")
    return row


@router.get("/feeds", response_model=Piece[FeedRow])
def list_feeds(request: Request, asked: Asked) -> Any:
    """Feeds, the last one added first."""
    return Json(_piece(_read(request, lambda c: feeds(c, asked))))


@router.get("/feeds/{feed_id}", response_model=FeedRow)
def one_feed(request: Request, feed_id: int) -> Any:
    """One feed."""
    return Json(_found(_read(request, lambda c: feed_by(c, _id(feed_id))), "feed"))


@router.get("/articles", response_model=Piece[ArticleRow])
def list_articles(
    request: Request,
    asked: Asked,
    *,
    site: str = "",
    feed: Number | None = None,
    changed_since: Annotated[Moment | None, Query(description="a new text was first seen since then")] = None,
) -> Any:
    """Articles, the last one found first. With `changed_since` those whose text changed, whatever else was touched."""
    since = utc(changed_since)
    return Json(_piece(_read(request, lambda c: articles(c, asked, site=site, feed=feed, changed_since=since))))


@router.get("/articles/{article_id}", response_model=ArticleRow)
def one_article(request: Request, article_id: int) -> Any:
    """One article."""
    return Json(_found(_read(request, lambda c: article_by(c, _id(article_id))), "article"))


@router.get("/articles/{article_id}/diff", response_model=DiffOf)
def diff(
    request: Request,
    article_id: int,
    first: Annotated[int, Query(alias="from", ge=1)],
    last: Annotated[int, Query(alias="to", ge=1)],
) -> Any:
    """The words, edits and fact changes between two versions; `from` is the older one."""
    if first >= last:
        raise RefusalError(400, "`from` must be an earlier version than `to`.")
    try:
        found = _read(request, lambda c: difference(c, _id(article_id), _small(first), _small(last)))
    except NoSuchVersionError as missing:
        raise RefusalError(404, f"That article has no version {missing.number}.") from None
    return Json(difference_object(found))


@router.get("/articles/{article_id}/versions/{number}", response_model=TextOf)
def one_version(request: Request, article_id: int, number: int) -> Any:
    """One version with its text and what was stripped."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        found = _found(version_by(connection, _id(article_id), _small(number)), "version")
        text = kept(connection, found.id)
        stripped = [{"text": b.text, "path": b.path, "rule": b.rule} for b in stripped_of(text)]
        return {"version": found, "text": text.text, "stripped": stripped}

    return Json(_read(request, read))


@router.get("/versions", response_model=Piece[VersionRow])
def list_versions(request: Request, asked: Asked, article: Number | None = None) -> Any:
    """Versions without their texts, the last one stored first."""
    return Json(_piece(_read(request, lambda c: versions(c, asked, article=article))))


@router.get("/changes", response_model=Piece[FactChange])
def list_changes(
    request: Request,
    asked: Asked,
    *,
    article: Number | None = None,
    feed: Number | None = None,
    kind: Annotated[list[ChangeType] | None, Query(alias="type")] = None,
    min_severity: Severity | None = None,
    since: Moment | None = None,
    tag: Annotated[str, Query(max_length=100, description="of a feed that lists the article")] = "",
    verdict: Annotated[Verdict | Literal["none"] | None, Query(description="the last word; none = unreviewed")] = None,
) -> Any:
    """Fact changes, the last one stored first: each as in the webhook, where it was seen, the last word about it."""
    wanted = Wanted(article, feed, tuple(kind or ()), min_severity or "", utc(since), tag, verdict or "")
    found = _read(request, lambda c: changes(c, asked, wanted))
    objects = {"items": [change_object(row) for row in found.rows], "next": found.next}
    return Json(objects)


@router.get("/endpoints", response_model=Piece[EndpointRow])
def list_endpoints(request: Request, asked: Asked) -> Any:
    """Endpoints without their secrets."""
    return Json(_piece(_read(request, lambda c: endpoints(c, asked))))


@router.get("/deliveries", response_model=Piece[DeliveryRow])
def list_deliveries(
    request: Request,
    asked: Asked,
    state: Annotated[
        State | Literal["retrying"] | None, Query(description="retrying = owed, and failed so far")
    ] = None,
    endpoint: Number | None = None,
) -> Any:
    """Deliveries, the last one made first."""
    return Json(_piece(_read(request, lambda c: deliveries(c, asked, state=state or "", endpoint_id=endpoint))))


def _id(number: int) -> int:
    """An id that SQL can hold; any other is one that nothing has."""
    return number if 0 <= number <= _ID_MAX else 0


def _small(number: int) -> int:
    return number if 0 <= number < 2**31 else 0


def utc(moment: datetime | None) -> datetime | None:
    """Raises RefusalError 400 for a moment that has no UTC form (year 1 with an offset)."""
    try:
        return moment.astimezone(UTC) if moment else None
    except OverflowError:
        raise RefusalError(400, "That moment is out of range.") from None
