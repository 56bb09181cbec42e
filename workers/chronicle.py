"""Writes a version with its edits and fact changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from facts.model import Change, Comparison
from facts.render import change_as_dict
from store import articles, looks, versions
from store.articles import Known
from store.snapshots import Kept
from store.versions import Draft
from workers import bodies
from workers.decide import New, Scene


@dataclass(frozen=True, slots=True)
class Written:
    """A version as it was written; *changes* are as the webhook has them, with the ids they got; *returned*: it brought
    back a text that another had replaced."""

    id: int
    told: bodies.Told
    changes: Sequence[Mapping[str, Any]]
    returned: bool


def write(connection: sa.Connection, article: Known, scene: Scene, new: New, kept: Kept) -> Written:
    """Writes the next version of the article. Raises IntegrityError where another writer was first."""
    latest = scene.latest
    since = article.same_at or (latest.seen_new_at if latest else None)
    seen_old, blind = looks.window(connection, article.id, since, new.seen_at) if since else (None, [])
    draft = _draft(article, scene, new, kept, {"seen_old_at": seen_old, "blind": blind})
    version_id = versions.write(connection, draft, latest)
    told = bodies.Told(
        number_from=latest.number if latest else None,
        number_to=draft.number,
        seen_old_at=seen_old,
        seen_new_at=new.seen_at,
        blind=blind,
        modified=draft.modified,
        sha256_before=latest.sha256 if latest else None,
        sha256=versions.sha256_of(draft.text),
        chain=versions.chain(latest.chain if latest else "", draft),
    )
    changes = _write_comparison(connection, article.id, version_id, new.comparison, kept.fetched_at)
    returned = new.same_text_as is not None and new.same_text_as < draft.number - 1
    return Written(version_id, told, changes, returned)


def follow(connection: sa.Connection, article: Known, scene: Scene, new: New, soon: timedelta, now: datetime) -> None:
    """What a new version means for its article: it is looked at again *soon*."""
    articles.note(
        connection,
        article.id,
        pending=dict(new.pending) if new.pending else None,
        slots=new.slots,
        stood=0,
        same_at=scene.seen_at,
        unchanged=0,
        interval=soon.total_seconds(),
        language=scene.page.language or article.language,
    )
    articles.look_by(connection, article.id, now + soon)


def _draft(article: Known, scene: Scene, new: New, kept: Kept, window: Mapping[str, Any]) -> Draft:
    latest, page, comparison = scene.latest, scene.page, new.comparison
    columns = {
        "same_text_as": new.same_text_as,
        "byline": page.byline,
        "language": page.language,
        "signals": {"notices": list(page.signals.notices), "stamp": page.signals.stamp, "zone": page.zone},
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
        columns = change_as_dict(change, id="")
        del columns["id"]
        place = {"version_id": version_id, "article_id": article_id, "ordinal": ordinal, "edit_ordinal": change.edit}
        row = {**columns, **place, "reverts": reverts, "created_at": now}
        change_id = versions.write_change(connection, row)
        told.append(change_as_dict(change, id=str(change_id), reverts=str(reverts) if reverts else None))
    return told


def reverted(change: Change, past: Sequence[Any]) -> int | None:
    """The latest earlier change of the same claim that this one takes back. *past* is newest first."""
    taken_back = (change.type, change.subject, change.after, change.before)
    return next((int(row.id) for row in past if (row.type, row.subject, row.before, row.after) == taken_back), None)
