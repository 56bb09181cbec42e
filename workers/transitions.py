"""What the poller found out without a text: a page that is gone or back, a feed that fails or recovers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from config.crash import crash_here
from config.settings import Settings
from ingest.schedule import FAILING_AFTER
from store import alerts, articles, feeds, versions
from store.articles import Known
from store.outbox import Work
from store.views.feeds import feed_by
from workers import bodies, identity
from workers.prepared import Nothing, Prepared
from workers.sites import Sites

SEVERITY = {"withdrawn": "high", "restored": "medium"}


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of state that is told, once: the outbox row is its cause."""

    work: Work
    type: str
    subject: str
    body: Mapping[str, Any]
    severity: str = ""
    outcome: str = "told"

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Tells it."""
        told = alerts.tell(
            connection,
            type=self.type,
            subject=self.subject,
            cause=f"outbox:{self.work.id}",
            severity=self.severity,
            engine=bodies.ENGINE,
            body=self.body,
            now=now,
        )
        crash_here("transition-told")
        return told is not None


def prepare(connection: sa.Connection, work: Work, settings: Settings, sites: Sites) -> Prepared:  # noqa: ARG001
    """Reads what the transition is about, as it is now."""
    if "article" in work.payload:
        return _of_article(connection, work, settings)
    return _of_feed(connection, work)


def _of_article(connection: sa.Connection, work: Work, settings: Settings) -> Prepared:
    article = articles.known(connection, work.payload["article"])
    if article is None or article.versions == 0:
        return Nothing(work)
    if identity.is_part(connection, article):
        return Nothing(work, "merged")
    to = work.payload["to"]
    body = article_body(connection, article, work.payload["reason"], settings)
    return Transition(work, f"article.{to}", f"article:{article.id}", body, SEVERITY[to])


def article_body(connection: sa.Connection, article: Known, reason: str, settings: Settings) -> dict[str, Any]:
    """What is told of an article that went or came back."""
    latest = versions.latest(connection, article.id)
    published = latest.published if latest else None
    tags = articles.tags(connection, article.id)
    late = versions.began_late(connection, article.id)
    return {
        "article": bodies.article_object(article, published, tags, late=late),
        "reason": reason,
        "last_version": article.versions,
        "links": bodies.links(settings.web_url, article.id, None),
    }


def _of_feed(connection: sa.Connection, work: Work) -> Prepared:
    found = feed_by(connection, work.payload["feed"])
    if found is None:
        return Nothing(work)
    subject = f"feed:{found.id}"
    if feeds.is_unread(connection, found.id):
        return Nothing(work, "never-read")  # perhaps no feed at all: `add` and `status` say why
    if work.payload["to"] == "recovered" and not alerts.was_told(connection, "feed.failing", subject):
        return Nothing(work, "never-told")  # it is read for the first time
    if work.payload["to"] == "recovered" and found.failures >= FAILING_AFTER:
        return Nothing(work, "not-recovered")  # it answered, and what came was read meanwhile: no feed
    body = {"feed": {"id": found.id, "url": found.url, "title": found.title}, "reason": work.payload["reason"]}
    return Transition(work, f"feed.{work.payload['to']}", subject, body)
