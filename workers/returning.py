"""A withdrawn article that can be read again. That its address answers is not enough: that may be a wall."""

from datetime import datetime

import sqlalchemy as sa

from config.settings import Settings
from store import alerts, articles
from store.articles import Known
from store.snapshots import Kept
from workers import bodies, transitions


def returned(connection: sa.Connection, article: Known, kept: Kept, settings: Settings, now: datetime) -> bool:
    """Brings a withdrawn article back whose text was read from *kept*; true when that was told. Bytes fetched before
    it was gone bring nothing back, however late they are read."""
    if article.availability != "withdrawn" or article.gone_since is None or kept.fetched_at < article.gone_since:
        return False
    articles.note(connection, article.id, availability="ok", gone_since=None, gone_reason="")
    back = articles.known(connection, article.id)
    if back is None or not back.versions:
        return False  # nobody was told that it went
    told = alerts.tell(
        connection,
        type="article.restored",
        subject=f"article:{back.id}",
        cause=f"snapshot:{kept.id}",
        severity=transitions.SEVERITY["restored"],
        engine=bodies.ENGINE,
        body=transitions.article_body(connection, back, article.gone_reason, settings),
        now=now,
    )
    return told is not None
