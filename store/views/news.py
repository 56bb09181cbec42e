"""What is new, as one list: fact changes by version, and pages that went or came back between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from store.views.changes import VersionChanges, Wanted, changes_by_version
from store.views.happenings import HAPPENINGS, HappeningRow, happenings
from store.views.listing import NOT_GIVEN, CursorError, Cut

News = VersionChanges | HappeningRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROS = re.compile("[0-9]{1,17}")
"""Until after the year 5000."""
_KEY = re.compile("[0-9A-Za-z-]{1,60}")


@dataclass(frozen=True, slots=True)
class Position:
    """How far a reader is in both: below *version* (empty: at its beginning), behind *place* (None: likewise)."""

    version: str = ""
    place: tuple[datetime, str] | None = None

    @classmethod
    def read(cls, cursor: str) -> "Position":
        """A cursor: a version's id, with the moment and the id of what befell a page where one was shown. Raises
        CursorError."""
        below, *place = cursor.split(".")
        version = "" if (number := Cut(below).before) is None else str(number)
        if not place:
            return cls(version)
        if len(place) != 2 or not _MICROS.fullmatch(place[0]) or not _KEY.fullmatch(place[1]):
            raise CursorError(NOT_GIVEN)
        return cls(version, (_EPOCH + timedelta(microseconds=int(place[0])), place[1]))

    @property
    def cursor(self) -> str:
        """The same as a cursor."""
        if self.place is None:
            return self.version
        return f"{self.version}.{(self.place[0] - _EPOCH) // timedelta(microseconds=1)}.{self.place[1]}"

    def after(self, shown: Sequence[News]) -> "Position":
        """The position behind the rows *shown*."""
        version, place = self.version, self.place
        for row in shown:
            if isinstance(row, HappeningRow):
                place = row.place
            else:
                version = str(row.version_id)
        return Position(version, place)


def news(connection: sa.Connection, at: Position, limit: int, wanted: Wanted) -> tuple[list[News], bool]:
    """The next *limit* rows, the last one told first, and whether there are more. Raises CursorError."""
    cut = Cut(at.version, limit)
    changed: list[VersionChanges] = []
    more = False
    if not wanted.types or any(each not in HAPPENINGS for each in wanted.types):
        listing = changes_by_version(connection, cut, wanted)
        changed, more = list(listing.rows), listing.next is not None
    befell = list(happenings(connection, wanted, limit + 1, at.place))
    rows: list[News] = []
    while len(rows) < limit and (changed or befell):
        later = not changed or (bool(befell) and befell[0].at > changed[0].rows[0].created_at)
        rows.append(befell.pop(0) if later else changed.pop(0))
    return rows, more or bool(changed or befell)
