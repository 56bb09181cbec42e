"""Values as the store's views give them, for tests of what pages make of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from facts.model import Change
from store.views.articles import ArticleRow
from store.views.changes import ChangeRow
from store.views.versions import VersionRow
from tests.parts.rows import TOLL

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def change(before: str | None, after: str | None, **values: Any) -> Change:
    """A toll that changes, unless told otherwise."""
    known = {name: value for name, value in TOLL.items() if name != "offsets"}
    op = "added" if before is None else "removed" if after is None else "updated"
    plain: dict[str, Any] = {"op": op, "before": before, "after": after, "value_before": None, "value_after": None}
    empty = {"claimant_before": None, "claimant_after": None, "offset_before": None, "offset_after": None, "edit": 0}
    return Change(**(known | plain | empty | values))


def row(version: int, changed: Change, key: int = 0) -> ChangeRow:
    """A fact change of a version."""
    at = NOW + timedelta(minutes=version)
    return ChangeRow(
        key or version, changed, None, 1, "https://a.example/", "t", "a.example", "t", version, at, at, False, at
    )


def version(number: int, **values: Any) -> VersionRow:
    """A version that brought nothing but new words."""
    at = NOW + timedelta(hours=number)
    known: dict[str, Any] = dict.fromkeys(VersionRow.__slots__, "")
    known |= {"id": number, "article_id": 1, "number": number, "seen_at": at, "seen_old_at": None, "same_text_as": None}
    known |= {"factual": False, "severity": None, "stealth": False, "late": False, "blind": [], "disclosure": None}
    return VersionRow(**(known | values))


def article(**values: Any) -> ArticleRow:
    """An article that is watched and well."""
    known: dict[str, Any] = dict.fromkeys(ArticleRow.__slots__, "")
    known |= {"id": 1, "state": "settled", "availability": "ok", "versions": 9, "failures": 0, "gone_since": None}
    return ArticleRow(**(known | {"last_checked_at": NOW + timedelta(days=2)} | values))
