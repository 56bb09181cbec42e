"""A word about a fact change, and where it was wrong, the retraction to everybody who was told.

A retraction goes to the endpoints that the change was owed to and that still take retractions, once a change; a later
word does not take it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from config.settings import Settings
from store import alerts, articles, endpoints, versions
from store.retractions import Carrier, Reviewed, carriers, cause, receivers, reviewed
from store.reviews import Review, Verdict, review
from store.rules import Event, tells
from workers import bodies

Retraction = Literal["not asked", "sent", "sent before", "nobody was told"]


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a word. *alert_id* is that of the retraction, where this word sent one."""

    review: Review
    retraction: Retraction = "not asked"
    alert_id: str | None = None


def say(
    connection: sa.Connection,
    settings: Settings,
    change_id: int,
    verdict: Verdict,
    *,
    note: str = "",
    by: str,
    retract: bool = False,
    now: datetime,
) -> Said | None:
    """Writes a word down and, with *retract*, owes the retraction in the same transaction. None where there is no such
    change. Raises ValueError for another verdict, a long note, or a retraction of what is not called wrong."""
    if retract and verdict != "wrong":
        raise ValueError("only what is wrong can be retracted")
    said = review(connection, change_id, verdict, note=note, by=by, now=now)
    if said is None:
        return None
    found = reviewed(connection, change_id) if retract else None
    return _retract(connection, settings, found, said, now) if found else Said(said)


def _retract(connection: sa.Connection, settings: Settings, found: Reviewed, said: Review, now: datetime) -> Said:
    told = carriers(connection, found.article_id, found.version_id)
    told_before = receivers(connection, [each.id for each in told])
    listening = endpoints.listening(connection, also=told_before)
    among = [each for each, rule in listening if each in told_before and tells(rule, Event("alert.retracted")).told]
    if not among:
        return Said(said, "nobody was told")
    alert_id = alerts.tell(
        connection,
        type="alert.retracted",
        subject=f"article:{found.article_id}",
        cause=cause(found.change_id),
        severity=found.severity,
        engine=bodies.ENGINE,
        body=_body(connection, settings, found, said, told),
        now=now,
        among=among,
    )
    return Said(said, "sent" if alert_id else "sent before", alert_id)


def _body(
    connection: sa.Connection, settings: Settings, found: Reviewed, said: Review, told: Sequence[Carrier]
) -> dict[str, Any]:
    article = articles.known(connection, found.article_id)
    assert article is not None  # its change is here
    late = versions.began_late(connection, article.id)
    tags = articles.tags(connection, article.id)
    version = bodies.Told(
        number_from=found.number - 1,
        number_to=found.number,
        seen_old_at=found.seen_old_at,
        seen_new_at=found.seen_new_at,
        blind=found.blind or [],
        modified=found.modified,
        sha256_before=found.sha256_before,
        sha256=found.sha256,
        chain=found.chain,
    )
    return {
        "article": bodies.article_object(article, found.published, tags, late=late),
        "version": bodies.version_object(version),
        "severity": found.severity,
        "retracts": [{"alert_id": each.id, "type": each.type, "change_ids": [str(found.change_id)]} for each in told],
        "note": said.note,
        "by": said.by,
        "links": bodies.links(settings.web_url, article.id, version),
    }
