"""What comes with status 200 and is no article: a health event with its reason, a slower look, never a version."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ingest.extraction.page import extract
from store.engine import reading
from store.tables import article, look
from tests.parts.pages import BODY, page
from tests.parts.reading import URL, Desk

PAGES = {
    kind.name: {path.stem: path.read_bytes() for path in sorted(kind.iterdir())}
    for kind in sorted((Path(__file__).parents[1] / "pages" / "walls").iterdir())
}
"""Verdict → name → an invented page, as bot checks, consent managers, paywalls and servers build them in ten languages;
``article`` holds short articles that speak of such things or stand beside a banner."""


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader over an empty store."""
    return Desk(engine, now)


@pytest.mark.parametrize(
    ("kind", "name"), [pytest.param(kind, name, id=f"{kind}-{name}") for kind, pages in PAGES.items() for name in pages]
)
def test_case_41_every_wall_is_known_for_what_it_is(kind: str, name: str) -> None:
    """Each page has the verdict that its folder names."""
    assert kind == extract(PAGES[kind][name], URL).verdict


@pytest.mark.parametrize("kind", sorted(PAGES.keys() - {"article"}))
def test_case_41_walls_are_health_events_and_never_versions(desk: Desk, kind: str) -> None:
    """Looks that show walls add to the article's failures with their reason, slow it down, say nothing about its text
    and are named as blind in the alert that comes after them."""
    desk.look(page())
    waits = []
    for body in list(PAGES[kind].values())[::3]:
        assert kind == desk.look(body)
        waits.append(desk.article().next_check_at - desk.now)
    row = desk.article()
    assert (1, kind, len(waits)) == (row.versions, row.last_reason, row.failures)
    assert desk.alerts() == []
    assert waits == sorted(waits)
    assert waits[0] < waits[-1] or len(waits) == 1
    assert row.availability != "withdrawn"
    desk.look(page([BODY[0].replace("12", "15"), *BODY[1:]], headline="Bridge collapse in Port Harrow kills 15"))
    [(told, body)] = desk.alerts()
    assert ("article.facts_changed", 2) == (told, desk.article().versions)
    assert {kind} == {blind["reason"] for blind in body["version"]["blind"]}


LONG = (*BODY, *(f"{text} {words}" for words in ("So it was in May.", "Nobody else spoke.") for text in BODY))
STUB = LONG[:7]
"""More words than any wall, and less than half of the text."""
OFFERS = {
    "paywall": ("<p>Subscribe to continue reading.</p>", "<p>Лише для передплатників.</p>", "<p>Déjà abonné ?</p>"),
    "consent": ("<div><p>We and our 310 partners store information on a device.</p></div>",),
}


@pytest.mark.parametrize(
    ("reason", "offer"), [pytest.param(why, offer, id=offer[3:20]) for why, each in OFFERS.items() for offer in each]
)
def test_case_64_a_stub_is_no_shortened_article(desk: Desk, reason: str, offer: str) -> None:
    """Less than half of the text with a wall's words that did not stand there before is a stub, on however many looks;
    beside the whole text the same words change nothing."""
    desk.look(page(LONG))
    for _ in range(5):
        assert reason == desk.look(page(STUB, extra=offer))
    assert (1, []) == (desk.article().versions, desk.alerts())
    assert desk.look(page(LONG, extra=offer)) == "same"
    assert desk.article().availability == "ok"


def test_case_64_words_that_always_stood_there_are_no_evidence(desk: Desk) -> None:
    """A site that offers subscriptions beside every text may shorten one: after three looks it is believed."""
    desk.look(page(LONG, extra=OFFERS["paywall"][0]))
    came = [desk.look(page(STUB, extra=OFFERS["paywall"][0])) for _ in range(3)]
    assert "paywall" not in came
    assert desk.article().versions == 2


def test_blind_looks_are_kept(desk: Desk, engine: sa.Engine) -> None:
    """Every article shows when we were blind: from, to, how often and why."""
    desk.look(page())
    for name in ("stub-en", "stub-de", "login-en"):
        desk.look(PAGES["paywall"][name])
    with reading(engine) as connection:
        rows: list[Any] = list(connection.execute(sa.select(look).where(look.c.reason == "paywall")))
        assert desk.article_id == connection.scalar(
            sa.select(article.c.id).where(article.c.availability == "paywalled")
        )
    assert [3] == [row.count for row in rows]
