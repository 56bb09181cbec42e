"""The database as a verb opens it. Contains no business logic."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli.migration import migrated

if TYPE_CHECKING:
    import sqlalchemy as sa

    from config.settings import Settings


@contextmanager
def opened(settings: "Settings") -> "Iterator[sa.Engine]":
    """An engine on this version's tables, closed at the end. Ends the verb in one line where there is none."""
    from store.engine import engine_for

    migrated(settings)
    engine = engine_for(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()
