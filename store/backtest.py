"""A rule tried on what was told before: the same decision as when it tells, on alerts that are history."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from store.rules import OPT_IN, TYPES, Rule, Verdict, event_of, tells
from store.tables import alert, entry
from store.views.told import alerts

SPAN = timedelta(days=30)
RETRACTED = "alert.retracted"
MOST = 1_000
"""Alerts that a rule is tried on, the newest ones of so many days."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One alert and what the rule makes of it. *sent_at* is when it would have been sent on its own, None where it
    would have been in a digest, or not told; *changes* are as in the webhook."""

    alert_id: str
    type: str
    severity: str
    title: str
    article_id: int | None
    version: int | None
    at: datetime
    changes: Sequence[Mapping[str, Any]]
    told: bool
    reason: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a rule would have told of the alerts since *since*, newest first; *cut*: there were more than 1,000."""

    since: datetime
    rows: tuple[Tried, ...]
    cut: bool

    @property
    def told(self) -> int:
        """How many would have been told."""
        return sum(row.told for row in self.rows)


def backtest(connection: sa.Connection, rule: Rule, now: datetime) -> Backtest:
    """Tries a rule on the last 30 days, on 1,000 alerts at most, of the types that it asks for. A retraction would have
    been told where one of the alerts that it takes back would have been."""
    asked = rule.types or tuple(each for each in TYPES if each not in OPT_IN)
    # Which ones first, and then what they say: all of 30 days sorted with their bodies took five times as long.
    found = alerts(connection, asked, MOST + 1, since=now - SPAN)
    said = _whole(connection, [each.id for each in found[:MOST]])
    rows = [said[each.id] for each in found[:MOST]]
    feeds = _feeds(connection, [row.subject for row in rows]) if rule.feeds else {}

    def verdict(row: Any) -> Verdict:
        return tells(rule, event_of(row.type, row.severity, row.body or {}, feeds.get(row.subject, frozenset())))

    # What a retraction takes back is about the same article, so its feeds are known.
    taken_back = _whole(connection, [key for row in rows if row.type == RETRACTED for key in _retracts(row)])
    tried = (
        _tried(rule, row, _followed(row, verdict, taken_back) if row.type == RETRACTED else verdict(row))
        for row in rows
    )
    return Backtest(now - SPAN, tuple(tried), len(found) > MOST)


def _whole(connection: sa.Connection, ids: Sequence[str]) -> dict[str, Any]:
    """Id → the alert with its body."""
    rows = connection.execute(sa.select(alert).where(alert.c.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}


def _retracts(row: Any) -> list[str]:
    return [str(each["alert_id"]) for each in (row.body or {}).get("retracts") or ()]


def _followed(row: Any, verdict: Callable[[Any], Verdict], taken_back: Mapping[str, Any]) -> Verdict:
    told = any(verdict(taken_back[key]).told for key in _retracts(row) if key in taken_back)
    return verdict(row) if told else Verdict(False, "what it takes back would not have been told")


def _tried(rule: Rule, row: Any, verdict: Verdict) -> Tried:
    event = event_of(row.type, row.severity, row.body or {}, frozenset())
    alone = verdict.told and (rule.digest is None or rule.is_urgent(row.severity))
    kind, _, key = row.subject.partition(":")
    return Tried(
        alert_id=row.id,
        type=row.type,
        severity=row.severity,
        title=event.title,
        article_id=int(key) if kind == "article" else None,
        version=((row.body or {}).get("version") or {}).get("to"),
        at=row.created_at,
        changes=event.changes,
        told=verdict.told,
        reason=verdict.reason,
        sent_at=rule.free_at(row.created_at, row.severity) if alone else None,
    )


def _feeds(connection: sa.Connection, subjects: Iterable[str]) -> dict[str, frozenset[int]]:
    """Subject → the feeds that it belongs to."""
    named = {subject: int(subject.partition(":")[2]) for subject in subjects}
    found = {subject: {key} for subject, key in named.items() if subject.startswith("feed:")}
    articles = [key for subject, key in named.items() if subject.startswith("article:")]
    listed = sa.select(entry.c.article_id, entry.c.feed_id).where(entry.c.article_id.in_(articles)).distinct()
    for row in connection.execute(listed):
        found.setdefault(f"article:{row.article_id}", set()).add(row.feed_id)
    return {subject: frozenset(feeds) for subject, feeds in found.items()}
