"""The API of what was told: every alert, whether an endpoint wanted it or not."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel

from store.engine import reading
from store.rules import TYPES
from store.views.listing import LIMIT_MAX, CursorError
from store.views.news import Position
from store.views.told import AlertRow, alert_by, alerts, with_deliveries
from web.answers import Json
from web.desk import desk_of
from web.routes.api import utc
from web.ruling import EventType
from web.shapes import Moment, Piece
from web.tending import existing

router = APIRouter(prefix="/api/v1/alerts")

_CURSOR = r"^(\.[0-9]{1,17}\.[0-9A-Za-z-]{1,60})?$"


class Whole(BaseModel):
    """An alert with the `data` of its webhook, never cut and without what differs by endpoint."""

    alert: AlertRow
    data: dict[str, Any]


@router.get("", response_model=Piece[AlertRow])
def list_alerts(
    request: Request,
    *,
    kind: Annotated[list[EventType] | None, Query(alias="type")] = None,
    since: Annotated[Moment | None, Query(description="told since then")] = None,
    cursor: Annotated[str, Query(pattern=_CURSOR, description="`next` of the piece before")] = "",
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="rows in this piece")] = 50,
) -> Any:
    """What was told, the last first, each with its deliveries and attempts; digests and tests are no alerts."""
    at = Position.read(cursor)
    if at.version:
        raise CursorError("the cursor is one of another list")
    with reading(desk_of(request).engine) as connection:
        found = alerts(connection, kind or TYPES, limit + 1, since=utc(since), before=at.place)
        shown = with_deliveries(connection, found[:limit])
    last = Position("", (shown[-1].created_at, shown[-1].id)).cursor if len(found) > limit else None
    return Json({"items": shown, "next": last})


@router.get("/{alert_id}", response_model=Whole)
def one_alert(request: Request, alert_id: Annotated[str, Path(max_length=60)]) -> Any:
    """One alert with all that it says, as it was when it was told."""
    with reading(desk_of(request).engine) as connection:
        row, body = existing(alert_by(connection, alert_id), "alert")
        return Json({"alert": with_deliveries(connection, [row])[0], "data": body})
