"""Feeds as people and programs see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.states import FeedState, feed_state
from store.tables import feed as table
from store.views.listing import Cut, Listing, newest_first, shown_url


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed. *interval* is in seconds; *last_reason* is a code, empty when the last look went well; *warning* is one
    too, of what is odd and stops nothing."""

    id: int
    url: str
    title: str
    site: str
    state: FeedState
    tags: tuple[str, ...]
    failures: int
    last_status: int
    last_reason: str
    warning: str
    last_checked_at: datetime | None
    last_new_at: datetime | None
    next_check_at: datetime | None
    interval: float
    created_at: datetime


_COLUMNS = [table.c[name] for name in FeedRow.__slots__ if name != "state"] + [table.c.paused]


def _read(row: Any) -> FeedRow:
    looked = row.last_checked_at is not None
    known = {name: getattr(row, name) for name in FeedRow.__slots__ if name not in ("state", "tags", "url")}
    return FeedRow(
        **known,
        url=shown_url(row.url),
        tags=tuple(row.tags or ()),
        state=feed_state(paused=row.paused, failures=row.failures, looked=looked),
    )


def feeds(connection: sa.Connection, cut: Cut) -> Listing[FeedRow]:
    """Feeds, the last one added first. Raises CursorError."""
    return newest_first(connection, sa.select(*_COLUMNS), table.c.id, cut, _read)


def failing_feeds(connection: sa.Connection, limit: int) -> tuple[FeedRow, ...]:
    """The feeds that fail longest in a row."""
    failing = sa.select(*_COLUMNS).where(table.c.failures > 0, sa.not_(table.c.paused))
    found = connection.execute(failing.order_by(table.c.failures.desc(), table.c.id).limit(limit))
    return tuple(_read(row) for row in found)


def feed_by(connection: sa.Connection, feed_id: int) -> FeedRow | None:
    """One feed."""
    row = connection.execute(sa.select(*_COLUMNS).where(table.c.id == feed_id)).first()
    return _read(row) if row else None
