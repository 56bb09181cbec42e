"""The meeting point of the reader and what it reads: something parsed and judged, ready to be written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from store.outbox import Work


class Lost(Exception):  # noqa: N818 - not an error: another worker was faster
    """What was decided no longer fits what the store holds: roll back and let it be read anew."""


class Prepared(Protocol):
    """What ``prepare`` gives back."""

    @property
    def work(self) -> Work:
        """The outbox row that this does."""

    @property
    def outcome(self) -> str:
        """A word for the outbox row: what came of it."""

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Writes everything that follows; true when an alert was told. Raises Lost."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Work whose ground is gone (its article or snapshot was removed)."""

    work: Work
    outcome: str = "gone"

    def write(self, connection: sa.Connection, now: datetime) -> bool:  # noqa: ARG002
        """Writes nothing."""
        return False
