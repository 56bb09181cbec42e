"""What people call the place that an article comes from."""

from collections.abc import Collection

import sqlalchemy as sa

from store.tables import article, entry, feed


def outlets(connection: sa.Connection, article_ids: Collection[int]) -> dict[int, str]:
    """Article → the title of the first feed that listed it, else its site."""
    sites = sa.select(article.c.id, article.c.site).where(article.c.id.in_(article_ids))
    named = {row.id: str(row.site) for row in connection.execute(sites)}
    listed = sa.select(entry.c.article_id, feed.c.title).join(feed, feed.c.id == entry.c.feed_id)
    titled = listed.where(entry.c.article_id.in_(article_ids), feed.c.title != "").order_by(feed.c.id.desc())
    return named | {row.article_id: row.title for row in connection.execute(titled)}
