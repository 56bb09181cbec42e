"""What every route is handed: the store, the settings, the clock, and the live tail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from starlette.requests import HTTPConnection

from config.settings import Settings
from web.tail import Tail

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Desk:
    """One web process."""

    engine: sa.Engine
    settings: Settings
    clock: Clock
    tail: Tail


def desk_of(connection: HTTPConnection) -> Desk:
    """The desk that serves this request."""
    desk: Desk = connection.app.state.desk
    return desk
