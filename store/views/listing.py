"""Lists in pieces: newest first, cut by id, so that a piece costs the same at the millionth row as at the first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import SplitResult, urlsplit, urlunsplit

import sqlalchemy as sa

Row = TypeVar("Row")

LIMIT_MAX = 200
"""Rows in one piece: what a page or an answer of the API may hold."""
_ID_MAX = 2**63 - 1
NOT_GIVEN = "the cursor is not one that a list gave out"


class CursorError(ValueError):
    """A cursor that no list gave out."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """A piece of a list. *next* is the cursor of the piece after it, None at the end."""

    rows: tuple[Row, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Cut:
    """Which piece: *cursor* as a list gave it out ("" = the first piece), at most *limit* rows."""

    cursor: str = ""
    limit: int = 50

    @property
    def before(self) -> int | None:
        """The id that every row must stay below. Raises CursorError."""
        if not self.cursor:
            return None
        if not (self.cursor.isascii() and self.cursor.isdigit() and len(self.cursor) < 20):
            raise CursorError(NOT_GIVEN)
        return min(int(self.cursor), _ID_MAX)

    @property
    def rows(self) -> int:
        """How many rows the piece holds at most: a sensible number, whatever was asked for."""
        return max(1, min(self.limit, LIMIT_MAX))


def cut_out(query: sa.Select[Any], key: sa.ColumnElement[int], cut: Cut) -> sa.Select[Any]:
    """As many rows of *query* by descending *key* as a piece needs, and one more. Raises CursorError."""
    if cut.before is not None:  # wider than a key that is a mere number
        query = query.where(key < sa.literal(cut.before, sa.BigInteger))
    return query.order_by(key.desc()).limit(cut.rows + 1)


def newest_first(
    connection: sa.Connection, query: sa.Select[Any], key: sa.ColumnElement[int], cut: Cut, read: Callable[[Any], Row]
) -> Listing[Row]:
    """One piece of *query* by descending *key*. Raises CursorError."""
    found = connection.execute(cut_out(query.add_columns(key.label("cut_key")), key, cut)).all()
    shown = found[: cut.rows]
    following = str(shown[-1].cut_key) if len(found) > cut.rows else None
    return Listing(tuple(read(row) for row in shown), following)


def whole(piece: Callable[[Cut], Listing[Row]], limit: int | None = None) -> Iterator[Row]:
    """Every row of a list, or the first *limit*, fetched piece by piece."""
    cut, given = Cut(limit=LIMIT_MAX), 0
    while True:
        listing = piece(cut)
        for row in listing.rows:
            if limit is not None and given >= limit:
                return
            given += 1
            yield row
        if listing.next is None:
            return
        cut = Cut(listing.next, LIMIT_MAX)


def shown_url(url: str) -> str:
    """The URL without user name and password."""
    if "@" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.rpartition("@")[2]
    bare = SplitResult(parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, parts.fragment)
    return urlunsplit(bare)
