"""A real browser: Debian's Chromium, headless, in a profile of its own. Required in CI, skipped with a message at home."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from demo.pictures import chromium, missing

if TYPE_CHECKING:  # the browser's driver is installed only where there is a browser
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """The browser, once a module: its driver keeps an event loop in this thread, where other tests run their own."""
    if why := missing():
        if os.environ.get("CI"):
            pytest.fail(f"CI needs a browser: {why}")
        pytest.skip(why)
    with chromium() as started:
        yield started


class Seen:
    """What a page did: what it asked other origins for, the dialogs it opened, what it complained of."""

    def __init__(self, page: "Page", origin: str) -> None:
        self.strangers: list[str] = []
        self.dialogs: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda asked: self._requested(asked.url, origin))
        page.on("dialog", self._opened)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._said(said.type, said.text))

    def _requested(self, url: str, origin: str) -> None:
        if not url.startswith((origin, "data:", "about:", "blob:")):
            self.strangers.append(url)

    def _opened(self, dialog: "Dialog") -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _said(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)


@pytest.fixture
def context(browser: "Browser") -> "Iterator[BrowserContext]":
    """A context of its own for each test: no cookie and no cache of another."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(20_000)
    yield made
    made.close()
