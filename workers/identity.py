"""Whether a page says that it is another article of the same site: ``rel=canonical``."""

from datetime import datetime

import sqlalchemy as sa

from ingest.model import Page
from ingest.urls import site_of
from store import articles
from store.articles import Known
from workers.entries import url_key


def merged(connection: sa.Connection, article: Known, page: Page, now: datetime) -> bool:
    """Names the article by its canonical URL. True when that is another article's name and this one, which has no
    version yet, became part of it. A front page as canonical is a mistake of the site and names nothing."""
    canonical = page.canonical
    if not canonical or site_of(canonical) != article.site or _is_front(canonical):
        return False
    key = url_key(canonical)
    # Named first, then asked whose name it is: of two readers at once the slower one waits for the faster one's answer.
    articles.name(connection, article.id, {key: "canonical"}, now)
    other = articles.by_keys(connection, [key]).get(key)
    if other is not None and other != article.id and article.versions == 0:
        articles.merge(connection, article.id, other)
        return True
    articles.note(connection, article.id, canonical=canonical)
    return False


def _is_front(url: str) -> bool:
    return not url.partition("://")[2].partition("/")[2].strip("/")
