"""Brings the database up to date before a role starts."""

from typing import TYPE_CHECKING

from cli import say

if TYPE_CHECKING:
    from config.settings import Settings


def migrated(settings: "Settings") -> None:
    """Runs the migrations that are missing. Ends the verb in one line where the database cannot be had."""
    from alembic.util import CommandError
    from sqlalchemy.exc import ArgumentError, DBAPIError

    from store.engine import engine_for
    from store.migrate import migrate

    try:
        engine = engine_for(settings.database_url)
        migrate(engine)
        engine.dispose()
    except DBAPIError as error:
        say.fail(
            f"the database cannot be used: {' '.join(str(error.orig).split())}; check database.url and that it is up"
        )
    except CommandError as error:
        say.fail(f"the database was made by another version: {error}; run that one, or restore a backup")
    except ArgumentError as error:
        say.fail(f"database.url: {error}", code=2)
