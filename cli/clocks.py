"""What the sites that answered say of this machine's clock, for the verbs that tell of it."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from ingest.skew import Answered, clock_skew
from ingest.urls import site_of
from store import snapshots

LATELY = timedelta(days=1)
ANSWERS = 100


def skew_now(connection: sa.Connection, now: datetime) -> float | None:
    """Seconds by which our clock is ahead of the sites of the last day; None where too few of them tell."""
    told = snapshots.lately(connection, now - LATELY, ANSWERS)
    return clock_skew(Answered(site_of(url), at, headers) for url, at, headers in told)


def words(skew: float) -> str:
    """What is wrong, for people."""
    where = "ahead of" if skew > 0 else "behind"
    return f"{abs(skew):.0f} s {where} the sites that were fetched; receivers refuse webhooks that are 300 s off"
