"""Tokens that open the doors of the web process: shown once, kept as a hash."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from store.tables import token as table

SCOPES = ("read", "write")
PREFIX = "wt_"
"""Lets a secret scanner recognise a token that leaked."""
_NOTED = timedelta(minutes=1)
"""A token's last use is written down at most so often: reading a page must not write each time."""


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token without what it opens with."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None


def _hash(token: str) -> str:
    """One round of SHA-256 is enough: a token is 32 random bytes, so nobody can try them all. Slow hashes are for
    passwords, which people choose."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def add_token(connection: sa.Connection, name: str, scopes: Sequence[str], now: datetime) -> str:
    """Makes a token and returns it; nobody can read it again. Raises ValueError for a scope that does not exist."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise ValueError(f"no such scope: {', '.join(unknown) or '(none)'}; there are {' and '.join(SCOPES)}")
    token = PREFIX + secrets.token_urlsafe(32)
    row = {"name": name, "hash": _hash(token), "scopes": sorted(set(scopes)), "created_at": now}
    connection.execute(table.insert().values(row))
    return token


def tokens(connection: sa.Connection) -> tuple[TokenRow, ...]:
    """All tokens, oldest first."""
    columns = [table.c[name] for name in TokenRow.__slots__]
    rows = connection.execute(sa.select(*columns).order_by(table.c.id))
    return tuple(TokenRow(row.id, row.name, tuple(row.scopes), row.created_at, row.last_used_at) for row in rows)


def remove_token(connection: sa.Connection, reference: str) -> int:
    """Removes the token with this id or the tokens with this name; returns how many went."""
    named = table.c.name == reference
    if reference.isascii() and reference.isdigit() and len(reference) < 19:
        named = sa.or_(named, table.c.id == int(reference))
    return connection.execute(table.delete().where(named)).rowcount


def any_token(connection: sa.Connection) -> bool:
    """Whether the store knows a token at all."""
    return connection.execute(sa.select(table.c.id).limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token that exists may do. *stale*: its last use should be written down with ``note_use``."""

    id: int
    scopes: frozenset[str]
    stale: bool
    name: str = ""


def opened_by(connection: sa.Connection, token: str, now: datetime) -> Opened | None:
    """What *token* opens; None when it is not one of ours. Found by its hash, so timing tells nothing about it."""
    columns = (table.c.id, table.c.scopes, table.c.last_used_at, table.c.name)
    row = connection.execute(sa.select(*columns).where(table.c.hash == _hash(token))).first()
    if row is None:
        return None
    stale = row.last_used_at is None or now - row.last_used_at >= _NOTED
    return Opened(row.id, frozenset(row.scopes), stale, row.name)


def note_use(connection: sa.Connection, token_id: int, now: datetime) -> None:
    """Writes down that a token was used."""
    connection.execute(table.update().where(table.c.id == token_id).values(last_used_at=now))
