"""Pinned blocks as readers see them: from the next batch on, against every rule, and never a version by themselves."""

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from ingest.memory import fingerprint
from store import pins
from store.engine import reading, writing
from store.tables import article, memory, version
from store.versions import unpack_text
from tests.parts.pages import BODY, page
from tests.parts.reading import Desk

SITE = "courier.example"
PLEA = "Give the Courier a coffee today"
LINE = "Port Harrow remembers its own"
EDITED = (BODY[0].replace("12", "15"), *BODY[1:])


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader with an empty store."""
    return Desk(engine, now)


def put(desk: Desk, text: str, verdict: Any) -> int:
    """Pins a block on the site."""
    with writing(desk.engine) as connection:
        return pins.put(connection, SITE, fingerprint(text), verdict, text, "", "test", desk.now).id


def texts(desk: Desk) -> list[list[str]]:
    """The lines of every version, in order."""
    with reading(desk.engine) as connection:
        rows = connection.execute(sa.select(version.c.text).order_by(version.c.number)).scalars()
        return [unpack_text(row).split("\n") for row in rows]


def test_pinned_furniture_leaves_the_text_with_the_next_version(desk: Desk) -> None:
    """The pin alone makes no version; with the next edit both texts are without it, so that the edit is all."""
    assert "new" == desk.look(page([*BODY, LINE]))
    put(desk, LINE, "furniture")
    assert "same" == desk.look(page([*BODY, LINE], nonce="2"))
    assert "new" == desk.look(page([*EDITED, LINE]))
    assert [[*BODY, LINE], list(EDITED)] == texts(desk)
    [told] = [body for kind, body in desk.alerts() if kind == "article.facts_changed"]
    assert LINE not in str(told)


def test_pinned_text_is_kept_against_every_rule(desk: Desk) -> None:
    """A line that a label phrase strips and one that no extractor chose: pinned, they come with the next version."""
    label, aside = "Advertisement", "The ferry quay stays closed until further notice, the port says"
    extra = f"<aside><p>{aside}</p></aside>"
    assert "new" == desk.look(page([*BODY, label], extra=extra))
    assert [list(BODY)] == texts(desk)
    put(desk, label, "text")
    put(desk, aside, "text")
    assert "same" == desk.look(page([*BODY, label], extra=extra, nonce="2"))
    assert "new" == desk.look(page([*EDITED, label], extra=extra))
    assert [*EDITED, label, aside] == texts(desk)[1]


def test_an_edit_of_a_pinned_text_is_seen_though_the_page_stood_before(desk: Desk) -> None:
    """A gate from before the pin does not cover what the pin keeps: the page is read again."""
    linked = "<a href='/quay'>The ferry quay is closed for {} days from today on</a>"
    desk.look(page(extra=linked.format(3)))
    desk.look(page(extra=linked.format(3), nonce="2"))
    put(desk, "The ferry quay is closed for 3 days from today on", "text")
    put(desk, "The ferry quay is closed for 9 days from today on", "text")
    assert "same" == desk.look(page(extra=linked.format(3), nonce="3"))
    assert "same" != desk.look(page(extra=linked.format(9), nonce="4"))


def test_what_was_pinned_and_is_pinned_no_more_makes_no_version(desk: Desk) -> None:
    """In both directions; the next edit is told alone."""
    furniture, text = put(desk, LINE, "furniture"), put(desk, "Advertisement", "text")
    assert "new" == desk.look(page([*BODY, LINE, "Advertisement"]))
    with writing(desk.engine) as connection:
        removed = [pins.remove(connection, each) for each in (furniture, text)]
        assert [LINE, "Advertisement"] == [each.excerpt for each in removed if each]
        assert pins.remove(connection, furniture) is None
    assert "same" == desk.look(page([*BODY, LINE, "Advertisement"], nonce="2"))
    assert "new" == desk.look(page([*EDITED, LINE, "Advertisement"]))
    assert 2 == len(texts(desk))


def test_a_headline_is_stripped_by_nothing_that_was_learnt(desk: Desk) -> None:
    """A line that recurs is furniture; as a page's own headline it stays, unless a person says otherwise."""
    for number in range(3):
        other = [f"{text} It was the {number + 3}th of its kind that year." for text in reversed(BODY)]
        desk.article_id = 0
        desk.look(page([*other[number:], LINE], headline=f"The {number + 3}th bridge"), url=f"http://{SITE}/{number}")
    desk.article_id = 0
    desk.look(page([LINE, *BODY], headline=LINE), url=f"http://{SITE}/own")
    assert LINE == _headline(desk)
    with reading(desk.engine) as connection:
        assert [SITE] == list(connection.execute(sa.select(memory.c.site)).scalars())
        assert {1} == set(connection.execute(sa.select(article.c.taught)).scalars())


def _headline(desk: Desk) -> str:
    with reading(desk.engine) as connection:
        query = sa.select(version.c.headline).where(version.c.article_id == desk.article_id)
        return str(connection.execute(query).scalar_one())
