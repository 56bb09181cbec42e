"""Everything that is kept, as it leaves the house: rows one after the other, never all at once."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.snapshots import Kept
from store.tables import (
    alias,
    article,
    edit,
    entry,
    fact_change,
    feed,
    look,
    merge,
    review,
    snapshot,
    version,
)
from store.versions import unpack, unpack_text
from store.views.listing import shown_url

FORMAT = 1
"""The revision of the JSON lines; an import refuses one that it does not know."""

STREAM = 200
"""Rows fetched at a time."""

ARTICLE = (
    "url", "canonical", "final_url", "address", "site", "title", "language", "marker", "availability", "watch",
    "paused", "gone_since", "gone_reason", "last_reason", "last_changed_at", "created_at",
)  # fmt: skip
FEED = ("url", "title", "site", "tags", "paused", "created_at", "last_new_at")
ENTRY = ("guid", "link", "title", "published", "first_seen_at")
VERSION = (
    "number", "fingerprint", "same_text_as", "headline", "sha256", "byline", "published", "modified", "language",
    "signals", "extractor", "seen_old_at", "seen_new_at", "blind", "late", "factual", "severity", "stealth",
    "disclosure", "engine", "chain",
)  # fmt: skip
EDIT = ("ordinal", "action", "intention", "before", "after", "label")
CHANGE = tuple(column.name for column in fact_change.c if column.name not in ("version_id", "article_id"))
REVIEW = ("change_id", "verdict", "note", "by", "at")
LOOK = ("from_at", "to_at", "count", "outcome", "reason")
MERGE = ("kept_id", "gone_id", "reason", "evidence", "by", "at", "undone_at", "undone_by")
"""The columns that leave, a tuple a kind of line; no endpoint, no token and no secret is among them."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def lines(connection: sa.Connection, now: datetime, *, secrets: bool) -> Iterator[dict[str, Any]]:
    """Every feed, then every article with its entries, versions (each with edits, fact changes and reviews) and looks,
    then the merges: an object a line, its ``kind`` first. *secrets*: feeds keep the credentials in their URL."""
    yield {"kind": "writethru", "format": FORMAT, "at": now}
    for row in _streamed(connection, feed, FEED):
        yield {"kind": "feed", **row, "url": row["url"] if secrets else shown_url(row["url"])}
    for row in _streamed(connection, article, ("id", *ARTICLE)):
        yield {"kind": "article", **row, "names": _names(connection, row["id"])}
        yield from _of_article(connection, row["id"], secrets=secrets)
    for row in _streamed(connection, merge, MERGE):
        yield {"kind": "merge", **row}


def _streamed(
    connection: sa.Connection, table: sa.Table, columns: Iterable[str], *conditions: sa.ColumnElement[bool]
) -> Iterator[dict[str, Any]]:
    chosen = sa.select(*(table.c[name] for name in columns)).where(*conditions).order_by(table.c.id)
    for row in connection.execute(chosen.execution_options(yield_per=STREAM)):
        yield dict(row._mapping)


def _names(connection: sa.Connection, article_id: int) -> list[list[str]]:
    mine = sa.and_(alias.c.article_id == article_id, alias.c.kind != "import")
    named = sa.select(alias.c.key, alias.c.kind).where(mine).order_by(alias.c.id)
    return [[row.key, row.kind] for row in connection.execute(named)]


def _of_article(connection: sa.Connection, article_id: int, *, secrets: bool) -> Iterator[dict[str, Any]]:
    listed = sa.select(feed.c.url.label("feed"), *(entry.c[name] for name in ENTRY)).join(feed)
    for row in connection.execute(listed.where(entry.c.article_id == article_id).order_by(entry.c.id)):
        told = dict(row._mapping)
        yield {"kind": "entry", **told, "feed": told["feed"] if secrets else shown_url(told["feed"])}
    for row in connection.execute(_versions(article_id)):
        told = dict(row._mapping) | {"text": unpack_text(row.text), "blocks": unpack(row.blocks)}
        version_id = told.pop("id")
        yield {"kind": "version", **told}
        yield from _of_version(connection, version_id)
    for told in _streamed(connection, look, LOOK, look.c.article_id == article_id):
        yield {"kind": "look", **told}


def _versions(article_id: int) -> sa.Select[Any]:
    columns = [version.c[name] for name in ("id", *VERSION, "text", "blocks")]
    kept = (snapshot.c.sha256.label("snapshot_sha256"), snapshot.c.url.label("snapshot_url"))
    joined = sa.select(*columns, *kept).join(snapshot, snapshot.c.id == version.c.snapshot_id, isouter=True)
    ordered = joined.where(version.c.article_id == article_id).order_by(version.c.number)
    return ordered.execution_options(yield_per=STREAM)


def _of_version(connection: sa.Connection, version_id: int) -> Iterator[dict[str, Any]]:
    for row in _streamed(connection, edit, EDIT, edit.c.version_id == version_id):
        yield {"kind": "edit", **row}
    for row in _streamed(connection, fact_change, CHANGE, fact_change.c.version_id == version_id):
        yield {"kind": "fact_change", **row}
        for said in _streamed(connection, review, REVIEW, review.c.change_id == row["id"]):
            yield {"kind": "review", **said}


TABLE = (
    "id", "article_id", "url", "site", "title", "version", "seen_old_at", "seen_at", "type", "op", "subject", "before",
    "after", "direction", "claimant_before", "claimant_after", "modality", "position", "severity", "confidence", "rule",
    "stealth", "sentence_before", "sentence_after",
)  # fmt: skip
"""The columns of the table of fact changes, in order."""


def table(connection: sa.Connection) -> Iterator[tuple[Any, ...]]:
    """Every fact change as a row of ``TABLE``, the first one first; no cell begins as a formula does."""
    own = {name: fact_change.c[name] for name in TABLE if name in fact_change.c}
    place = {"url": article.c.url, "site": article.c.site, "title": article.c.title, "version": version.c.number}
    seen = {"seen_old_at": version.c.seen_old_at, "seen_at": version.c.seen_new_at, "stealth": version.c.stealth}
    columns = own | place | seen
    query = (
        sa.select(*(columns[name].label(name) for name in TABLE))
        .join_from(fact_change, version, version.c.id == fact_change.c.version_id)
        .join(article, article.c.id == fact_change.c.article_id)
        .order_by(fact_change.c.id)
    )
    for row in connection.execute(query.execution_options(yield_per=STREAM)):
        yield tuple(cell(shown_url(each) if name == "url" else each) for name, each in row._mapping.items())


def cell(written: Any) -> Any:
    """What stands in a cell. A spreadsheet would run what begins like a formula, also behind spaces: then an apostrophe
    goes before it, as OWASP advises."""
    if not isinstance(written, str):
        return "" if written is None else written
    return f"'{written}" if written.lstrip(" \n").startswith(_FORMULA) or written[:1] in _FORMULA else written


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A feed as a list of subscriptions has it."""

    url: str
    title: str
    tags: tuple[str, ...]


def subscribed(connection: sa.Connection, *, secrets: bool) -> Iterator[Subscribed]:
    """Every feed, the first one added first; those that turned out to be something else are left out."""
    watched = sa.not_(sa.and_(feed.c.paused, feed.c.last_reason.in_(("names-a-feed", "is-an-article"))))
    for row in _streamed(connection, feed, ("url", "title", "tags"), watched):
        url = row["url"] if secrets else shown_url(row["url"])
        yield Subscribed(url, row["title"], tuple(row["tags"] or ()))


def snapshots(connection: sa.Connection) -> Iterator[Kept]:
    """Every snapshot with its body, the first one first; what came by an import has none."""
    query = sa.select(snapshot).where(snapshot.c.status != 0).order_by(snapshot.c.id)
    for row in connection.execute(query.execution_options(yield_per=20)):
        yield _kept(row)


def _kept(row: Any) -> Kept:
    fields = {name: getattr(row, name) for name in Kept.__dataclass_fields__}
    return Kept(**(fields | {"headers": row.headers or {}, "body": zlib.decompress(row.body)}))
