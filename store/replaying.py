"""Deliveries sent again, many at once: everything that failed, or a range of ids."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store.tables import delivery, endpoint


@dataclass(frozen=True, slots=True)
class Range:
    """Which deliveries: those that failed, or with *first* and *last* all from one id to another; to one endpoint where
    *endpoint_id* says so."""

    endpoint_id: int | None = None
    first: int | None = None
    last: int | None = None

    @property
    def _which(self) -> sa.ColumnElement[bool]:
        ends = [delivery.c.id >= self.first] if self.first is not None else []
        ends += [delivery.c.id <= self.last] if self.last is not None else []
        states = ("failed",) if not ends else ("failed", "delivered")
        mine = [delivery.c.endpoint_id == self.endpoint_id] if self.endpoint_id is not None else []
        return sa.and_(delivery.c.state.in_(states), *ends, *mine)

    def replay(self, connection: sa.Connection, now: datetime) -> int:
        """Owes them again, ids and bytes unchanged, with all their attempts before them; returns how many. What is owed
        already, or whose endpoint was removed, is left as it is."""
        live = sa.select(endpoint.c.id).where(endpoint.c.removed_at.is_(None), delivery.c.endpoint_id == endpoint.c.id)
        chosen = sa.select(delivery.c.endpoint_id).where(self._which, live.exists()).distinct()
        # Endpoints first and in order, as everywhere: two transactions that lock in two orders wait for each other.
        ids = sorted(connection.scalars(chosen))
        opened = sa.case((endpoint.c.not_before > now, now), else_=endpoint.c.not_before)
        for each in ids:
            mine = endpoint.update().where(endpoint.c.id == each)
            connection.execute(mine.values(not_before=opened, rung_at=None))
        again = {"state": "owed", "attempts": 0, "next_at": now, "done_at": None}
        owed = delivery.update().where(self._which, delivery.c.endpoint_id.in_(ids)).values(again)
        return connection.execute(owed).rowcount
