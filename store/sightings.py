"""Which blocks were sighted on which articles of a site: the ground of site memory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.engine import insert
from store.tables import article, sighting

ARTICLES = 200
"""Memory is of the newest articles of a site, so that a redesign is forgotten in time."""

BLOCKS = 200
"""Of one article; a long one has a hundred, and a rotating place adds to them at every fetch."""


def add(
    connection: sa.Connection, site: str, article_id: int, rows: Sequence[tuple[str, str, bool]], now: datetime
) -> None:
    """Notes blocks (fingerprint, DOM path, kept); one seen on this article before only gets a new last sight, so the
    order of readers does not matter."""
    if not rows:
        return
    values = [
        {"site": site, "article_id": article_id, "fingerprint": fingerprint, "path": path, "kept": kept}
        | {"first_at": now, "last_at": now}
        for fingerprint, path, kept in sorted(set(rows))
    ]
    distinct = {row["fingerprint"]: row for row in values}
    statement = insert(connection, sighting).values(list(distinct.values()))
    conflict = ["site", "fingerprint", "article_id"]
    connection.execute(statement.on_conflict_do_update(index_elements=conflict, set_={"last_at": now}))


def of_site(connection: sa.Connection, site: str) -> list[Any]:
    """Rows (fingerprint, path, kept, article_id) of the newest articles of a site, in any order; of an article that
    shows something else at every fetch only what it showed last."""
    newest = (
        sa.select(article.c.id).where(article.c.site == site).order_by(article.c.id.desc()).limit(ARTICLES).subquery()
    )
    age = sa.func.row_number().over(
        partition_by=sighting.c.article_id, order_by=(sighting.c.last_at.desc(), sighting.c.id)
    )
    columns = (sighting.c.fingerprint, sighting.c.path, sighting.c.kept, sighting.c.article_id)
    aged = (
        sa.select(*columns, age.label("age"))
        .where(sighting.c.site == site, sighting.c.article_id.in_(sa.select(newest.c.id)))
        .subquery()
    )
    query = sa.select(aged.c.fingerprint, aged.c.path, aged.c.kept, aged.c.article_id).where(aged.c.age <= BLOCKS)
    return list(connection.execute(query).all())


def forget(connection: sa.Connection, before: datetime) -> int:
    """Deletes what was last sighted before then on an article that was read again since; returns how many rows. What
    an article showed when it was read last stays, however long ago that is."""
    later = sighting.alias()
    again = sa.exists().where(later.c.article_id == sighting.c.article_id, later.c.last_at >= before)
    return connection.execute(sighting.delete().where(sighting.c.last_at < before, again)).rowcount


def restamps(connection: sa.Connection, site: str) -> bool:
    """Whether this site was seen to move its modified stamp over an equal text, so that the stamp says nothing."""
    moved = sa.exists().where(article.c.site == site, article.c.restamped > 0)
    return bool(connection.execute(sa.select(moved)).scalar())
