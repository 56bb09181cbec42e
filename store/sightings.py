"""Which blocks were sighted on which articles of a site: the ground of site memory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.engine import insert
from store.tables import article, sighting

ARTICLES = 200
"""Memory is of the newest articles of a site, so that a redesign is forgotten in time."""


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
    """Rows (fingerprint, path, kept, article_id) of the newest articles of a site, ordered."""
    newest = (
        sa.select(article.c.id).where(article.c.site == site).order_by(article.c.id.desc()).limit(ARTICLES).subquery()
    )
    query = (
        sa.select(sighting.c.fingerprint, sighting.c.path, sighting.c.kept, sighting.c.article_id)
        .where(sighting.c.site == site, sighting.c.article_id.in_(sa.select(newest.c.id)))
        .order_by(sighting.c.article_id, sighting.c.id)
    )
    return list(connection.execute(query).all())


def restamps(connection: sa.Connection, site: str) -> bool:
    """Whether this site was seen to move its modified stamp over an equal text, so that the stamp says nothing."""
    moved = sa.exists().where(article.c.site == site, article.c.restamped > 0)
    return bool(connection.execute(sa.select(moved)).scalar())
