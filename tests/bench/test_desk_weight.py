"""The desk at its weight: what is filled is what was asked for, and no page outgrows what a phone loads at once."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from bench.desk import PAGES
from bench.filling import Filling, Size
from store.tables import fact_change, version
from tests.parts.desk import serving

HEAVIEST = 100_000
"""Bytes of a page."""


@pytest.fixture
def heavy(engine: sa.Engine, now: datetime) -> sa.Engine:
    """A store with an article of 500 versions and one whose text has 200 kB, beside ordinary ones."""
    Filling(engine, Size(articles=400, versions_each=3), now).fill()
    return engine


def test_filled_as_asked(heavy: sa.Engine) -> None:
    """There are as many versions as the size says, and fact changes among them."""
    with heavy.connect() as connection:
        counts = [connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in (version, fact_change)]
    assert Size(400, 3).versions == counts[0]
    assert (counts[1] or 0) > 300


def test_every_page_opens_and_is_light(heavy: sa.Engine, now: datetime) -> None:
    """Every page that is measured answers 200 with fewer than 100 kB, also for 500 versions and a 200 kB text."""
    with serving(heavy, now) as client:
        answers = {page: client.get(page) for page in PAGES}
    assert [] == [(page, answer.status_code) for page, answer in answers.items() if answer.status_code != 200]
    assert [] == [(page, len(answer.content)) for page, answer in answers.items() if len(answer.content) >= HEAVIEST]
