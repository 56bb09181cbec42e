"""What is due on a host, and what came of looking: one transaction a look, and nothing by who lost the host."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from config.crash import crash_here
from store import hosts, looks, outbox, snapshots
from store.hosts import Hold
from store.looks import Kind
from store.tables import article, feed

TABLES: Mapping[Kind, sa.Table] = {"feed": feed, "article": article}
WORK: Mapping[Kind, str] = {"feed": "feed", "article": "page"}


@dataclass(frozen=True, slots=True)
class Subject:
    """A feed or an article as the poller needs it. *pending*: a text waits to be seen once more; *since* is when the
    article last changed, or was first seen; *address* is where it is looked at since its link changed, if it did."""

    kind: Kind
    id: int
    url: str
    final_url: str
    etag: bytes | None
    last_modified: bytes | None
    unconditional_at: datetime | None
    next_check_at: datetime | None
    interval: float
    failures: int
    unchanged: int
    asked_at: datetime | None
    last_checked_at: datetime | None
    last_status: int
    last_reason: str
    snapshot_sha256: str
    since: datetime
    paused: bool = False
    marker: Literal["none", "developing", "live", "removed"] = "none"
    availability: str = "ok"
    versions: int = 0
    gone_since: datetime | None = None
    gone_reason: str = ""
    address: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look means, decided elsewhere. *columns* are the subject's, *host* its host's (never none); *came* is kept
    as a snapshot and read; *again*: the newest snapshot is read once more; *transition* is what is told of it."""

    look: str
    reason: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)
    host: Mapping[str, Any] = field(default_factory=dict)
    came: snapshots.Bytes | None = None
    again: bool = False
    transition: Mapping[str, Any] | None = None


class Stale(Exception):  # noqa: N818 - an outcome, not a fault
    """The host is held by somebody else now."""


_SHARED = (
    "id", "url", "final_url", "etag", "last_modified", "unconditional_at", "next_check_at", "interval", "failures",
    "unchanged", "asked_at", "last_checked_at", "last_status", "last_reason", "snapshot_sha256",
    "paused",
)  # fmt: skip
_ARTICLE = ("marker", "availability", "versions", "gone_since", "gone_reason", "address")


def _select(kind: Kind) -> sa.Select[Any]:
    table = TABLES[kind]
    columns: list[Any] = [table.c[name] for name in _SHARED]
    if kind == "feed":
        return sa.select(*columns, feed.c.created_at.label("since"))
    columns += [article.c[name] for name in _ARTICLE]
    since = sa.func.coalesce(article.c.last_changed_at, article.c.created_at, type_=article.c.created_at.type)
    return sa.select(*columns, since.label("since"), article.c.pending.is_not(None).label("pending"))


def _subject(kind: Kind, row: sa.Row[Any]) -> Subject:
    given = dict(row._mapping)
    given.pop("urgent", None)
    if "pending" in given:
        given["pending"] = bool(given["pending"])
    return Subject(kind=kind, **given)


def due(connection: sa.Connection, host_id: int, now: datetime, limit: int) -> list[Subject]:
    """What is due on one host: what somebody asked for or waits to be confirmed first, then what waits longest."""
    found: list[tuple[bool, Subject]] = []
    for kind, table in TABLES.items():
        chosen = (
            _select(kind)
            .add_columns(_urgent(table).label("urgent"))
            .where(table.c.host_id == host_id, table.c.next_check_at <= now, sa.not_(table.c.paused))
        )
        rows = connection.execute(chosen.order_by(~_urgent(table), table.c.next_check_at).limit(limit))
        found += [(row.urgent, _subject(kind, row)) for row in rows]
    found.sort(key=lambda each: (not each[0], each[1].next_check_at))
    return [subject for _, subject in found[:limit]]


def _urgent(table: sa.Table) -> sa.ColumnElement[bool]:
    asked = sa.and_(
        table.c.asked_at.is_not(None),
        sa.or_(table.c.last_checked_at.is_(None), table.c.asked_at > table.c.last_checked_at),
    )
    if table is feed:
        return asked
    gone = sa.and_(article.c.gone_since.is_not(None), article.c.availability != "withdrawn")
    return sa.or_(asked, article.c.pending.is_not(None), gone)


def is_wanted(connection: sa.Connection, subject: Subject) -> bool:
    """Whether a subject that was due is still there and was not paused meanwhile."""
    table = TABLES[subject.kind]
    wanted = sa.select(table.c.id).where(table.c.id == subject.id, sa.not_(table.c.paused))
    return connection.execute(wanted).first() is not None


def pause(connection: sa.Connection, kind: Kind, key: int) -> bool | None:
    """Looks at it no more until ``resume``; what was fetched already is still read. False where it was paused before,
    None where it is not known."""
    table = TABLES[kind]
    row = connection.execute(sa.select(table.c.paused).where(table.c.id == key).with_for_update(key_share=True)).first()
    if row is None or row.paused:
        return None if row is None else False
    stopped = {"paused": True} if kind == "feed" else {"paused": True, "next_check_at": None}
    connection.execute(table.update().where(table.c.id == key).values(stopped))
    return True


def resume(connection: sa.Connection, kind: Kind, key: int, now: datetime) -> bool | None:
    """Looks at it again, at once, though it was paused or its watch had ended. False where it is watched as it is,
    None where it is not known."""
    table = TABLES[kind]
    columns = [table.c.paused, *([article.c.watch] if kind == "article" else [])]
    row = connection.execute(sa.select(*columns).where(table.c.id == key).with_for_update(key_share=True)).first()
    if row is None or not (row.paused or (kind == "article" and row.watch == "ended")):
        return None if row is None else False
    watched = {"paused": False, "next_check_at": now}
    connection.execute(
        table.update().where(table.c.id == key).values(watched | ({"watch": "active"} if kind == "article" else {}))
    )
    return True


def subject_of(connection: sa.Connection, kind: Kind, key: int, *, lock: bool = False) -> Subject | None:
    """One feed or article; with *lock*, held until the end of the transaction."""
    chosen = _select(kind).where(TABLES[kind].c.id == key)
    row = connection.execute(chosen.with_for_update(key_share=True) if lock else chosen).first()
    return None if row is None else _subject(kind, row)


def record(
    connection: sa.Connection,
    hold: Hold,
    subject: Subject,
    began: datetime,
    now: datetime,
    decide: Callable[[Subject], Outcome],
) -> list[int]:
    """Writes down one look, all of it or nothing: look, snapshot, work owed, the subject's columns and its host's.
    *decide* is given the subject as it is now, since a reader may have changed it meanwhile. Returns the ids of the
    work owed. Raises Stale when the host is no longer held: then the transaction must not be committed."""
    current = subject_of(connection, subject.kind, subject.id, lock=True)
    outcome = decide(current or subject)
    if not hosts.note(connection, hold, **outcome.host):
        raise Stale
    if current is None:
        return []  # it was removed while it was looked at
    looks.note(connection, current.kind, current.id, now, outcome.look, outcome.reason)
    owed = _owe(connection, current, outcome, now)
    columns = dict(outcome.columns) | {"last_checked_at": began}
    if current.asked_at is not None and began < current.asked_at <= now:
        columns["next_check_at"] = now  # somebody asked while this look was under way: it does not count
    if current.paused:  # while this look was under way
        columns = {name: value for name, value in columns.items() if name not in ("next_check_at", "watch")}
    table = TABLES[current.kind]
    connection.execute(table.update().where(table.c.id == current.id).values(columns))
    crash_here("poll-before-commit")
    return owed


def _owe(connection: sa.Connection, current: Subject, outcome: Outcome, now: datetime) -> list[int]:
    name = f"{current.kind}:{current.id}"
    owed = []
    to_read = None
    if outcome.came is not None:
        to_read = snapshots.keep(connection, current.kind, current.id, outcome.came, now)
    elif outcome.again:
        to_read = snapshots.latest_id(connection, current.kind, current.id)
    if to_read is not None:
        owed.append(outbox.owe(connection, WORK[current.kind], subject=name, snapshot_id=to_read, now=now))
    if outcome.transition is not None:
        owed.append(outbox.owe(connection, "transition", subject=name, payload=outcome.transition, now=now))
    return owed
