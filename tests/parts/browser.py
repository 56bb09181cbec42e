"""A real browser: Debian's Chromium, headless, in a profile of its own. Required in CI, skipped with a message at home."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # the browser's driver is installed only where there is a browser
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
"""A browser that asks its maker for nothing: every request seen in a test is one of our pages'."""


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """The browser, once a module: its driver keeps an event loop in this thread, where other tests run their own."""
    program = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(f"CI needs a browser: none of {', '.join(PROGRAMS)} is on PATH")
        pytest.skip("no Chromium on PATH")
    from playwright.sync_api import sync_playwright

    flags = [*_QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=flags)
        yield started
        started.close()


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
