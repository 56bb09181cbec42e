"""Pages as a browser lays them out."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import pytest
import sqlalchemy as sa

from store.engine import writing
from tests.parts.browser import Seen
from tests.parts.desk import serving
from tests.parts.rows import Newsroom

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

PAGES = ("/", "/changes", "/articles", "/feeds", "/articles/1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways(
    context: "BrowserContext", store: sa.Engine, now: datetime, scheme: Literal["light", "dark"]
) -> None:
    """At 390 px no page is wider than the screen, in either scheme, and none asks another origin for anything."""
    with writing(store) as connection:
        newsroom = Newsroom(connection, now)
        newsroom.feed()
        newsroom.story("https://harbour.example/" + "a-long-slug-" * 30)
    with serving(store, now) as client:
        page = context.new_page()
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": 390, "height": 844})
        seen = Seen(page, str(client.base_url))
        for path in PAGES:
            page.goto(f"{client.base_url}{path}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, path
    assert [] == seen.strangers
    assert [] == seen.complaints
