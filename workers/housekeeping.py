"""Forgets what is no longer needed, as ``retention`` says; never a version, a change, an alert or a delivery."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from config.settings import Retention
from store import looks, outbox, previews, sightings, snapshots
from store.engine import truncate_log, writing

EVERY = timedelta(hours=1)


def sweep(engine: sa.Engine, retention: Retention, now: datetime) -> dict[str, int]:
    """Forgets, in a transaction each, and lets SQLite's log begin anew; returns how many rows of what."""
    forgotten: dict[str, int] = {}
    with writing(engine) as connection:
        forgotten["outbox"] = outbox.forget_done(connection, now - retention.outbox)
    with writing(engine) as connection:
        forgotten["snapshots"] = snapshots.forget(connection, now - retention.snapshots)
    with writing(engine) as connection:
        forgotten["looks"] = looks.forget(connection, now - retention.looks)
    with writing(engine) as connection:
        forgotten["sightings"] = sightings.forget(connection)
    with writing(engine) as connection:
        forgotten["previews"] = previews.forget(connection, now)
    truncate_log(engine)
    return forgotten
