"""What was sighted on a site's articles is bounded, and forgets what articles no longer show."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from store import sightings
from store.engine import writing
from store.sightings import BLOCKS
from tests.parts.rows import Newsroom

SITE = "harbour.example"


def test_a_rotating_place_pushes_out_what_went_never_what_stands(engine: sa.Engine, now: datetime) -> None:
    """Memory holds what an article showed last, however much it showed before."""
    with writing(engine) as connection:
        key = Newsroom(connection, now).article()
        for n in range(BLOCKS):
            shown = [("stands", "p", True), (f"teaser-{n}", "p", True), (f"title-{n}", "p", True)]
            sightings.add(connection, SITE, key, shown, now + timedelta(minutes=n))
        kept = {row.fingerprint for row in sightings.of_site(connection, SITE)}
    assert len(kept) == BLOCKS
    assert {"stands", f"teaser-{BLOCKS - 1}"} <= kept
    assert "teaser-0" not in kept


def test_what_an_article_showed_last_is_not_forgotten(engine: sa.Engine, now: datetime) -> None:
    """Of an article that was read again the blocks that went are forgotten; of one that was not, none."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        quiet, busy = newsroom.article("https://harbour.example/a"), newsroom.article("https://harbour.example/b")
        sightings.add(connection, SITE, quiet, [("old", "p", True)], now)
        sightings.add(connection, SITE, busy, [("went", "p", True), ("stands", "p", True)], now)
        sightings.add(connection, SITE, busy, [("stands", "p", True)], now + timedelta(days=9))
        assert sightings.forget(connection, now + timedelta(days=2)) == 1
        assert {row.fingerprint for row in sightings.of_site(connection, SITE)} == {"old", "stands"}
