"""Looking now: a feed or an article that somebody asked for, and whether the look has been made and read."""

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from store.tables import alias, article, feed, outbox

Kind = Literal["feed", "article"]
_TABLES = {"feed": feed, "article": article}


def ask(connection: sa.Connection, kind: Kind, key: int, now: datetime) -> bool:
    """Makes it due at once; False for an unknown id, and for what is paused."""
    table = _TABLES[kind]
    due = table.update().where(table.c.id == key, sa.not_(table.c.paused)).values(asked_at=now, next_check_at=now)
    return connection.execute(due).rowcount == 1


def answered(connection: sa.Connection, kind: Kind, key: int, asked_at: datetime) -> bool:
    """Whether a look was made since *asked_at* and nothing that it brought is still to be read."""
    table = _TABLES[kind]
    looked = connection.execute(sa.select(table.c.last_checked_at).where(table.c.id == key)).scalar()
    if looked is None or looked < asked_at:
        return False
    owed = sa.and_(outbox.c.subject == f"{kind}:{key}", outbox.c.state == "owed")
    return connection.execute(sa.select(outbox.c.id).where(owed).limit(1)).first() is None


def named(connection: sa.Connection, written: str) -> tuple[Kind, int | None]:
    """What an id (an article's), ``feed:ID`` or a URL names; None for nothing that is known."""
    kind, _, rest = written.rpartition(":")
    if kind in ("feed", "article") and rest.isdecimal():
        return kind, _existing(connection, kind, int(rest))  # type: ignore[return-value]
    if written.isdecimal():
        return "article", _existing(connection, "article", int(written))
    found = connection.execute(sa.select(feed.c.id).where(feed.c.url == written)).scalar()
    if found is not None:
        return "feed", int(found)
    key = connection.execute(sa.select(alias.c.article_id).where(alias.c.key == f"url:{written}")).scalar()
    return "article", None if key is None else int(key)


def _existing(connection: sa.Connection, kind: str, key: int) -> int | None:
    table = _TABLES[kind]
    return connection.execute(sa.select(table.c.id).where(table.c.id == key)).scalar()


def outcome(connection: sa.Connection, kind: Kind, key: int, asked_at: datetime) -> dict[str, Any]:
    """What the looks since *asked_at* brought: status, the reason of a refusal (else empty), what came (``unchanged``,
    ``new``, ``read``, or what a new text waits for) and when the next look is due."""
    table = _TABLES[kind]
    columns = (table.c.last_status, table.c.last_reason, table.c.last_checked_at, table.c.next_check_at)
    row = connection.execute(sa.select(*columns).where(table.c.id == key)).one()
    looked = {"status": row.last_status, "reason": row.last_reason, "at": row.last_checked_at}
    came = "" if row.last_reason else _came(connection, kind, key, asked_at)
    return {"kind": kind, "id": key, **looked, "came": came, "next": row.next_check_at}


def _came(connection: sa.Connection, kind: Kind, key: int, asked_at: datetime) -> str:
    """What the reader made of it; nothing to read is as it was."""
    mine = sa.and_(outbox.c.subject == f"{kind}:{key}", outbox.c.kind.in_(("feed", "page")), outbox.c.state == "done")
    read = sa.select(outbox.c.reason).where(mine, outbox.c.created_at >= asked_at).order_by(outbox.c.id.desc())
    said = connection.execute(read.limit(1)).scalar()
    return "unchanged" if said in (None, "same") else str(said)
