"""Versions as people and programs see them."""

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.tables import version as table
from store.versions import unpack_text
from store.views.listing import Cut, Listing, newest_first


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version without its text. *seen_at* is the first look that showed it, *seen_old_at* the last that showed the
    one before; *severity* is None when no fact changed."""

    id: int
    article_id: int
    number: int
    seen_at: datetime
    seen_old_at: datetime | None
    headline: str
    byline: str
    language: str
    published: datetime | None
    modified: datetime | None
    sha256: str
    chain: str
    same_text_as: int | None
    factual: bool
    severity: str | None
    stealth: bool
    late: bool
    disclosure: Any
    signals: Any
    blind: Any
    extractor: str
    engine: str
    snapshot_id: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a version keeps of its page: the text, one paragraph a line, and every block as the reader wrote it (JSON,
    which ``ingest.blocks`` reads)."""

    text: str
    blocks: bytes


_SAME = [name for name in VersionRow.__slots__ if name not in ("seen_at", "severity")]
_COLUMNS = [table.c[name] for name in (*_SAME, "seen_new_at", "severity")]


def _read(row: Any) -> VersionRow:
    known = {name: getattr(row, name) for name in _SAME}
    return VersionRow(**known, seen_at=row.seen_new_at, severity=row.severity or None)


def versions(connection: sa.Connection, cut: Cut, *, article: int | None = None) -> Listing[VersionRow]:
    """Versions of all articles or of one, the last one stored first. Raises CursorError."""
    query = sa.select(*_COLUMNS)
    if article is None:
        return newest_first(connection, query, table.c.id, cut, _read)
    return newest_first(connection, query.where(table.c.article_id == article), table.c.number, cut, _read)


def version_by(connection: sa.Connection, article_id: int, number: int) -> VersionRow | None:
    """One version."""
    named = sa.and_(table.c.article_id == article_id, table.c.number == number)
    row = connection.execute(sa.select(*_COLUMNS).where(named)).first()
    return _read(row) if row else None


def kept(connection: sa.Connection, version_id: int) -> Kept:
    """A version's text and blocks. Raises NoResultFound for an unknown id."""
    row = connection.execute(sa.select(table.c.text, table.c.blocks).where(table.c.id == version_id)).one()
    return Kept(unpack_text(row.text), zlib.decompress(row.blocks))
