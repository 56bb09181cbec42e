"""The works for people: what waits and how long, who is alive, what fails and why, looks planned against looks made."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request

from store import deliveries
from store.engine import reading
from store.hosts import Budget, budgets
from store.roles import EVERY
from store.views.feeds import failing_feeds
from store.views.works import works
from web.desk import desk_of
from web.deskpage import Page, served
from web.workers import workers_alive

router = APIRouter(include_in_schema=False)

_FEW = 20
SILENT = 2 * EVERY
"""A process that missed two heartbeats is said to be silent, before it counts as gone."""


@served(router, "/works")
def works_page(request: Request) -> Page:
    """The state of everything, read when it is asked for."""
    desk = desk_of(request)
    now = desk.clock()
    listening = workers_alive(desk.settings)
    delay = desk.settings.fetch.per_host_delay
    with reading(desk.engine) as connection:
        seen = works(connection, now)
        due, oldest = deliveries.depth(connection, now)
        told: dict[str, Any] = {
            "works": seen,
            "workers": listening,
            "deliveries": {"due": due, "oldest": oldest},
            "hosts": _hosts(connection, now, delay),
            "failing": failing_feeds(connection, _FEW),
        }
    return Page("works.html", "Status", told, {"silent": SILENT})


def _hosts(connection: sa.Connection, now: datetime, delay: timedelta) -> list[dict[str, Any]]:
    """The busiest hosts: looks an hour as planned, and as the pause between two requests lets through."""
    most = 3600 / delay.total_seconds() if delay else None
    return [_host(each, most) for each in budgets(connection, now, _FEW)]


def _host(each: Budget, most: float | None) -> dict[str, Any]:
    return {**asdict(each), "planned": round(each.planned, 1), "most": round(most, 1) if most else None}
