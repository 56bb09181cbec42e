"""What a person changes about a feed that is watched: its tags, and whether it is watched at all."""

from collections.abc import Sequence

import sqlalchemy as sa

from store.tables import feed


def set_tags(connection: sa.Connection, feed_id: int, tags: Sequence[str]) -> bool:
    """Gives a feed these tags and no others; False for an unknown id."""
    tagged = feed.update().where(feed.c.id == feed_id).values(tags=sorted({*tags}))
    return connection.execute(tagged).rowcount == 1


def remove(connection: sa.Connection, feed_id: int) -> bool:
    """Forgets a feed with its entries, looks and snapshots; False for an unknown id. Its articles stay watched."""
    return connection.execute(feed.delete().where(feed.c.id == feed_id)).rowcount == 1
