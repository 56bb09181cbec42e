"""Roles that are alive: each process says so now and then, under a name of its own."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from store.engine import insert
from store.tables import role

POLLER = "poller"
EVERY = timedelta(seconds=5)
"""How often a role says that it lives."""
ALIVE = timedelta(seconds=20)
"""For so long it is believed."""
FORGOTTEN = timedelta(days=1)


def beat(connection: sa.Connection, owner: str, name: str, now: datetime) -> None:
    """Says that *owner*, a process in the role *name*, lives."""
    row = {"owner": owner, "name": name, "started_at": now, "seen_at": now}
    statement = insert(connection, role).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["owner"], set_={"seen_at": now}))


def alive(connection: sa.Connection, name: str, now: datetime) -> int:
    """How many processes in this role were seen lately."""
    lately = sa.and_(role.c.name == name, role.c.seen_at > now - ALIVE)
    return int(connection.execute(sa.select(sa.func.count()).select_from(role).where(lately)).scalar_one())


def leave(connection: sa.Connection, owner: str, now: datetime) -> None:
    """Forgets *owner*, who ends, and whoever was not seen for a day."""
    gone = sa.or_(role.c.owner == owner, role.c.seen_at < now - FORGOTTEN)
    connection.execute(role.delete().where(gone))
