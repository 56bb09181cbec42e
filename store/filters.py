"""Filters saved by name: questions to the list of changes that people ask again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.engine import insert
from store.tables import saved_filter as table

NAME_MAX = 60
"""Characters of a filter's name."""


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A question by name. *query* is what stands behind the ``?`` of the page that asks it."""

    id: int
    name: str
    query: str
    by: str
    at: datetime


def save_filter(connection: sa.Connection, name: str, query: str, *, by: str, now: datetime) -> SavedFilter:
    """Saves a question; one of the same name is replaced. Raises ValueError for a name that nobody could read."""
    if not name or len(name) > NAME_MAX or not name.isprintable() or name != name.strip():
        raise ValueError(f"a filter's name has 1 to {NAME_MAX} visible characters")
    row = {"name": name, "query": query, "by": by, "at": now}
    new = insert(connection, table).values(row).on_conflict_do_update(index_elements=["name"], set_=row)
    return _read(connection.execute(new.returning(table)).one())


def saved_filters(connection: sa.Connection) -> tuple[SavedFilter, ...]:
    """Every saved filter, by name."""
    return tuple(_read(row) for row in connection.execute(sa.select(table).order_by(table.c.name)))


def filter_named(connection: sa.Connection, name: str) -> SavedFilter | None:
    """The saved filter of this name."""
    row = connection.execute(sa.select(table).where(table.c.name == name)).first()
    return _read(row) if row else None


def remove_filter(connection: sa.Connection, filter_id: int) -> bool:
    """Forgets a filter; whether there was one."""
    return connection.execute(table.delete().where(table.c.id == filter_id)).rowcount > 0


def _read(row: Any) -> SavedFilter:
    return SavedFilter(**{name: getattr(row, name) for name in SavedFilter.__slots__})
