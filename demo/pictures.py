"""Pictures of the main pages, as the demo's stories left them: made by Chromium, headless, for the README."""

import importlib.util
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import httpx

if TYPE_CHECKING:  # the browser's driver is installed only where there is a browser
    from playwright.sync_api import Browser

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
"""A browser that asks its maker for nothing: every request is one of our pages'."""
LARGEST = 150_000
"""Bytes of a picture; a larger one loses height until it fits."""
_STEP = 80
"""Pixels of height that it loses at once."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, the page, the part of it to begin with, and how it is looked at."""

    name: str
    path: str
    begin: str = ""
    scheme: Literal["light", "dark"] = "light"
    width: int = 1080
    height: int = 900


def missing() -> str:
    """What to do before pictures can be made, in one line; empty where they can."""
    if _program() is None:
        return "screenshots need a browser: none of chromium, chromium-browser, google-chrome is on PATH"
    if importlib.util.find_spec("playwright") is None:
        return "screenshots need the browser's driver: ./writethru install e2e"
    return ""


def _program() -> str | None:
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> "Iterator[Browser]":
    """The browser, as long as it is needed; ``missing()`` must have found nothing."""
    from playwright.sync_api import sync_playwright

    flags = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=_program(), args=flags, handle_sigint=False, handle_sigterm=False, handle_sighup=False
        )
        try:
            yield started
        finally:
            started.close()


def chosen(base: str) -> tuple[Picture, ...]:
    """What is taken: the article with the most fact changes between two versions stands for all of them."""
    versions = httpx.get(f"{base}/changes.json", timeout=30).json()["versions"]
    loudest = max(versions, key=lambda each: (len(each["lines"]), each["more"])) if versions else {"article_id": 1}
    page = f"/articles/{loudest['article_id']}"
    last = httpx.get(f"{base}{page}.json", timeout=30).json()["article"]["versions"]
    whole = f"{page}?from=1&to={last}" if last > 1 else page
    view = "&" if "?" in whole else "?"
    return (
        Picture("changes", "/changes"),
        Picture("article-inline", whole),
        Picture("article-side-dark", f"{whole}{view}view=side", begin="#text", scheme="dark"),
        Picture("article-ledger", whole, begin="#ledger", height=560),
        Picture("works", "/works"),
        Picture("deliveries", "/deliveries"),
        Picture("changes-phone", "/changes", width=390, height=844),
        Picture("article-phone", whole, width=390, height=844),
    )


def take(base: str, folder: Path) -> Mapping[str, int]:
    """Writes ``NAME.png`` for each into *folder*, which is made where it is missing; returns the bytes of each."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {}
    with chromium() as browser:
        for each in chosen(base):
            taken = _taken(browser, base, each)
            (folder / f"{each.name}.png").write_bytes(taken)
            sizes[each.name] = len(taken)
    return sizes


def _taken(browser: "Browser", base: str, what: Picture) -> bytes:
    size = {"width": what.width, "height": what.height}
    with browser.new_context(viewport=size, color_scheme=what.scheme, reduced_motion="reduce") as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{base}{what.path}", wait_until="load")
        if what.begin:
            page.locator(what.begin).evaluate("element => (element.scrollIntoView(), scrollBy(0, -12))")
        height = what.height
        while True:
            taken = page.screenshot(clip={"x": 0, "y": 0, "width": what.width, "height": height}, animations="disabled")
            if len(taken) <= LARGEST or height <= _STEP:
                return taken
            height -= _STEP
