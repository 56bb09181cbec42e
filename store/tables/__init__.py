"""Every table. A change goes here and into a migration of its own."""

from store.columns import metadata
from store.tables.deciding import merge, pin, review, saved_filter
from store.tables.history import edit, fact_change, memory, sighting, version
from store.tables.running import outbox, role, token
from store.tables.telling import alert, attempt, delivery, endpoint, gathered
from store.tables.trying import preview
from store.tables.watching import alias, article, entry, feed, host, look, snapshot

__all__ = [
    "alert",
    "alias",
    "article",
    "attempt",
    "delivery",
    "edit",
    "endpoint",
    "entry",
    "fact_change",
    "feed",
    "gathered",
    "host",
    "look",
    "memory",
    "merge",
    "metadata",
    "outbox",
    "pin",
    "preview",
    "review",
    "role",
    "saved_filter",
    "sighting",
    "snapshot",
    "token",
    "version",
]
