"""Is it alive, is it ready, and what do its gauges say."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from starlette.responses import Response

from config.settings import Settings
from store.engine import reading
from store.migrate import is_current
from store.views.works import alive_roles
from web.answers import Json
from web.desk import Desk, desk_of
from web.metrics import exposition
from web.shapes import Alive, Ready, Refusal
from web.workers import workers_alive

router = APIRouter()
NOT_READY: Any = {503: {"model": Ready | Refusal, "description": "What is missing; or too many requests at once."}}
GAUGES: Any = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold before work gets done. *why* is empty when it does."""

    name: str
    why: str

    @property
    def holds(self) -> bool:
        """Whether it does."""
        return not self.why


def checks(desk: Desk) -> tuple[Check, ...]:
    """Database, queue and poller, each on its own, so that one fault does not hide another."""
    try:
        with reading(desk.engine) as connection:
            tables = "" if is_current(connection) else "its tables are not those of this version; run ./writethru up"
            polled = any(role.name == "poller" for role in alive_roles(connection, desk.clock()))
    except sa.exc.SQLAlchemyError:
        return (Check("database", "not reachable"), Check("queue", _queue(desk.settings)), Check("poller", "unknown"))
    poller = "" if polled else "no poller was seen lately"
    return (Check("database", tables), Check("queue", _queue(desk.settings)), Check("poller", poller))


def _queue(settings: Settings) -> str:
    return "" if workers_alive(settings) is not None else "not reachable"


@router.get("/livez", response_model=Alive, summary="The process answers")
async def livez() -> Response:
    """200 as long as this process runs."""
    return Json({"alive": True})


@router.get(
    "/readyz",
    response_model=Ready,
    responses=NOT_READY,
    summary="Database current, queue reachable, poller seen lately",
)
def readyz(request: Request) -> Response:
    """200 when work gets done, else 503 with what is missing."""
    found = checks(desk_of(request))
    ready = all(check.holds for check in found)
    body = {"ready": ready, "checks": {check.name: check.why or "ok" for check in found}}
    return Json(body, status_code=200 if ready else 503)


@router.get("/metrics", response_class=Response, responses=GAUGES, summary="Gauges for Prometheus")
def metrics(request: Request) -> Response:
    """Read from SQL at the time of asking."""
    desk = desk_of(request)
    body, media_type = exposition(desk.engine, desk.clock())
    return Response(body, media_type=media_type)
