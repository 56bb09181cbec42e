"""Looks: every visit to a feed or a page, run-length. What we saw, and when we were blind."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa

from store.tables import look

Kind = Literal["feed", "article"]

NEW, SAME, UNMODIFIED, FAILED = "200-new", "200-same", "304", "failed"
SHOWED_THE_LAST = (SAME, UNMODIFIED)


@dataclass(frozen=True, slots=True)
class Run:
    """*count* looks in a row that all ended alike."""

    from_at: datetime
    to_at: datetime
    count: int
    outcome: str
    reason: str


def _of(kind: Kind, key: int) -> sa.ColumnElement[bool]:
    return (look.c.feed_id if kind == "feed" else look.c.article_id) == key


def note(connection: sa.Connection, kind: Kind, key: int, at: datetime, outcome: str, reason: str = "") -> None:
    """Adds one look: to the latest run if it ended alike, else as a new one. New bytes are a run of their own each:
    what "the same" after them means depends on what they turn out to say."""
    last = connection.execute(_columns().where(_of(kind, key)).order_by(look.c.id.desc()).limit(1)).first()
    if last is not None and outcome != NEW and (last.outcome, last.reason) == (outcome, reason):
        longer = look.update().where(look.c.id == last.id)
        connection.execute(longer.values(to_at=max(at, last.to_at), count=last.n + 1))
        return
    row = {"feed_id": None, "article_id": None, f"{kind}_id": key, "from_at": at, "to_at": at, "outcome": outcome}
    connection.execute(look.insert().values(**row, count=1, reason=reason))


def refuse(connection: sa.Connection, kind: Kind, key: int, at: datetime, reason: str) -> int:
    """A look that brought new bytes at *at* turned out to be blind: a wall, no feed, an empty page. Rewrites it, and
    those that found the same bytes meanwhile; returns how many looks in a row have failed now."""
    news = _columns().where(_of(kind, key), look.c.outcome == NEW, look.c.from_at <= at, look.c.to_at >= at)
    run = connection.execute(news.order_by(look.c.id.desc()).limit(1)).first()
    since = _since(connection, kind, key, int(run.id)) if run is not None else []
    if len(since) > 1:
        blind = look.update().where(look.c.id.in_(since)).values(outcome=FAILED, reason=reason)
        connection.execute(blind)
        return failures(connection, kind, key)
    if run is not None:
        connection.execute(look.delete().where(look.c.id == run.id))
    note(connection, kind, key, at, FAILED, reason)
    return failures(connection, kind, key)


def _since(connection: sa.Connection, kind: Kind, key: int, news: int) -> list[int]:
    """The ids of a run of new bytes and of those after it that saw these very bytes."""
    found = [news]
    for row in connection.execute(_columns().where(_of(kind, key), look.c.id > news).order_by(look.c.id)):
        if row.outcome == NEW:
            break
        if row.outcome in SHOWED_THE_LAST:
            found.append(int(row.id))
    return found


def failures(connection: sa.Connection, kind: Kind, key: int) -> int:
    """How many of the latest looks failed in a row, whatever for."""
    total = 0
    for row in connection.execute(_columns().where(_of(kind, key)).order_by(look.c.id.desc()).limit(100)):
        if row.outcome != FAILED:
            break
        total += int(row.n)
    return total


def window(
    connection: sa.Connection, article_id: int, since: datetime, until: datetime
) -> tuple[datetime, list[dict[str, Any]]]:
    """The observation window of a text first seen at *until*, after the old one was read at *since*: the last look that
    still showed the old text, and the blind looks between, as JSON: ``from``, ``to``, ``count``, ``reason``."""
    seen, blind = min(since, until), []  # a clock that was set back must not turn the window round
    for run in runs(connection, "article", article_id, since, until):
        if run.outcome in SHOWED_THE_LAST:
            seen = max(seen, min(run.to_at, until))
        elif run.outcome == FAILED and run.from_at > since:
            blind.append(run)
        elif run.from_at > since and run.outcome == NEW:
            break  # from here on "the same" means bytes that were not the old text's
    return seen, [_blind(run) for run in blind if run.to_at > seen]


def runs(connection: sa.Connection, kind: Kind, key: int, since: datetime, until: datetime) -> list[Run]:
    """The runs that touch a span of time, oldest first."""
    touching = sa.and_(_of(kind, key), look.c.to_at >= since, look.c.from_at <= until)
    rows = connection.execute(_columns().where(touching).order_by(look.c.from_at, look.c.id))
    return [Run(row.from_at, row.to_at, row.n, row.outcome, row.reason) for row in rows]


def forget(connection: sa.Connection, before: datetime) -> int:
    """Deletes runs that ended before then; returns how many."""
    return connection.execute(look.delete().where(look.c.to_at < before)).rowcount


def _columns() -> sa.Select[Any]:
    return sa.select(look.c.id, look.c.from_at, look.c.to_at, look.c.count.label("n"), look.c.outcome, look.c.reason)


def _blind(run: Run) -> dict[str, Any]:
    return {"from": _stamp(run.from_at), "to": _stamp(run.to_at), "count": run.count, "reason": run.reason}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
