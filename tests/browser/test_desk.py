"""The list of changes in a browser: it is live, keeps the reader's place, and is worked with keys."""

import time
from datetime import datetime
from typing import TYPE_CHECKING

import httpx
import sqlalchemy as sa

from store.engine import writing
from tests.parts.browser import Seen
from tests.parts.desk import serving
from tests.parts.rows import Newsroom
from tests.parts.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

ROWS = "[data-row]"


def stories(store: sa.Engine, now: datetime, numbers: range) -> None:
    """A story a number, each with a toll that rose."""
    with writing(store) as connection:
        newsroom = Newsroom(connection, now)
        for number in numbers:
            newsroom.story(f"https://harbour.example/{number}")


def opened(context: "BrowserContext", client: httpx.Client, address: str) -> tuple["Page", Seen]:
    """A page whose live stream is listened to."""
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 500})
    seen = Seen(page, str(client.base_url))
    with page.expect_response(lambda answer: "/changes/stream" in answer.url):
        page.goto(f"{client.base_url}{address}")
    return page, seen


def settled(row: "Locator") -> float:
    """How far below the top of the window a row stands, once it no longer moves."""

    def top() -> float:
        box = row.bounding_box()
        assert box is not None
        return box["y"]

    before = top()
    while (after := top()) != before:
        before = after
        time.sleep(0.05)
    return after


def test_new_changes_come_in_without_moving_the_reader(
    context: "BrowserContext", store: sa.Engine, now: datetime
) -> None:
    """At the top they just appear; who chose a row keeps it in its place and is told how many came."""
    stories(store, now, range(12))
    with serving(store, now) as client:
        page, seen = opened(context, client, "/")
        assert 12 == page.locator(ROWS).count()
        stories(store, now, range(20, 21))
        until(lambda: page.locator(ROWS).count() == 13)
        assert "" == page.locator("#fresh").inner_text()
        for _ in range(3):
            page.keyboard.press("j")
        row = page.locator(f"{ROWS}.current")
        place = settled(row)
        stories(store, now, range(30, 32))
        until(lambda: page.locator("#fresh").inner_text() == "2 new changes")
        assert abs(place - settled(row)) < 2
        assert page.title().startswith("(2) ")
        page.locator("#fresh button").click()
        assert 0 == page.evaluate("window.scrollY")
        assert [] == seen.complaints


def test_only_what_was_asked_for_comes_in(context: "BrowserContext", store: sa.Engine, now: datetime) -> None:
    """A filtered list stays filtered while it is live."""
    with serving(store, now) as client:
        page, _ = opened(context, client, "/changes?type=quote")
        with page.expect_response(lambda answer: "ids=1" in answer.url):
            stories(store, now, range(1))
        assert 0 == page.locator(ROWS).count()


def test_keys(context: "BrowserContext", store: sa.Engine, now: datetime) -> None:
    """j and k move, w says wrong and stays, / reaches the filter, ? lists the keys, Enter opens the article."""
    stories(store, now, range(3))
    with serving(store, now) as client:
        page, seen = opened(context, client, "/")
        for key in "jjk":
            page.keyboard.press(key)
        row = page.locator(f"{ROWS}.current")
        assert "c3" == row.get_attribute("id")
        page.keyboard.press("w")
        until(lambda: row.locator(".word").inner_text() == "wrong desk, now")
        (said,) = client.get("/changes/3.json").json()["reviews"]
        assert "wrong" == said["verdict"]
        page.keyboard.press("/")
        assert "type" == page.evaluate("document.activeElement.name")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        assert "right, wrong, unsure" in page.locator("#keys").inner_text()
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        page.wait_for_url("**/articles/3?from=1&to=2")
        assert [] == seen.complaints


def test_what_others_said_is_heard(context: "BrowserContext", store: sa.Engine, now: datetime) -> None:
    """Another editor's word stands in the line as soon as one looks at the window again, without loading it anew."""
    stories(store, now, range(2))
    with serving(store, now) as client:
        page, seen = opened(context, client, "/")
        client.post("/api/v1/changes/2/review", json={"verdict": "unsure", "note": "which bridge?"})
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        word = page.locator("#c2 .word")
        until(lambda: word.inner_text() == "unsure desk, now: which bridge?")
        assert "unsure" == page.locator("#c2 [aria-pressed=true]").get_attribute("name")
        assert [] == seen.complaints


def test_without_scripts(context: "BrowserContext", store: sa.Engine, now: datetime) -> None:
    """Without JavaScript: filter, open, compare, read side by side, a verdict in the list and one with a note."""
    stories(store, now, range(3))
    with writing(store) as connection:
        newsroom = Newsroom(connection, now)
        newsroom.version(3, "At least 19 people were killed.\nThe bridge opened in 1987.", number=3)
    assert context.browser is not None
    plain = context.browser.new_context(java_script_enabled=False)
    with serving(store, now) as client:
        page = plain.new_page()
        page.goto(f"{client.base_url}/")
        page.locator("summary", has_text="Filter").click()
        page.get_by_label("casualty").check()
        page.get_by_role("button", name="Show").click()
        assert "type=casualty" in page.url
        page.locator("#c2 button[name=wrong]").click()
        assert page.url.endswith("#c2")
        assert "wrong desk, now" == page.locator("#c2 .word").inner_text()
        page.locator("#c3 a.open").click()
        page.locator("select[name=from]").select_option("2")
        page.locator("select[name=to]").select_option("3")
        page.locator(".pick button").click()
        assert "from=2&to=3" in page.url
        page.get_by_role("link", name="Side by side").click()
        assert "19" in page.locator(".story ins").first.inner_text()
        page.goto(f"{client.base_url}/changes/1")
        page.get_by_label("right").check()
        page.get_by_label("Note").fill("as the ministry said")
        page.get_by_role("button", name="Save").click()
        assert "as the ministry said" in page.locator(".words").inner_text()
    plain.close()
