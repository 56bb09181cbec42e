"""Merges: two articles that turned out to be one, recorded so that each can be undone and is not made again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store import articles
from store.tables import alias, article, entry, merge

GONE = "same-as"
"""The reason of an article that became part of another, with the other's id behind it."""

_RESTORED = ("watch", "availability", "last_reason", "paused")
"""Columns that a merge changes in the article that goes, as they were, stand in the evidence."""


@dataclass(frozen=True, slots=True)
class Merge:
    """*gone_id* became part of *kept_id*. *reason* is by what they were recognised (``canonical``, ``final``,
    ``page``, ``by-hand``), *evidence* the figures and names that spoke for it and what it changed; *undone_at* is set
    once they were parted, and then the readers do not merge them again."""

    id: int
    kept_id: int
    gone_id: int
    reason: str
    evidence: Mapping[str, Any]
    at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str


_COLUMNS = [merge.c[name] for name in Merge.__dataclass_fields__]
_STANDS = merge.c.undone_at.is_(None)


def _read(row: Any) -> Merge:
    return Merge(**(dict(row._mapping) | {"evidence": row.evidence or {}}))


def make(
    connection: sa.Connection,
    *,
    kept: int,
    gone: int,
    reason: str,
    evidence: Mapping[str, Any],
    by: str,
    now: datetime,
) -> int:
    """Lets every name and entry of *gone* mean *kept*; returns the merge's id. *gone* keeps its versions, and is
    neither looked at nor read any more. Both must be locked, apart, and *gone* no part of another article yet."""
    was = connection.execute(sa.select(*(article.c[name] for name in _RESTORED)).where(article.c.id == gone)).one()
    moved = {
        "names": _moved(connection, alias.c.key, gone, kept),
        "entries": _moved(connection, entry.c.id, gone, kept),
        "was": dict(was._mapping),
    }
    ended = {"watch": "ended", "availability": "moved", "paused": True, "next_check_at": None}
    ended |= {"last_reason": f"{GONE}:{kept}", "pending": None}
    connection.execute(article.update().where(article.c.id == gone).values(ended))
    row = {"kept_id": kept, "gone_id": gone, "reason": reason, "evidence": {**evidence, **moved}, "by": by, "at": now}
    key = connection.execute(merge.insert().values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _moved(connection: sa.Connection, named: sa.Column[Any], gone: int, kept: int) -> list[Any]:
    table = named.table
    assert isinstance(table, sa.Table)
    mine = table.update().where(table.c.article_id == gone).values(article_id=kept).returning(named)
    return sorted(connection.execute(mine).scalars())


def undo(connection: sa.Connection, found: Merge, *, by: str, now: datetime) -> None:
    """Gives *gone* its names and entries back, whoever has them by now through *kept*, and looks at it at once, and at
    *kept* where it was looked at before. The pair is not merged again by readers."""
    heirs = [found.kept_id, *_heirs(connection, found.kept_id)]
    for table, named, moved in ((alias, alias.c.key, "names"), (entry, entry.c.id, "entries")):
        back = sa.and_(named.in_(found.evidence.get(moved, ())), table.c.article_id.in_(heirs))
        connection.execute(table.update().where(back).values(article_id=found.gone_id))
    was = dict(found.evidence.get("was") or {"watch": "active", "availability": "ok", "last_reason": ""})
    due = {"next_check_at": None if was.get("paused") or was.get("watch") == "ended" else now, "paused": False}
    connection.execute(article.update().where(article.c.id == found.gone_id).values(due | was))
    if "looked_at" in found.evidence:
        address, host_name = found.evidence["looked_at"]
        articles.look_at(connection, found.kept_id, address, host_name, now)
    connection.execute(merge.update().where(merge.c.id == found.id).values(undone_at=now, undone_by=by))


def _heirs(connection: sa.Connection, article_id: int) -> list[int]:
    """What the article became part of, and that of, and so on."""
    found: list[int] = []
    while (kept := kept_for(connection, article_id)) is not None and kept not in found:
        found.append(kept)
        article_id = kept
    return found


def both(connection: sa.Connection, one: int, other: int) -> tuple[articles.Known, articles.Known] | None:
    """Two articles, held until the end of the transaction; always taken in one order, so that two who merge the same
    pair the other way round wait for each other and not for ever. None where one is not known."""
    found = {key: articles.known(connection, key, lock=True) for key in sorted((one, other))}
    first, second = found[one], found[other]
    return None if first is None or second is None else (first, second)


def made_for(connection: sa.Connection, kept: int) -> int:
    """How many articles became part of this one and are so still."""
    parts = sa.select(sa.func.count()).select_from(merge).where(merge.c.kept_id == kept, _STANDS)
    return int(connection.execute(parts).scalar_one())


def part(
    connection: sa.Connection, *, kept: int, gone: int, reason: str, evidence: Mapping[str, Any], by: str, now: datetime
) -> None:
    """Records that two articles were taken for one by their names and are none, so that readers do not merge them."""
    row = {"kept_id": kept, "gone_id": gone, "reason": reason, "evidence": dict(evidence), "by": by, "at": now}
    connection.execute(merge.insert().values(row | {"undone_at": now, "undone_by": by}))


def kept_for(connection: sa.Connection, article_id: int) -> int | None:
    """The article that this one became part of."""
    found = connection.execute(sa.select(merge.c.kept_id).where(merge.c.gone_id == article_id, _STANDS)).scalar()
    return None if found is None else int(found)


def was_undone(connection: sa.Connection, one: int, other: int) -> bool:
    """Whether these two were merged or mistaken for each other before, and parted."""
    pair = sa.and_(merge.c.kept_id.in_((one, other)), merge.c.gone_id.in_((one, other)))
    return connection.execute(sa.select(merge.c.id).where(pair, ~_STANDS).limit(1)).first() is not None


def standing(connection: sa.Connection, article_id: int) -> list[Merge]:
    """The merges that an article takes part in now: the one by which it went, else those that it keeps, newest
    first."""
    part_of = sa.select(*_COLUMNS).where(_STANDS, sa.or_(merge.c.gone_id == article_id, merge.c.kept_id == article_id))
    found = [_read(row) for row in connection.execute(part_of.order_by(merge.c.id.desc()))]
    return [each for each in found if each.gone_id == article_id] or found


def merges(connection: sa.Connection) -> list[Merge]:
    """Every merge and every split, the newest first."""
    return [_read(row) for row in connection.execute(sa.select(*_COLUMNS).order_by(merge.c.id.desc()))]
