"""What every route is handed: the store, the settings, the clock, the live tail, and who asks."""

from dataclasses import dataclass

import sqlalchemy as sa
from starlette.requests import HTTPConnection

from config.clock import Clock
from config.settings import Settings
from web.tail import Tail

NOBODY = "desk"
"""Who decides where no token says who it is."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, as the doors found out. *name* is that of the token, ``desk`` without one; *writes* is whether they may
    change something; *locked* is whether they came in by a token, so that there is a door to go out of."""

    name: str = NOBODY
    writes: bool = True
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation."""

    path: str
    name: str

    def holds(self, path: str) -> bool:
        """Whether the page at *path* belongs to it."""
        return path == self.path or path.startswith((f"{self.path}/", f"{self.path}."))


@dataclass(frozen=True, slots=True)
class Desk:
    """One web process."""

    engine: sa.Engine
    settings: Settings
    clock: Clock
    tail: Tail
    places: tuple[Place, ...] = ()


def desk_of(connection: HTTPConnection) -> Desk:
    """The desk that serves this request."""
    desk: Desk = connection.app.state.desk
    return desk


def visitor_of(connection: HTTPConnection) -> Visitor:
    """Who sent this request."""
    visitor: Visitor = connection.scope["state"]["visitor"]
    return visitor
