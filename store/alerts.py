"""Alerts: what is told about a version or a transition, once, and owed to every endpoint that wants it."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store import deliveries, digests, endpoints
from store.engine import insert
from store.events import body_bytes, plain, stamp
from store.rules import Rule, event_of, tells
from store.tables import alert
from store.views.articles import feeds_of

SCHEMA = 1
"""The revision of ``data`` in a webhook."""


def tell(
    connection: sa.Connection,
    *,
    type: str,  # noqa: A002 - the field's name in the table and in the webhook
    subject: str,
    cause: str,
    severity: str = "",
    engine: str,
    body: Mapping[str, Any],
    now: datetime,
    only: int | None = None,
    among: Collection[int] | None = None,
) -> str | None:
    """Writes an alert and, in the same transaction, what is owed to each endpoint that wants it; returns its id.

    None when this was told before: an alert is one per (type, subject, cause), so a job that runs twice tells once.
    *body* is what ``data`` holds beside schema, engine, alert_id and sequence; each delivery's bytes are frozen here.
    *engine* names the rules that found it (``facts/1``). *only* is the one endpoint that it is meant for, whatever that
    endpoint's rule says; else each endpoint's rule decides: told now, after its quiet hours, in its digest, or not;
    where *among* is given, of those alone, also while one is disabled.
    Raises ValueError for an event that cannot be cut to 20 kB.
    """
    alert_id = uuid.uuid4().hex
    row = {"id": alert_id, "type": type, "subject": subject, "cause": cause, "severity": severity}
    new = insert(connection, alert).values(**row, body=plain(body), created_at=now)
    new = new.on_conflict_do_nothing(index_elements=["type", "subject", "cause"]).returning(alert.c.id)
    if connection.execute(new).first() is None:
        return None
    known = {"schema": SCHEMA, "engine": engine, "alert_id": alert_id}

    def frozen(sequence: int) -> bytes:
        data = {**known, "sequence": sequence, **body}
        return body_bytes({"type": type, "timestamp": stamp(now), "data": data})

    if only is not None:
        deliveries.owe(connection, alert_id, only, frozen, now)
        return alert_id
    rules = endpoints.listening(connection, also=among or ())
    event = event_of(type, severity, body, _feeds(connection, subject, [rule for _, rule in rules]))
    for endpoint_id, rule in rules:
        if (among is not None and endpoint_id not in among) or not tells(rule, event).told:
            continue
        if rule.digest and not rule.is_urgent(severity):
            digests.gather(connection, alert_id, endpoint_id, now)
        else:
            free_at = rule.free_at(now, severity)
            deliveries.owe(connection, alert_id, endpoint_id, frozen, now, free_at, disabled_too=among is not None)
    return alert_id


def _feeds(connection: sa.Connection, subject: str, rules: Sequence[Rule]) -> frozenset[int]:
    """The feeds that an alert's subject belongs to, looked up where a rule asks for them."""
    kind, _, key = subject.partition(":")
    if not any(rule.feeds for rule in rules):
        return frozenset()
    return frozenset({int(key)} if kind == "feed" else feeds_of(connection, int(key)) if kind == "article" else ())


def was_told(connection: sa.Connection, type: str, subject: str) -> bool:  # noqa: A002 - as above
    """Whether such an alert was ever told of *subject*."""
    told = sa.select(alert.c.id).where(alert.c.type == type, alert.c.subject == subject)
    return connection.execute(told.limit(1)).first() is not None
