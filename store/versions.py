"""Versions: numbered without a gap, never changed, each chained to the one before."""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from store.tables import article, edit, fact_change, version


@dataclass(frozen=True, slots=True)
class Latest:
    """An article's newest version, with what the next one is compared to. *blocks* is JSON as the reader wrote it."""

    id: int
    number: int
    fingerprint: str
    headline: str
    text: str
    published: datetime | None
    modified: datetime | None
    language: str
    signals: Mapping[str, Any]
    blocks: bytes
    extractor: str
    snapshot_id: int | None
    seen_new_at: datetime
    sha256: str
    chain: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A version about to be written. *facts* are further columns (severity, disclosure, window…)."""

    article_id: int
    article_url: str
    number: int
    fingerprint: str
    headline: str
    text: str
    published: datetime | None
    modified: datetime | None
    seen_new_at: datetime
    snapshot_id: int | None
    snapshot_sha256: str
    blocks: bytes
    columns: Mapping[str, Any]


def pack_text(text: str) -> bytes:
    """UTF-8, compressed. Raises UnicodeEncodeError for a lone surrogate, which no text may hold."""
    return zlib.compress(text.encode())


def unpack_text(packed: bytes) -> str:
    """What pack_text() was given."""
    return zlib.decompress(packed).decode()


def unpack(packed: bytes) -> Any:
    """A version's blocks: a list of [text, path, rule, evidence], rule empty for what was kept."""
    return json.loads(zlib.decompress(packed))


def chain(previous: str, draft: Draft) -> str:
    """sha256 in hex of the previous chain and the canonical record (RFC 8785 JSON: sorted keys, no space, UTF-8)."""
    record = {
        "url": draft.article_url,
        "number": draft.number,
        "seen_at": _iso(draft.seen_new_at),
        "headline": draft.headline,
        "text": draft.text,
        "published": _iso(draft.published),
        "modified": _iso(draft.modified),
        "snapshot": draft.snapshot_sha256,
    }
    canonical = json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256((previous + canonical).encode()).hexdigest()


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def sha256_of(text: str) -> str:
    """In hex, of the UTF-8 text as kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def latest(connection: sa.Connection, article_id: int) -> Latest | None:
    """The newest version of an article."""
    query = sa.select(version).where(version.c.article_id == article_id).order_by(version.c.number.desc()).limit(1)
    row = connection.execute(query).first()
    if row is None:
        return None
    fields = {name: getattr(row, name) for name in Latest.__dataclass_fields__}
    fields |= {"text": unpack_text(row.text), "blocks": zlib.decompress(row.blocks), "signals": row.signals or {}}
    return Latest(**fields)


def number_showing(connection: sa.Connection, article_id: int, fingerprint: str) -> int | None:
    """The first version that showed exactly this text."""
    same = sa.and_(version.c.article_id == article_id, version.c.fingerprint == fingerprint)
    return connection.execute(sa.select(sa.func.min(version.c.number)).where(same)).scalar()


def texts(connection: sa.Connection, article_id: int, limit: int) -> list[str]:
    """The texts of an article's newest versions, newest first."""
    mine = sa.select(version.c.text).where(version.c.article_id == article_id)
    return [
        unpack_text(packed)
        for packed in connection.execute(mine.order_by(version.c.number.desc()).limit(limit)).scalars()
    ]


def began_late(connection: sa.Connection, article_id: int) -> bool:
    """Whether the first version here was not the first that there was."""
    first = sa.and_(version.c.article_id == article_id, version.c.number == 1)
    return bool(connection.execute(sa.select(version.c.late).where(first)).scalar())


def returns_since(connection: sa.Connection, article_id: int, since: datetime) -> int:
    """How many versions since then brought an earlier text back; one whose text only stood is none of them."""
    back = sa.and_(version.c.same_text_as < version.c.number - 1, version.c.seen_new_at >= since)
    count = sa.select(sa.func.count()).select_from(version).where(version.c.article_id == article_id, back)
    return int(connection.execute(count).scalar_one())


def write(connection: sa.Connection, draft: Draft, previous: Latest | None) -> int:
    """Writes the next version and moves the article's number with it; returns the version's id. Raises IntegrityError
    where another writer was first."""
    row = {
        "article_id": draft.article_id,
        "number": draft.number,
        "fingerprint": draft.fingerprint,
        "headline": draft.headline,
        "text": pack_text(draft.text),
        "sha256": sha256_of(draft.text),
        "published": draft.published,
        "modified": draft.modified,
        "snapshot_id": draft.snapshot_id,
        "blocks": zlib.compress(draft.blocks),
        "seen_new_at": draft.seen_new_at,
        "chain": chain(previous.chain if previous else "", draft),
        **draft.columns,
    }
    key = connection.execute(version.insert().values(row)).inserted_primary_key
    assert key is not None
    moved = {"versions": draft.number, "title": draft.headline, "last_changed_at": draft.seen_new_at}
    connection.execute(article.update().where(article.c.id == draft.article_id).values(moved))
    return int(key[0])


def write_edits(connection: sa.Connection, version_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """The aligned sentence pairs of a version, in order."""
    if rows:
        numbered = [{**row, "version_id": version_id, "ordinal": n} for n, row in enumerate(rows)]
        connection.execute(edit.insert(), numbered)


def write_change(connection: sa.Connection, row: Mapping[str, Any]) -> int:
    """One fact change; returns its id."""
    key = connection.execute(fact_change.insert().values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def past_changes(connection: sa.Connection, article_id: int, limit: int = 500) -> list[Any]:
    """The article's newest fact changes, newest first, with whether its version was stealthy."""
    columns = [fact_change.c[name] for name in ("id", "type", "op", "subject", "before", "after", "claimant_after")]
    query = (
        sa.select(*columns, version.c.stealth)
        .join(version, version.c.id == fact_change.c.version_id)
        .where(fact_change.c.article_id == article_id)
        .order_by(fact_change.c.id.desc())
        .limit(limit)
    )
    return list(connection.execute(query).all())
