"""Deliveries for people: each alert's way to each endpoint, every attempt, and sending again."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from store.deliveries import Attempt, attempts
from store.engine import reading, writing
from store.replaying import Range
from store.views.listing import Cut
from store.views.telling import DeliveryRow, deliveries, delivery_by, endpoint_names, titles
from web import tending
from web.answers import RefusalError
from web.desk import desk_of
from web.deskpage import Page, served
from web.forms import Form, Posted, back

router = APIRouter(include_in_schema=False)

MANY = 50
CHOICES = 60
"""Endpoints to choose from, the last ones added."""
HEAD = 300
"""Characters of an answer that a list shows of its last attempt; the delivery's own page shows all that was kept."""
STATES = ("owed", "retrying", "failed", "delivered", "cancelled")
Cursor = Annotated[str, Query(max_length=40)]
State = Literal["owed", "retrying", "failed", "delivered", "cancelled", ""]


@served(router, "/deliveries")
def deliveries_page(
    request: Request,
    cursor: Cursor = "",
    state: State = "",
    endpoint: Annotated[int | None, Query(ge=1, le=tending.ID_MAX)] = None,
) -> Page:
    """Every delivery, the last one made first; in one state, to one endpoint."""
    with reading(desk_of(request).engine) as connection:
        found = deliveries(connection, Cut(cursor, MANY), state=state, endpoint_id=endpoint)
        told = {"deliveries": _with_attempts(connection, found.rows), "next": found.next}
        named = titles(connection, [row.subject for row in found.rows])
        known = endpoint_names(connection, CHOICES, endpoint)
        beside = {"states": STATES, "titles": named, "endpoints": known, "head": HEAD}
    return Page("deliveries.html", "Deliveries", {**told, "state": state, "endpoint": endpoint}, beside)


@served(router, "/deliveries/{delivery_id}")
def delivery_page(request: Request, delivery_id: int) -> Page:
    """One delivery with every attempt and what was answered."""
    with reading(desk_of(request).engine) as connection:
        row = tending.existing(delivery_by(connection, tending.sql_id(delivery_id)), "delivery")
        [found] = _with_attempts(connection, [row])
        beside = {"titles": titles(connection, [row.subject])}
    return Page("delivery.html", f"Delivery {row.id}", found, beside)


@router.post("/deliveries/{delivery_id}/replay")
def replay(request: Request, delivery_id: int, form: Posted) -> Response:
    """Owes one again, id and bytes unchanged."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        tending.replay(connection, tending.sql_id(delivery_id), desk.clock())
    return back(form, f"/deliveries/{delivery_id}")


@router.post("/deliveries/replay")
def replay_many(request: Request, form: Posted) -> Response:
    """Owes again all that failed, or a range of ids; to one endpoint where the form says so."""
    desk = desk_of(request)
    wanted = Range(_number(form, "endpoint"), _number(form, "first"), _number(form, "last"))
    if form.text("what") == "range" and (wanted.first is None or wanted.last is None):
        raise RefusalError(400, "A range has two ends: the ids of its first and its last delivery.")
    with writing(desk.engine) as connection:
        wanted.replay(connection, desk.clock())
    return back(form, "/deliveries")


def _with_attempts(connection: sa.Connection, rows: Sequence[DeliveryRow]) -> list[dict[str, Any]]:
    made: dict[int, list[Attempt]] = attempts(connection, [row.id for row in rows])
    return [{"delivery": row, "attempts": made[row.id]} for row in rows]


def _number(form: Form, name: str) -> int | None:
    """A field that holds an id. Raises RefusalError 400 for anything else."""
    written = form.text(name, 20)
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and int(written) <= tending.ID_MAX):
        raise RefusalError(400, f"The field {name} is no id.")
    return int(written)
