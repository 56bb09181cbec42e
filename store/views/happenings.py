"""What befell articles beside their texts: pages that went, and came back. Told once, so an alert is its record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from facts.model import SEVERITIES
from store.tables import alert, article
from store.views.changes import Wanted, listed_by, tagged
from store.views.listing import LIMIT_MAX, shown_url

HAPPENINGS = ("withdrawn", "restored")
"""What they are called in a list of changes; the alert's type has ``article.`` before it."""


@dataclass(frozen=True, slots=True)
class HappeningRow:
    """A page that is gone, or back, when that was told, and the page's answer."""

    id: str
    type: str
    severity: str
    at: datetime
    article_id: int
    article_url: str
    article_title: str
    site: str
    versions: int
    reason: str

    @property
    def place(self) -> tuple[datetime, str]:
        """Where it stands among the others, the newest first."""
        return self.at, self.id


def happenings(
    connection: sa.Connection, wanted: Wanted, limit: int, before: tuple[datetime, str] | None = None
) -> tuple[HappeningRow, ...]:
    """The last *limit* of those asked for, the newest first; those behind the place *before*. What asks for a verdict
    or for ids asks for fact changes alone."""
    types = [f"article.{each}" for each in HAPPENINGS if not wanted.types or each in wanted.types]
    if not types or wanted.verdict or wanted.ids:
        return ()
    conditions = list(_conditions(connection, wanted))
    if before is not None:
        at, key = before
        conditions.append(sa.or_(alert.c.created_at < at, sa.and_(alert.c.created_at == at, alert.c.id < key)))
    few = min(limit, LIMIT_MAX)
    found: list[HappeningRow] = []
    for each in types:  # one after the other: so the index of types and moments gives each in its order
        query = _QUERY.where(alert.c.type == each, *conditions)
        rows = connection.execute(query.order_by(alert.c.created_at.desc(), alert.c.id.desc()).limit(few))
        found += map(_read, rows)
    return tuple(sorted(found, key=lambda row: row.place, reverse=True)[:few])


_QUERY = sa.select(
    alert.c.id,
    alert.c.type,
    alert.c.severity,
    alert.c.created_at,
    alert.c.body,
    article.c.id.label("article_id"),
    article.c.url,
    article.c.title,
    article.c.site,
    article.c.versions,
).join(article, article.c.id == sa.cast(sa.func.substr(alert.c.subject, len("article:") + 1), sa.BigInteger))


def _conditions(connection: sa.Connection, wanted: Wanted) -> Iterable[sa.ColumnElement[bool]]:
    if wanted.article is not None:
        yield alert.c.subject == f"article:{wanted.article}"
    if wanted.feed is not None:
        yield listed_by(connection, [wanted.feed], article.c.id)
    if wanted.tag:
        yield listed_by(connection, tagged(connection, wanted.tag), article.c.id)
    if wanted.least:
        yield alert.c.severity.in_(SEVERITIES[[str(each) for each in SEVERITIES].index(wanted.least) :])
    if wanted.since is not None:
        yield alert.c.created_at >= wanted.since


def _read(row: Any) -> HappeningRow:
    return HappeningRow(
        id=row.id,
        type=row.type.removeprefix("article."),
        severity=row.severity,
        at=row.created_at,
        article_id=row.article_id,
        article_url=shown_url(row.url),
        article_title=row.title,
        site=row.site,
        versions=row.versions,
        reason=str((row.body or {}).get("reason") or ""),
    )
