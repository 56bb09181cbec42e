"""Brings the database up to date before a role starts."""

from typing import TYPE_CHECKING

from cli import say

if TYPE_CHECKING:
    from config.settings import Settings

FOLDER = "data_dir must be a folder that this account can write"


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
        say.fail(f"the database cannot be used: {' '.join(str(error.orig).split())}; {advice(settings)}")
    except CommandError as error:
        say.fail(f"the database was made by another version: {error}; run that one, or restore a backup")
    except ArgumentError as error:
        say.fail(f"database.url: {error}", code=2)
    except OSError as refused:
        say.fail(f"{refused.filename}: {refused.strerror}; {FOLDER}")


def advice(settings: "Settings") -> str:
    """What to do about a database that cannot be used."""
    if settings.database_url.startswith("sqlite"):
        return "restore a backup (docs/operations.md), or set another data_dir"
    return "check database.url and that it is up"
