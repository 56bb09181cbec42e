"""The article page in a browser: to a fact by its number, through the versions by keys, and alerts sent again."""

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from store.engine import writing
from store.tables import alert, version
from tests.parts.browser import Seen
from tests.parts.desk import serving
from tests.parts.rows import Newsroom

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


@pytest.fixture
def moved(store: sa.Engine, now: datetime) -> int:
    """An article whose toll rose, which an endpoint was told of."""
    with writing(store) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.story()
        newsroom.delivery()
        of = sa.select(version.c.id).where(version.c.article_id == made, version.c.number == 2)
        cause = f"version:{connection.execute(of).scalar_one()}"
        connection.execute(alert.update().values(subject=f"article:{made}", cause=cause))
    return made


def test_keys_lead_through_an_article(context: "BrowserContext", store: sa.Engine, now: datetime, moved: int) -> None:
    """A digit jumps to the mark of its fact, letters change the way to read, brackets walk through the versions."""
    with serving(store, now) as client:
        page = context.new_page()
        seen = Seen(page, str(client.base_url))
        page.goto(f"{client.base_url}/articles/{moved}")
        page.keyboard.press("1")
        assert page.url.endswith("#c1")
        assert "1" == page.locator(".tie:focus").inner_text()
        assert "15" == page.locator("ins.fact:has(+ .tie:focus)").inner_text().strip()
        for key, query in (
            ("s", "view=side"),
            ("f", "view=final"),
            ("e", "explain=true"),
            ("i", "to=2"),
            ("[", "?to=1"),
        ):
            with page.expect_navigation():
                page.keyboard.press(key)
            assert query in page.url
        assert [] == seen.complaints


def test_an_alert_is_sent_again_from_the_page(
    context: "BrowserContext", store: sa.Engine, now: datetime, moved: int
) -> None:
    """The form of our own page is let in by the doors, and the delivery is owed again."""
    with serving(store, now) as client:
        page = context.new_page()
        page.goto(f"{client.base_url}/articles/{moved}")
        assert "delivered" in page.locator(".sent").inner_text()
        page.locator(".sent button").click()
        page.wait_for_url(f"**/articles/{moved}")
        assert "owed" in page.locator(".sent").inner_text()


@pytest.mark.parametrize("view", ["inline", "side", "final", "stripped"])
def test_an_article_is_read_on_a_telephone(
    context: "BrowserContext", store: sa.Engine, now: datetime, moved: int, view: str
) -> None:
    """390 pixels hold the page without sideways scroll, whichever way it is read."""
    with serving(store, now) as client:
        page = context.new_page()
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{client.base_url}/articles/{moved}?view={view}")
        assert 390 == page.evaluate("document.documentElement.scrollWidth")
