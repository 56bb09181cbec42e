"""What columns are made of: the moment, the id, the lease, and what the poller knows of a thing it watches."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. SQLite has no zones, so there the zone is dropped on the way in and put back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Always aware and in UTC."""
        if value is None:
            return None
        stamp: datetime = value
        return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def identity() -> sa.Column[int]:
    """The primary key: assigned in order of insertion, not of commit."""
    return sa.Column("id", Id, primary_key=True, autoincrement=True)


def ref(name: str, target: str, *, nullable: bool = False, index: bool = True) -> sa.Column[int]:
    """A foreign key; what refers goes when its target goes."""
    key = sa.ForeignKey(f"{target}.id", ondelete="CASCADE")
    return sa.Column(name, Id, key, nullable=nullable, index=index)


def text(name: str, default: str = "") -> sa.Column[str]:
    """Text that is never null."""
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def count(name: str, default: int = 0) -> sa.Column[int]:
    """A whole number that is never null."""
    return sa.Column(name, sa.Integer, nullable=False, server_default=str(default))


def document(name: str) -> sa.Column[Any]:
    """JSON; Python None is SQL null."""
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=True)


def moment(name: str, *, nullable: bool = True, index: bool = False) -> sa.Column[datetime]:
    """A point in time."""
    return sa.Column(name, Moment, nullable=nullable, index=index)


def lease() -> tuple[sa.Column[Any], ...]:
    """A hold on work that ends by itself. A writer proves that it still holds it by the generation."""
    return (text("lease_owner"), moment("lease_until"), count("lease_generation"))


def watched() -> tuple[sa.Column[Any], ...]:
    """What the poller knows of a feed or an article. *interval* is in seconds; *unchanged* counts looks in a row that
    brought nothing; *asked_at* is set by ``check`` and cleared by nobody: a look after it answers it."""
    return (
        ref("host_id", "host"),
        text("final_url"),
        sa.Column("etag", sa.LargeBinary, nullable=True),
        sa.Column("last_modified", sa.LargeBinary, nullable=True),
        moment("unconditional_at"),
        moment("next_check_at"),
        sa.Column("interval", sa.Float, nullable=False, server_default="0"),
        count("failures"),
        count("unchanged"),
        moment("asked_at"),
        moment("last_checked_at"),
        count("last_status"),
        text("last_reason"),
        sa.Column("snapshot_sha256", sa.Text, nullable=False, server_default=""),
        moment("created_at", nullable=False),
    )
