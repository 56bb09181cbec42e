"""A day at the desk, in a real browser on the running demo: every part of Writethru takes part."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from tests.parts.browser import Seen
from tests.parts.playing import PATIENCE, Playing
from tests.parts.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

TOLL = "[data-row]:has-text('people killed'):has-text('12')"
"""The first toll of the explosion that rose."""


def open_desk(context: "BrowserContext", origin: str) -> tuple["Page", Seen]:
    """The page of changes, before anything changed, with its live stream open."""
    page = context.new_page()
    seen = Seen(page, origin)
    with page.expect_response(lambda answer: "/changes/stream" in answer.url):
        page.goto(f"{origin}/")
    assert 0 == page.locator("[data-row]").count()
    return page, seen


def jump(page: "Page") -> None:
    """Into the article of the toll, to both ways to read it, and to the fact by its number."""
    page.locator(TOLL).first.locator("a.open").click()
    page.wait_for_url(re.compile(r"/articles/\d+\?from=1&to=2"))
    for key, query in (("s", "view=side"), ("i", "to=2")):
        with page.expect_navigation():
            page.keyboard.press(key)
        assert query in page.url
    page.keyboard.press("1")
    assert "1" == page.locator(".tie:focus").inner_text()


def triage(page: "Page", other: "Page") -> None:
    """Right with a note by one; unsure by another, who sees the first word; and the last word is seen by both."""
    page.locator(".chips [data-key=n]").first.click()
    page.get_by_label("right").check()
    page.locator("textarea[name=note]").fill("the hospital confirms it")
    page.get_by_role("button", name="Save").click()
    other.reload()
    row: Locator = other.locator(TOLL).first
    assert "the hospital confirms it" in row.locator(".word").inner_text()
    row.locator("button[name=unsure]").click()
    until(lambda: row.locator(".word").inner_text().startswith("unsure"))
    page.reload()
    assert page.locator(".words li").first.inner_text().startswith("unsure")


def replay(page: "Page", origin: str) -> None:
    """The first delivery is sent again, and the receiver says yes again."""
    page.goto(f"{origin}/deliveries/1")
    page.get_by_role("button", name="Replay").first.click()

    def attempts() -> list[dict[str, object]]:
        told = httpx.get(f"{origin}/deliveries/1.json").json()
        return [each for each in told["attempts"] if each["status"] == 204]

    until(lambda: len(attempts()) == 2)


def test_a_day_at_the_desk(context: "BrowserContext", tmp_path: Path) -> None:
    """A change comes in by itself, is opened, read side by side, reached by its number, judged with a note that
    another editor sees, and its alert is sent again; nothing is asked of another origin, nothing is complained of."""
    assert context.browser is not None
    second = context.browser.new_context()
    with Playing(tmp_path, "--speed", "4") as playing:
        origin = playing.wait_for("Open http").split()[1].rstrip("/")
        page, seen = open_desk(context, origin)
        other, also = open_desk(second, origin)
        until(lambda: page.locator(TOLL).count(), PATIENCE)
        jump(page)
        triage(page, other)
        replay(page, origin)
        for each in (seen, also):
            assert ([], [], []) == (each.strangers, each.dialogs, each.complaints)
        second.close()
