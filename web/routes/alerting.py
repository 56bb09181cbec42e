"""The API of endpoints and deliveries: what a program changes, tests and sends again."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from store import endpoints
from store.backtest import backtest
from store.deliveries import Attempt, State, attempts
from store.endpoints import Endpoint
from store.engine import reading, writing
from store.replaying import Range
from store.ruling import rule_of
from store.views.telling import DeliveryRow, EndpointRow, delivery_by, endpoint_by
from web import ruling, tending
from web.answers import Json
from web.desk import desk_of
from web.ruling import Ruling
from web.shapes import BodyId, Refusal

CONFLICT: Any = {409: {"model": Refusal, "description": "Not in the state that it is in."}}
router = APIRouter(prefix="/api/v1")

_FOUR, _TWO, _THREE = "([A-Za-z0-9+/]{4})", "[A-Za-z0-9+/]{2}==", "[A-Za-z0-9+/]{3}="
_SECRET = f"^(whsec_({_FOUR}{{8,20}}({_TWO}|{_THREE})?|{_FOUR}{{21}}({_TWO})?))?$"  # base64 of 24 to 64 bytes
Id = Annotated[int, Path(ge=1, le=tending.ID_MAX)]


class Added(BaseModel):
    """An endpoint with its secret, shown this once."""

    endpoint: EndpointRow
    secret: str


class NewEndpoint(BaseModel):
    """An endpoint to add; without a secret it gets one, without a rule everything that is not opt-in."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(max_length=tending.URL_MAX, pattern="^https?://[^/ ]")
    secret: str = Field("", max_length=200, pattern=_SECRET)
    rule: Ruling = Field(default_factory=Ruling)


class NewSecret(BaseModel):
    """A secret of one's own; without it a new one is made."""

    model_config = ConfigDict(extra="forbid")

    secret: str = Field("", max_length=200, pattern=_SECRET)


class Owed(BaseModel):
    """A test that is owed: what comes of it stands at ``deliveries/ID``."""

    delivery: int
    alert_id: str


class Removed(BaseModel):
    """How many deliveries were cancelled with the endpoint."""

    id: int
    cancelled: int


class Told(BaseModel):
    """What a rule makes of one alert. *changes* are ids; *sent_at* is null for a digest, or where it is not told."""

    alert_id: str
    type: str
    severity: str
    title: str
    article_id: int | None
    version: int | None
    at: datetime
    told: bool
    reason: str
    sent_at: datetime | None
    changes: list[str]


class BackTest(BaseModel):
    """What a rule would have told, newest first: *told* of *of* alerts since then; *cut*: there were more."""

    since: datetime
    told: int
    of: int
    cut: bool
    alerts: list[Told]


class Sent(BaseModel):
    """A delivery with every attempt."""

    delivery: DeliveryRow
    attempts: list[Attempt]


class Again(BaseModel):
    """Which deliveries are sent again: without ids all that failed, else all between them, both ends included."""

    model_config = ConfigDict(extra="forbid")

    endpoint: BodyId | None = None
    first: BodyId | None = None
    last: BodyId | None = None


class Replayed(BaseModel):
    """The state that the delivery had."""

    id: int
    before: State


class Count(BaseModel):
    """How many deliveries are owed again."""

    replayed: int


@router.post("/endpoints", status_code=201, response_model=Added)
def add_endpoint(request: Request, new: NewEndpoint) -> Any:
    """Adds an endpoint; its secret is in this answer and nowhere else."""
    desk, rule = desk_of(request), ruling.read(new.rule.model_dump())
    with writing(desk.engine) as connection:
        made = tending.add(connection, new.url, new.secret, rule, desk.clock())
    return Json(_with_secret(request, made), status_code=201)


@router.get("/endpoints/{endpoint_id}", response_model=EndpointRow)
def one_endpoint(request: Request, endpoint_id: Id) -> Any:
    """One endpoint with its rule and its health."""
    return Json(_row(request, endpoint_id))


@router.put("/endpoints/{endpoint_id}/rule", response_model=EndpointRow)
def put_rule(request: Request, endpoint_id: Id, rule: Ruling) -> Any:
    """Tells it by another rule from now on; what is left out asks for nothing any more."""
    desk, wanted = desk_of(request), ruling.read(rule.model_dump())
    with writing(desk.engine) as connection:
        tending.existing(endpoints.set_rule(connection, endpoint_id, wanted, desk.clock()))
    return Json(_row(request, endpoint_id))


@router.post("/endpoints/{endpoint_id}/backtest", response_model=BackTest)
def try_rule(request: Request, endpoint_id: Id, rule: Ruling | None = None) -> Any:
    """What a rule, or the endpoint's own, would have told of the last 30 days' alerts; saves and sends nothing."""
    desk = desk_of(request)
    asked = ruling.read(rule.model_dump()) if rule else rule_of(_row(request, endpoint_id).rule)
    with reading(desk.engine) as connection:
        tending.existing(endpoints.get(connection, endpoint_id))
        return Json(ruling.tried_of(backtest(connection, asked, desk.clock())))


@router.post("/endpoints/{endpoint_id}/test", status_code=202, response_model=Owed, responses=CONFLICT)
def test_endpoint(request: Request, endpoint_id: Id) -> Any:
    """Owes an `endpoint.test`, which a deliverer sends the usual way, once."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        delivery_id, alert_id = tending.test(connection, endpoint_id, desk.clock())
    return Json({"delivery": delivery_id, "alert_id": alert_id}, status_code=202)


@router.post("/endpoints/{endpoint_id}/rotate", response_model=Added)
def rotate(request: Request, endpoint_id: Id, new: NewSecret | None = None) -> Any:
    """Signs with a new secret, which is in this answer and nowhere else, and with the old one beside it for a day."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        secret = tending.signing(new.secret if new else "")
        rotated = tending.existing(endpoints.rotate(connection, endpoint_id, secret, desk.clock()))
    return Json(_with_secret(request, rotated))


@router.post("/endpoints/{endpoint_id}/enable", response_model=EndpointRow)
def enable(request: Request, endpoint_id: Id) -> Any:
    """Sends to it again; what is still owed goes out at once."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        tending.existing(endpoints.enable(connection, endpoint_id, desk.clock()))
    return Json(_row(request, endpoint_id))


@router.post("/endpoints/{endpoint_id}/disable", response_model=EndpointRow)
def disable(request: Request, endpoint_id: Id) -> Any:
    """Sends nothing more to it; what is owed waits."""
    with writing(desk_of(request).engine) as connection:
        tending.existing(endpoints.disable(connection, endpoint_id, "operator"))
    return Json(_row(request, endpoint_id))


@router.delete("/endpoints/{endpoint_id}", response_model=Removed)
def remove(request: Request, endpoint_id: Id) -> Any:
    """Forgets it and its secrets and cancels what is owed; its deliveries stay in the list."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        cancelled = tending.existing(endpoints.remove(connection, endpoint_id, desk.clock()))
    return Json({"id": endpoint_id, "cancelled": cancelled})


@router.get("/deliveries/{delivery_id}", response_model=Sent)
def one_delivery(request: Request, delivery_id: Id) -> Any:
    """One delivery with every attempt and the head of each answer."""
    with reading(desk_of(request).engine) as connection:
        row = tending.existing(delivery_by(connection, delivery_id), "delivery")
        return Json({"delivery": row, "attempts": attempts(connection, [row.id])[row.id]})


@router.post("/deliveries/{delivery_id}/replay", response_model=Replayed, responses=CONFLICT)
def replay(request: Request, delivery_id: Id) -> Any:
    """Owes it again, id and bytes unchanged, with all its attempts before it."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        before = tending.replay(connection, delivery_id, desk.clock())
    return Json({"id": delivery_id, "before": before})


@router.post("/deliveries/replay", response_model=Count)
def replay_many(request: Request, again: Again) -> Any:
    """Owes again all that failed, or a range of ids, delivered ones included."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        replayed = Range(again.endpoint, again.first, again.last).replay(connection, desk.clock())
    return Json({"replayed": replayed})


def _row(request: Request, endpoint_id: int) -> EndpointRow:
    with reading(desk_of(request).engine) as connection:
        return tending.existing(endpoint_by(connection, endpoint_id))


def _with_secret(request: Request, known: Endpoint) -> dict[str, Any]:
    return {"endpoint": _row(request, known.id), "secret": known.secret}
