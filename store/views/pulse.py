"""Whether somebody looks: the little that stands on the page that people leave open."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store.tables import feed
from store.views.works import alive_roles


@dataclass(frozen=True, slots=True)
class Pulse:
    """How many pollers were seen lately, how many feeds are watched, and how many of them fail."""

    pollers: int
    feeds: int
    failing: int


def pulse(connection: sa.Connection, now: datetime) -> Pulse:
    """The pulse at *now*; cheap, unlike the state of everything."""
    pollers = sum(role.name == "poller" for role in alive_roles(connection, now))
    failing = sa.func.count().filter(feed.c.failures > 0)
    row = connection.execute(sa.select(sa.func.count(), failing).where(sa.not_(feed.c.paused))).one()
    return Pulse(pollers, int(row[0]), int(row[1]))
