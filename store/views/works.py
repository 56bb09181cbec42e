"""How the works are: what is owed, what fails, who is alive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store import outbox as work
from store.roles import ALIVE
from store.states import feed_state
from store.tables import article, delivery, fact_change, feed, outbox, role, version


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A process that did its heartbeat lately."""

    name: str
    owner: str
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Lateness:
    """Looks that are due and not taken yet: how many, and since when the longest waits."""

    feeds: int
    articles: int
    oldest_due: datetime | None


@dataclass(frozen=True, slots=True)
class Works:
    """What the status page, `status` and the metrics show. *failing* counts feeds and articles by reason,
    none that was withdrawn: that is news and no fault."""

    feeds: Mapping[str, int]
    articles: int
    versions: int
    failing: Mapping[str, int]
    owed: int
    oldest_owed: datetime | None
    parked: int
    deliveries: Mapping[str, int]
    roles: tuple[RoleRow, ...]
    lateness: Lateness


def works(connection: sa.Connection, now: datetime) -> Works:
    """The state of everything at *now*."""
    owed, oldest = work.depth(connection, now)
    return Works(
        feeds=_feeds(connection),
        articles=_count(connection, article),
        versions=_count(connection, version),
        failing=_failing(connection),
        owed=owed,
        oldest_owed=oldest,
        parked=_count(connection, outbox, outbox.c.state == "parked"),
        deliveries=deliveries_by_state(connection),
        roles=alive_roles(connection, now),
        lateness=_lateness(connection, now),
    )


def _count(connection: sa.Connection, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(*conditions)).scalar_one())


def _feeds(connection: sa.Connection) -> Mapping[str, int]:
    looked = feed.c.last_checked_at.is_not(None)
    failed = feed.c.failures > 0
    counted = sa.select(feed.c.paused, failed.label("failed"), looked.label("looked"), sa.func.count().label("n"))
    states: dict[str, int] = {"ok": 0, "new": 0, "failing": 0, "paused": 0}
    for row in connection.execute(counted.group_by(feed.c.paused, failed, looked)):
        states[feed_state(paused=row.paused, failures=int(row.failed), looked=bool(row.looked))] += row.n
    return states


def _failing(connection: sa.Connection) -> Mapping[str, int]:
    reasons: dict[str, int] = {}
    active = sa.and_(article.c.failures > 0, article.c.watch != "ended", article.c.availability != "withdrawn")
    for table, condition in ((feed, sa.and_(feed.c.failures > 0, sa.not_(feed.c.paused))), (article, active)):
        counted = sa.select(table.c.last_reason, sa.func.count().label("n")).where(condition)
        for row in connection.execute(counted.group_by(table.c.last_reason)):
            reason = row.last_reason or "unknown"
            reasons[reason] = reasons.get(reason, 0) + row.n
    return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))


def deliveries_by_state(connection: sa.Connection) -> Mapping[str, int]:
    """How many deliveries are in each state."""
    counted = sa.select(delivery.c.state, sa.func.count()).group_by(delivery.c.state).order_by(delivery.c.state)
    return {str(state): int(n) for state, n in connection.execute(counted)}


def changes_by_kind(connection: sa.Connection) -> Mapping[tuple[str, str], int]:
    """How many fact changes there are of each (type, severity)."""
    kind = (fact_change.c.type, fact_change.c.severity)
    counted = sa.select(*kind, sa.func.count()).group_by(*kind)
    return {(str(type_), str(severity)): int(n) for type_, severity, n in connection.execute(counted)}


def alive_roles(connection: sa.Connection, now: datetime) -> tuple[RoleRow, ...]:
    """Every process that was seen lately, by name."""
    columns = [role.c[name] for name in RoleRow.__slots__]
    seen = sa.select(*columns).where(role.c.seen_at > now - ALIVE).order_by(role.c.name, role.c.owner)
    return tuple(RoleRow(**row._mapping) for row in connection.execute(seen))


def _lateness(connection: sa.Connection, now: datetime) -> Lateness:
    due = sa.and_(feed.c.next_check_at <= now, sa.not_(feed.c.paused))
    feeds, oldest_feed = connection.execute(
        sa.select(sa.func.count(), sa.func.min(feed.c.next_check_at)).where(due)
    ).one()
    waits = sa.select(sa.func.count(), sa.func.min(article.c.next_check_at)).where(article.c.next_check_at <= now)
    articles, oldest_article = connection.execute(waits).one()
    oldest = [moment for moment in (oldest_feed, oldest_article) if moment is not None]
    return Lateness(feeds, articles, min(oldest, default=None))
