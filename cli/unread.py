"""How a verb says that a site cannot be read."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.views.unread import Unread


def words(site: "Unread") -> str:
    """``9 articles, 5 unreadable: consent``."""
    return f"{site.articles} articles, {site.unread} unreadable: {site.reason}"
