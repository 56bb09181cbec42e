"""Fact changes as people and programs see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from facts.model import SEVERITIES, Change, Edit
from store.reviews import Review, Verdict, last_word, last_words
from store.tables import article, entry, fact_change, feed, review, version
from store.tables import edit as edit_table
from store.views.listing import Cut, Listing, cut_out, newest_first, shown_url


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A fact change, where it was seen, and the last word that was said about it. *headline* is that of its version,
    *article_title* the latest one."""

    id: int
    change: Change
    reverts: int | None
    article_id: int
    article_url: str
    article_title: str
    site: str
    headline: str
    version: int
    seen_old_at: datetime | None
    seen_at: datetime
    stealth: bool
    created_at: datetime
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which fact changes: empty fields ask for nothing. *least* is the lowest severity, *tag* that of a feed which
    lists the article, *verdict* the last word (``none`` = nobody has said one)."""

    article: int | None = None
    feed: int | None = None
    types: tuple[str, ...] = ()
    least: str = ""
    since: datetime | None = None
    tag: str = ""
    verdict: Verdict | Literal["none", ""] = ""
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """The fact changes of one version that were asked for: the loudest *rows*, and how many more there are."""

    version_id: int
    rows: tuple[ChangeRow, ...]
    more: int


_MANY_ARTICLES = 10_000

_PLACE = (
    article.c.url.label("article_url"),
    article.c.title.label("article_title"),
    article.c.site.label("site"),
    version.c.headline,
    version.c.number.label("version_number"),
    version.c.seen_old_at,
    version.c.seen_new_at,
    version.c.stealth,
)
_WORD = tuple(review.c[name].label(f"review_{name}") for name in Review.__slots__)
_QUERY = (
    sa.select(fact_change, *_PLACE, *_WORD)
    .join(version, version.c.id == fact_change.c.version_id)
    .join(article, article.c.id == fact_change.c.article_id)
    .outerjoin(review, last_word())
)
_SAME = [name for name in Change.__slots__ if name not in ("offset_before", "offset_after", "edit")]


def _span(offsets: Any, side: str) -> tuple[int, int] | None:
    found = (offsets or {}).get(side)
    return (int(found[0]), int(found[1])) if found else None


def _read(row: Any) -> ChangeRow:
    change = Change(
        **{name: getattr(row, name) for name in _SAME},
        offset_before=_span(row.offsets, "before"),
        offset_after=_span(row.offsets, "after"),
        edit=row.edit_ordinal,
    )
    return ChangeRow(
        id=row.id,
        change=change,
        reverts=row.reverts,
        article_id=row.article_id,
        article_url=shown_url(row.article_url),
        article_title=row.article_title,
        site=row.site,
        headline=row.headline,
        version=row.version_number,
        seen_old_at=row.seen_old_at,
        seen_at=row.seen_new_at,
        stealth=row.stealth,
        created_at=row.created_at,
        review=_word(row),
    )


def _word(row: Any) -> Review | None:
    if row.review_id is None:
        return None
    return Review(**{name: getattr(row, f"review_{name}") for name in Review.__slots__})


def _conditions(connection: sa.Connection, wanted: Wanted) -> Iterable[sa.ColumnElement[bool]]:
    if wanted.article is not None:
        yield fact_change.c.article_id == wanted.article
    if wanted.feed is not None:
        yield listed_by(connection, [wanted.feed], fact_change.c.article_id)
    if wanted.tag:
        yield listed_by(connection, tagged(connection, wanted.tag), fact_change.c.article_id)
    if wanted.ids:
        yield fact_change.c.id.in_(wanted.ids)
    if wanted.types:
        yield fact_change.c.type.in_(wanted.types)
    if wanted.least:
        yield _as_loud_as(wanted.least)
    if wanted.since is not None:
        yield fact_change.c.created_at >= wanted.since
    if wanted.verdict == "none":
        said = sa.select(review.c.id).where(review.c.change_id == fact_change.c.id)
        yield ~said.correlate(fact_change).exists()
    elif wanted.verdict:
        said = sa.select(review.c.change_id).where(review.c.verdict == wanted.verdict, review.c.id.in_(last_words()))
        yield fact_change.c.id.in_(said)


def _as_loud_as(least: str) -> sa.ColumnElement[bool]:
    """Said as what is too quiet: "in" would lead SQLite to the index of severities, away from the order asked for."""
    return fact_change.c.severity.not_in(SEVERITIES[: [str(each) for each in SEVERITIES].index(least)])


def listed_by(
    connection: sa.Connection, feeds: Sequence[int], article_id: sa.ColumnElement[int]
) -> sa.ColumnElement[bool]:
    """Whether one of the feeds listed the article. Few articles are gathered first; with many of them the newest rows
    are asked one by one, and soon enough have been found (100,000 articles, half of them listed: 250 ms against 10)."""
    of_these = entry.c.feed_id.in_(feeds)
    some = sa.select(sa.literal(1)).where(of_these).limit(_MANY_ARTICLES).subquery()
    if (connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0) < _MANY_ARTICLES:
        return article_id.in_(sa.select(entry.c.article_id).where(of_these))
    mine = sa.select(sa.literal(1)).where(entry.c.article_id == article_id, of_these)
    return mine.correlate_except(entry).limit(1).scalar_subquery() == 1


def tagged(connection: sa.Connection, tag: str) -> list[int]:
    """The feeds with this tag, whatever its case, as for a rule. Databases differ in what they can ask of JSON, and
    feeds are few."""
    rows = connection.execute(sa.select(feed.c.id, feed.c.tags).where(feed.c.tags.is_not(None)))
    return [row.id for row in rows if tag.casefold() in (each.casefold() for each in row.tags or ())]


def changes(connection: sa.Connection, cut: Cut, wanted: Wanted = Wanted()) -> Listing[ChangeRow]:
    """Fact changes, the last one stored first. Raises CursorError."""
    key, conditions = fact_change.c.id, list(_conditions(connection, replace(wanted, types=())))
    if not wanted.types:
        return newest_first(connection, _QUERY.where(*conditions), key, cut, _read)
    # The newest of each type by the index that has them in order; together they would all be sorted first.
    one = cut_out(sa.select(key).where(*conditions), key, cut)
    ids = [found for each in wanted.types for found in connection.scalars(one.where(fact_change.c.type == each))]
    return newest_first(connection, _QUERY.where(key.in_(ids)), key, cut, _read)


def changes_by_version(
    connection: sa.Connection, cut: Cut, wanted: Wanted = Wanted(), most: int = 4
) -> Listing[VersionChanges]:
    """Fact changes of one version together, the last version stored first, at most *most* of each. Raises
    CursorError."""
    conditions = list(_conditions(connection, wanted))
    key = fact_change.c.version_id
    told = sa.select(key).where(*conditions).group_by(key)
    listing = newest_first(connection, told, key, cut, lambda row: int(row.version_id))
    counted = sa.select(
        fact_change.c.id,
        sa.func.row_number().over(partition_by=key, order_by=fact_change.c.ordinal).label("place"),
        sa.func.count().over(partition_by=key).label("among"),
    )
    few = counted.where(key.in_(listing.rows), *conditions).subquery()
    query = _QUERY.add_columns(few.c.among).join(few, few.c.id == fact_change.c.id).where(few.c.place <= most)
    found: dict[int, list[Any]] = {version_id: [] for version_id in listing.rows}
    for row in connection.execute(query.order_by(fact_change.c.ordinal)):
        found[row.version_id].append(row)
    groups = (
        VersionChanges(version_id, tuple(map(_read, rows)), rows[0].among - len(rows))
        for version_id, rows in found.items()
    )
    return Listing(tuple(groups), listing.next)


def changes_between(
    connection: sa.Connection, article_id: int, first: int, last: int, limit: int | None = None
) -> tuple[ChangeRow, ...]:
    """The fact changes that took an article from version *first* to *last*, in order; the last *limit* of them."""
    inside = sa.and_(fact_change.c.article_id == article_id, version.c.number > first, version.c.number <= last)
    newest = _QUERY.where(inside).order_by(version.c.number.desc(), fact_change.c.ordinal.desc()).limit(limit)
    return tuple(_read(row) for row in connection.execute(newest))[::-1]


def changes_by_id(connection: sa.Connection, ids: Sequence[int]) -> tuple[ChangeRow, ...]:
    """These fact changes, by ascending id."""
    if not ids:
        return ()
    found = connection.execute(_QUERY.where(fact_change.c.id.in_(ids)).order_by(fact_change.c.id))
    return tuple(_read(row) for row in found)


def change_ids_after(connection: sa.Connection, after: int, limit: int) -> list[int]:
    """Ids of fact changes above *after*, ascending."""
    found = sa.select(fact_change.c.id).where(fact_change.c.id > after).order_by(fact_change.c.id).limit(limit)
    return list(connection.execute(found).scalars())


def last_change_id(connection: sa.Connection) -> int:
    """The highest id of a fact change, 0 when there is none."""
    return connection.scalar(sa.select(sa.func.max(fact_change.c.id))) or 0


def edits_of(connection: sa.Connection, version_id: int) -> tuple[Edit, ...]:
    """The edits that made this version of the one before, in the order of the text."""
    found = connection.execute(
        sa.select(edit_table).where(edit_table.c.version_id == version_id).order_by(edit_table.c.ordinal)
    )
    return tuple(Edit(row.action, row.intention, row.before, row.after, row.label) for row in found)
