"""Blocks that people pinned on a site: as furniture or as text, whatever was learnt."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

import sqlalchemy as sa

from store.engine import insert
from store.tables import pin

Verdict = Literal["furniture", "text"]
EXCERPT = 200
"""Characters of the block that are kept beside its fingerprint."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One pinned block. *fingerprint* is as ``ingest.memory.fingerprint`` gives it, *by* says who pinned it."""

    id: int
    site: str
    fingerprint: str
    verdict: Verdict
    excerpt: str
    note: str
    by: str
    at: datetime


def verdicts(connection: sa.Connection, site: str) -> dict[str, str]:
    """Fingerprint → verdict of a site's pinned blocks."""
    query = sa.select(pin.c.fingerprint, pin.c.verdict).where(pin.c.site == site)
    return {row.fingerprint: row.verdict for row in connection.execute(query)}


def listing(connection: sa.Connection, site: str | None = None) -> list[Pin]:
    """The pins of a site, or of all, by site and age."""
    query = sa.select(pin).order_by(pin.c.site, pin.c.id)
    found = connection.execute(query if site is None else query.where(pin.c.site == site))
    return [_read(row) for row in found]


def put(
    connection: sa.Connection,
    site: str,
    fingerprint: str,
    verdict: Verdict,
    text: str,
    note: str,
    by: str,
    now: datetime,
) -> Pin:
    """Pins a block whose *text* is known, in place of an earlier pin of it."""
    values = {"verdict": verdict, "excerpt": text[:EXCERPT], "note": note, "by": by, "at": now}
    statement = insert(connection, pin).values(site=site, fingerprint=fingerprint, **values)
    upsert = statement.on_conflict_do_update(index_elements=["site", "fingerprint"], set_=values)
    return _read(connection.execute(upsert.returning(*pin.c)).one())


def remove(connection: sa.Connection, pin_id: int) -> Pin | None:
    """Removes a pin and returns what it was; None where there is none."""
    row = connection.execute(pin.delete().where(pin.c.id == pin_id).returning(*pin.c)).one_or_none()
    return _read(row) if row else None


def _read(row: Any) -> Pin:
    return Pin(row.id, row.site, row.fingerprint, cast("Verdict", row.verdict), row.excerpt, row.note, row.by, row.at)
