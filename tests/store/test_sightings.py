"""What articles show is kept as they show it now, and what it adds up to as long as they do."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from ingest.learning import memory_from
from store import sightings
from store.engine import reading, writing
from store.tables import sighting
from tests.parts.rows import Newsroom
from workers.sites import Sites

SITE = "harbour.example"


def shown(connection: sa.Connection) -> list[tuple[str, int]]:
    """Every (fingerprint, article) on which the site's memory stands."""
    rows = sightings.rows(connection, sightings.basis(connection, SITE).articles)
    return sorted((row.fingerprint, row.article_id) for row in rows)


def test_an_article_teaches_what_it_shows_now(engine: sa.Engine, now: datetime) -> None:
    """What went from an article is forgotten with its next version; equal rows change nothing."""
    with writing(engine) as connection:
        key = Newsroom(connection, now).article()
        sightings.teach(connection, SITE, key, [("went", "p", True), ("stands", "p", True)], now)
        before = sightings.basis(connection, SITE)
        sightings.teach(connection, SITE, key, [("stands", "p", True), ("went", "p", True)], now)
        assert before == sightings.basis(connection, SITE)
        sightings.teach(connection, SITE, key, [("stands", "p", True)], now + timedelta(days=9))
        assert before.digest != sightings.basis(connection, SITE).digest
        assert [("stands", key)] == shown(connection)


def test_memory_is_of_the_newest_articles(engine: sa.Engine, now: datetime) -> None:
    """What is no longer among a site's newest articles teaches nothing, and the sweep deletes it."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        keys = [newsroom.article(f"https://harbour.example/{n}") for n in range(sightings.ARTICLES + 3)]
        for key in keys:
            sightings.teach(connection, SITE, key, [(f"s{key}", "p", True)], now)
        basis = sightings.basis(connection, SITE)
        assert tuple(reversed(keys[3:])) == basis.articles
        assert 3 == sightings.forget(connection)
        assert (basis, 0) == (sightings.basis(connection, SITE), sightings.forget(connection))
        assert len(keys) - 3 == connection.execute(sa.select(sa.func.count()).select_from(sighting)).scalar()


def test_a_kept_memory_is_what_the_sightings_say(engine: sa.Engine, now: datetime) -> None:
    """A batch finds the memory that another kept, until an article shows something else; then it learns it anew."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        keys = [newsroom.article(f"https://harbour.example/{n}") for n in range(3)]
        for key in keys[:2]:
            sightings.teach(connection, SITE, key, [("sline", "p", True), (f"t{key}", "title", False)], now)
        first, second, third = Sites(), Sites(), Sites()
        learnt = first.memory(connection, SITE)
        assert memory_from(sightings.rows(connection, keys)) == learnt
        assert ({"sline": 2}, True) == (learnt.sighted, first.learnt_anew)
        first.keep(connection, now)
    with reading(engine) as connection:
        assert (learnt, False) == (second.memory(connection, SITE), second.learnt_anew)
    with writing(engine) as connection:
        sightings.teach(connection, SITE, keys[2], [("sline", "p", True)], now)
        assert ({"sline": 3}, True) == (third.memory(connection, SITE).sighted, third.learnt_anew)
        second.keep(connection, now)  # nothing to keep: it found what was kept
        third.keep(connection, now)
        first.keep(connection, now)  # what it learnt is kept already
        assert {"sline": 3} == Sites().memory(connection, SITE).sighted
