"""The web process as an application: doors around routes around reads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from config.clock import Clock
from config.settings import Settings
from web.asking import only_known
from web.description import Described
from web.desk import Desk, Place
from web.doors import Doors
from web.pages import STATIC
from web.refusals import TRANSLATED, on_refusal
from web.routes import (
    alert_api,
    alerting,
    api,
    article,
    article_api,
    atom,
    changes,
    deliveries,
    endpoints,
    feeding,
    feeds,
    filters,
    health,
    login,
    people,
    precision,
    reference,
    stream,
    triage,
    works,
)
from web.tail import Tail

DESK = (
    health,
    login,
    people,
    changes,
    triage,
    filters,
    precision,
    article,
    feeds,
    endpoints,
    deliveries,
    works,
    reference,
)
PROGRAMS = (stream, api, article_api, alert_api, alerting, feeding, atom)
ROUTERS = tuple(module.router for module in (*DESK, *PROGRAMS))
"""Every route that is served, beside the API's own description and the static files."""
PLACES = (
    Place("/changes", "Changes"),
    Place("/articles", "Articles"),
    Place("/feeds", "Feeds"),
    Place("/endpoints", "Endpoints"),
    Place("/deliveries", "Deliveries"),
    Place("/precision", "Precision"),
    Place("/works", "Status"),
)
"""The navigation; a page that is not served is not named."""


def app(engine: sa.Engine, settings: Settings, clock: Clock) -> FastAPI:
    """The application. *engine* is on a migrated database; *clock* gives the present moment."""
    tail = Tail(engine, clock)
    paths = {getattr(route, "path", "") for router in ROUTERS for route in router.routes}
    desk = Desk(engine, settings, clock, tail, tuple(place for place in PLACES if place.path in paths))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        tail.close()

    served = Described(
        title="Writethru",
        version="1",
        description="Which facts changed, in which article, and the evidence.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[Middleware(Doors, desk=desk)],
        exception_handlers=dict.fromkeys(TRANSLATED, on_refusal),
    )
    served.state.desk = desk
    for router in ROUTERS:
        asked = [Depends(only_known)] if router.prefix.startswith("/api/") else []
        served.include_router(router, dependencies=asked)
    served.mount("/static", StaticFiles(directory=STATIC), name="static")
    return served
