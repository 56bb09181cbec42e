"""Which blocks were sighted on which articles of a site, and what they add up to: the ground of site memory."""

import hashlib
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from store.engine import insert
from store.tables import article, memory, sighting

ARTICLES = 200
"""Memory is of the newest articles of a site that taught anything."""

_MOST_SWEPT = 5_000
"""Articles in one sweep."""


class Basis(NamedTuple):
    """Which articles a site's memory is made of, the newest first, and a digest that is equal exactly where they are
    and still show what they showed."""

    digest: str
    articles: tuple[int, ...]


def teach(
    connection: sa.Connection, site: str, article_id: int, rows: Sequence[tuple[str, str, bool]], now: datetime
) -> None:
    """What an article shows (fingerprint, DOM path, kept), in place of what it showed before. The caller holds the
    article's lock."""
    shown = {fingerprint: (path, bool(kept)) for fingerprint, path, kept in sorted(set(rows))}
    known = connection.execute(_of(sighting.c.article_id == article_id)).all()
    if {row.fingerprint: (row.path, row.kept) for row in known} == shown:
        return
    connection.execute(sighting.delete().where(sighting.c.article_id == article_id))
    values = [
        {"site": site, "article_id": article_id, "fingerprint": fingerprint, "path": path, "kept": kept}
        | {"first_at": now, "last_at": now}
        for fingerprint, (path, kept) in shown.items()
    ]
    if values:
        connection.execute(sighting.insert(), values)
    connection.execute(article.update().where(article.c.id == article_id).values(taught=article.c.taught + 1))


def _of(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sighting.c.fingerprint, sighting.c.path, sighting.c.kept, sighting.c.article_id).where(condition)


def basis(connection: sa.Connection, site: str) -> Basis:
    """What a site's memory is made of now."""
    query = (
        sa.select(article.c.id, article.c.taught)
        .where(article.c.site == site, article.c.taught > 0)
        .order_by(article.c.id.desc())
        .limit(ARTICLES)
    )
    found = [(row.id, row.taught) for row in connection.execute(query)]
    digest = hashlib.blake2b(repr(found).encode(), digest_size=16).hexdigest()
    return Basis(digest, tuple(article_id for article_id, _ in found))


def rows(connection: sa.Connection, articles: Sequence[int]) -> list[Any]:
    """Rows (fingerprint, path, kept, article_id) of these articles, in any order."""
    return list(connection.execute(_of(sighting.c.article_id.in_(articles))).all())


def learnt(connection: sa.Connection, site: str, digest: str) -> bytes | None:
    """What was learnt of a site on exactly this basis; None where it is older or was never kept."""
    kept = sa.select(memory.c.learnt).where(memory.c.site == site, memory.c.basis == digest)
    packed = connection.execute(kept).scalar()
    return zlib.decompress(packed) if packed is not None else None


def keep(connection: sa.Connection, site: str, digest: str, document: bytes, now: datetime) -> None:
    """Keeps what was learnt of a site. A basis that is older than another reader's is found out at the next reading,
    since its digest is not that of the articles."""
    values = {"basis": digest, "learnt": zlib.compress(document, 3), "at": now}
    statement = insert(connection, memory).values(site=site, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["site"], set_=values))


def forget(connection: sa.Connection) -> int:
    """Deletes what articles show that are no longer among the newest of their site; returns how many rows."""
    ranked = sa.select(
        article.c.id,
        sa.func.row_number().over(partition_by=article.c.site, order_by=article.c.id.desc()).label("rank"),
    ).where(article.c.taught > 0)
    aged = ranked.subquery()
    old = sa.select(aged.c.id).where(aged.c.rank > ARTICLES).order_by(aged.c.id).limit(_MOST_SWEPT)
    ids = list(connection.execute(old).scalars())
    if not ids:
        return 0
    gone = connection.execute(sighting.delete().where(sighting.c.article_id.in_(ids))).rowcount
    connection.execute(article.update().where(article.c.id.in_(ids)).values(taught=0))
    return gone


def restamps(connection: sa.Connection, site: str) -> bool:
    """Whether this site was seen to move its modified stamp over an equal text, so that the stamp says nothing."""
    moved = sa.exists().where(article.c.site == site, article.c.restamped > 0)
    return bool(connection.execute(sa.select(moved)).scalar())
