"""Writes a version with its edits and fact changes, and tells what follows from it, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from config.settings import Settings
from facts.model import Change, Comparison
from facts.render import change_as_dict
from store import alerts, articles, looks, versions
from store.articles import Known
from store.outbox import Work
from store.snapshots import Kept
from store.versions import Draft, Latest
from workers import bodies
from workers.decide import New, Scene

DAY = timedelta(days=1)
FLIPS = 3
"""So many returns of an earlier text within a day are variants (an A/B test, a stale copy), told once."""


def version(
    connection: sa.Connection,
    article: Known,
    scene: Scene,
    new: New,
    kept: Kept,
    settings: Settings,
    now: datetime,
) -> bool:
    """Writes the next version and tells of it; true when an alert was told."""
    latest, page = scene.latest, scene.page
    seen_old, blind = looks.window(connection, article.id, article.same_at, new.seen_at)
    draft = _draft(article, scene, new, kept, {"seen_old_at": seen_old, "blind": blind})
    version_id = versions.write(connection, draft, latest)
    changes = _write_comparison(connection, article.id, version_id, new.comparison, now)
    articles.note(
        connection,
        article.id,
        pending=None,
        slots=new.slots,
        same_at=scene.seen_at,
        unchanged=0,
        interval=settings.schedule.article_min.total_seconds(),
        language=page.language or article.language,
        availability="ok",
    )
    articles.look_by(connection, article.id, now + settings.schedule.article_min)
    told = bodies.Told(
        number_from=latest.number if latest else None,
        number_to=draft.number,
        seen_old_at=seen_old,
        seen_new_at=new.seen_at,
        blind=blind,
        modified=page.modified,
        sha256_before=latest.sha256 if latest else None,
        sha256=versions.sha256_of(new.text),
        chain=versions.chain(latest.chain if latest else "", draft),
    )
    teller = Teller(connection, article, scene, new, told, settings, now)
    return teller.tell(version_id, changes)


def _draft(article: Known, scene: Scene, new: New, kept: Kept, window: Mapping[str, Any]) -> Draft:
    latest, page, comparison = scene.latest, scene.page, new.comparison
    columns = {
        "same_text_as": new.same_text_as,
        "byline": page.byline,
        "language": page.language,
        "signals": {"notices": list(page.signals.notices), "stamp": page.signals.stamp},
        "extractor": page.extractor,
        "late": new.late,
        "factual": bool(comparison and comparison.factual),
        "severity": (comparison.severity or "") if comparison else "",
        "stealth": new.stealth,
        "disclosure": dict(new.disclosure) or None,
        "engine": bodies.ENGINE,
        **window,
    }
    return Draft(
        article_id=article.id,
        article_url=article.url,
        number=latest.number + 1 if latest else 1,
        fingerprint=new.fingerprint,
        headline=new.headline,
        text=new.text,
        published=page.published,
        modified=page.modified,
        seen_new_at=new.seen_at,
        snapshot_id=kept.id,
        snapshot_sha256=kept.sha256,
        blocks=new.blocks,
        columns=columns,
    )


def _write_comparison(
    connection: sa.Connection, article_id: int, version_id: int, comparison: Comparison | None, now: datetime
) -> list[dict[str, object]]:
    """Writes edits and fact changes; returns the changes as the webhook has them, with the ids they got."""
    if comparison is None:
        return []
    edits = [
        {"action": e.action, "intention": e.intention, "before": e.before, "after": e.after, "label": e.label}
        for e in comparison.edits
    ]
    versions.write_edits(connection, version_id, edits)
    past = versions.past_changes(connection, article_id)
    told = []
    for ordinal, change in enumerate(comparison.changes):
        reverts = reverted(change, past)
        columns = change_as_dict(change, id="", reverts=None)
        del columns["id"]
        place = {"version_id": version_id, "article_id": article_id, "ordinal": ordinal, "edit_ordinal": change.edit}
        row = {**columns, **place, "reverts": reverts, "created_at": now}
        change_id = versions.write_change(connection, row)
        told.append(change_as_dict(change, id=str(change_id), reverts=str(reverts) if reverts else None))
    return told


def reverted(change: Change, past: Sequence[Any]) -> int | None:
    """The latest earlier change of the same claim that this one takes back."""
    for row in past:
        if row.type != change.type or row.subject != change.subject:
            continue
        back = (row.before, row.after) == (change.after, change.before)
        return int(row.id) if back else None
    return None


@dataclass(frozen=True, slots=True)
class Teller:
    """What is told about one new version."""

    connection: sa.Connection
    article: Known
    scene: Scene
    new: New
    told: bodies.Told
    settings: Settings
    now: datetime

    def tell(self, version_id: int, changes: Sequence[Mapping[str, Any]]) -> bool:
        """Every alert that the version gives rise to; true when there was one."""
        cause = f"version:{version_id}"
        comparison = self.new.comparison
        severity = (comparison.severity or "") if comparison else ""
        body = self._body(changes, severity)
        told = self._send("article.version_created", cause, severity, body)
        held = self.article.held_until is not None and self.article.held_until > self.now
        if self._varies() and not held:
            articles.note(self.connection, self.article.id, held_until=self.now + DAY)
            return self._send("article.variants", cause, "", body)
        if held or comparison is None or not comparison.factual:
            return told
        told = self._send("article.facts_changed", cause, severity, body) or told
        if any(change["type"] == "correction" for change in changes):
            covers = {"covers": self._covered(changes)}
            told = self._send("article.corrected", cause, severity, {**body, **covers}) or told
        return told

    def _send(self, kind: str, cause: str, severity: str, body: Mapping[str, Any]) -> bool:
        subject = f"article:{self.article.id}"
        sent = alerts.tell(
            self.connection,
            type=kind,
            subject=subject,
            cause=cause,
            severity=severity,
            engine=bodies.ENGINE,
            body=body,
            now=self.now,
        )
        return sent is not None

    def _body(self, changes: Sequence[Mapping[str, Any]], severity: str) -> dict[str, Any]:
        tags = articles.tags(self.connection, self.article.id)
        page = self.scene.page
        return {
            "article": bodies.article_object(self.article, page.published, tags, late=self.new.late),
            "version": bodies.version_object(self.told),
            "severity": severity or None,
            "stealth": self.new.stealth,
            "disclosure": dict(self.new.disclosure),
            "changes": list(changes),
            "truncated": False,
            "links": bodies.links(self.settings.web_url, self.article.id, self.told),
        }

    def _varies(self) -> bool:
        if self.new.same_text_as is None:
            return False
        return versions.returns_since(self.connection, self.article.id, self.now - DAY) >= FLIPS

    def _covered(self, changes: Sequence[Mapping[str, Any]]) -> list[str]:
        """The changes that a correction notice covers: those made with it, and earlier ones that it speaks of."""
        notice = " ".join(str(change["after"] or "") for change in changes if change["type"] == "correction")
        here = [str(change["id"]) for change in changes if change["type"] != "correction"]
        past = versions.past_changes(self.connection, self.article.id)
        return here + [str(row.id) for row in past if str(row.id) not in here and _speaks_of(notice, row)]


def _speaks_of(notice: str, row: Any) -> bool:
    words = notice.casefold()
    values = [value.casefold() for value in (row.before, row.after) if value]
    return bool(values) and row.type != "correction" and all(f" {value}" in f" {words}" for value in values)


def marker(
    connection: sa.Connection, article: Known, scene: Scene, work: Work, settings: Settings, now: datetime
) -> bool:
    """Follows the page's own marker; true when its going was told as ``article.settled``."""
    shown, before = scene.page.marker, article.marker
    after = "removed" if shown == "none" and before in ("developing", "live", "removed") else shown
    if after == before:
        return False
    articles.note(connection, article.id, marker=after)
    if after != "removed":
        return False
    changed = articles.known(connection, article.id)
    assert changed is not None
    body = {
        "article": bodies.article_object(
            changed, scene.page.published, articles.tags(connection, article.id), late=False
        ),
        "links": bodies.links(settings.web_url, article.id, None),
    }
    told = alerts.tell(
        connection,
        type="article.settled",
        subject=f"article:{article.id}",
        cause=f"snapshot:{work.snapshot_id}",
        engine=bodies.ENGINE,
        body=body,
        now=now,
    )
    return told is not None
