"""Tells what follows from a page that was read: each alert in the transaction that gives rise to it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from config.settings import Settings
from ingest.model import Page
from store import alerts, articles, versions
from store.articles import Known
from workers import bodies
from workers.chronicle import Written
from workers.decide import New

DAY = timedelta(days=1)
FLIPS = 3
"""So many returns of an earlier text within a day are variants (an A/B test, a stale copy), told once."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells about one article, at *now*."""

    connection: sa.Connection
    article: Known
    settings: Settings
    now: datetime

    def version(self, page: Page, new: New, written: Written) -> bool:
        """Every alert that a version gives rise to; true when there was one."""
        cause, changes = f"version:{written.id}", written.changes
        severity = (new.comparison.severity or "") if new.comparison else ""
        body = self._body(page, new, written)
        told = self._send("article.version_created", cause, severity, body)
        held = self.article.held_until is not None and self.now < self.article.held_until <= self.now + DAY
        if written.returned and not held and self._varies():
            articles.note(self.connection, self.article.id, held_until=self.now + DAY)
            return self._send("article.variants", cause, "", body)
        flips = held and written.returned
        if flips or new.comparison is None or not new.comparison.factual:
            return told
        told = self._send("article.facts_changed", cause, severity, body) or told
        if any(change["type"] == "correction" for change in changes):
            told = self._send("article.corrected", cause, severity, body | {"covers": self._covered(changes)}) or told
        return told

    def marker(self, page: Page, snapshot_id: int | None) -> bool:
        """Follows the page's own marker; true when its going was told as ``article.settled``."""
        before = self.article.marker
        gone = page.marker == "none" and before in ("developing", "live", "removed")
        after = "removed" if gone else page.marker
        if after == before:
            return False
        articles.note(self.connection, self.article.id, marker=after)
        if after != "removed":
            return False
        changed = articles.known(self.connection, self.article.id)
        assert changed is not None
        body = {
            "article": bodies.article_object(changed, page.published, self._tags(), late=self._late()),
            "links": bodies.links(self.settings.web_url, changed.id, None),
        }
        return self._send("article.settled", f"snapshot:{snapshot_id}", "", body)

    def _send(self, kind: str, cause: str, severity: str, body: Mapping[str, Any]) -> bool:
        sent = alerts.tell(
            self.connection,
            type=kind,
            subject=f"article:{self.article.id}",
            cause=cause,
            severity=severity,
            engine=bodies.ENGINE,
            body=body,
            now=self.now,
        )
        return sent is not None

    def _body(self, page: Page, new: New, written: Written) -> dict[str, Any]:
        severity = new.comparison.severity if new.comparison else None
        return {
            "article": bodies.article_object(self.article, page.published, self._tags(), late=self._late()),
            "version": bodies.version_object(written.told),
            "severity": severity,
            "stealth": new.stealth,
            "disclosure": dict(new.disclosure),
            "changes": list(written.changes),
            "truncated": False,
            "links": bodies.links(self.settings.web_url, self.article.id, written.told),
        }

    def _tags(self) -> list[str]:
        return articles.tags(self.connection, self.article.id)

    def _late(self) -> bool:
        return versions.began_late(self.connection, self.article.id)

    def _varies(self) -> bool:
        return versions.returns_since(self.connection, self.article.id, self.now - DAY) >= FLIPS

    def _covered(self, changes: Sequence[Mapping[str, Any]]) -> list[str]:
        """The changes that a correction notice covers: those made with it, and earlier ones that it speaks of."""
        notice = " ".join(str(change["after"] or "") for change in changes if change["type"] == "correction")
        here = [str(change["id"]) for change in changes if change["type"] != "correction"]
        past = versions.past_changes(self.connection, self.article.id)
        return here + [str(row.id) for row in past if str(row.id) not in here and speaks_of(notice, row)]


def speaks_of(notice: str, row: Any) -> bool:
    """Whether a notice names the values of an earlier change, before and after, or the speaker of a quote that did."""
    values = [re.escape(value.casefold()) for value in (row.before, row.after) if value]
    said = notice.casefold()
    named = (re.search(rf"(?<!\w)(?<!\d[.,]){value}(?![.,]?\w)", said) for value in values)
    if row.type == "quote" and row.claimant_after:
        surname = row.claimant_after.split()[-1].casefold()
        return re.search(rf"\b{re.escape(surname)}\b", said) is not None
    return bool(values) and row.type != "correction" and all(named)
