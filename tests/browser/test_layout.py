"""Pages as a browser lays them out: how wide, how readable, with what focus."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import pytest
import sqlalchemy as sa

from tests.parts.browser import Seen
from tests.parts.desk import serving
from tests.parts.everything import one_of_each, pages

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

VIEWS = ("side", "final", "stripped")
LEAST = 4.5
"""Contrast of text, WCAG 2 level AA; 3 for large text (24 px, or bold from 18.66 px)."""
FAINT = """() => {
  const channels = colour => { const n = (colour.match(/[\\d.]+/g) || []).map(Number);
    return colour.startsWith('color(srgb') ? [n[0] * 255, n[1] * 255, n[2] * 255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1]; };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const light = c => { const [r, g, b] = c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = element => { const layers = [];
    for (let each = element; each; each = each.parentElement) layers.unshift(channels(getComputedStyle(each).backgroundColor));
    const root = getComputedStyle(document.documentElement).colorScheme, dark = matchMedia('(prefers-color-scheme: dark)').matches;
    return layers.reduce((below, layer) => over(layer, below), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]); };
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility({visibilityProperty: true}) || element.closest('svg, option')) continue;
    const style = getComputedStyle(element), size = parseFloat(style.fontSize), below = ground(element);
    const colour = channels(style.color); let opacity = 1;
    for (let each = element; each; each = each.parentElement) opacity *= parseFloat(getComputedStyle(each).opacity);
    const shown = over([...colour.slice(0, 3), colour[3] * opacity], below);
    const [high, low] = [light(shown), light(below)].sort((a, b) => b - a), contrast = (high + 0.05) / (low + 0.05);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (large ? 3 : LEAST)) found.push(`${contrast.toFixed(2)} <${element.tagName.toLowerCase()} class="${element.className}"> ${text.slice(0, 40)}`);
  }
  return found;
}""".replace("LEAST", str(LEAST))
"""The text of a page that stands out too little from what lies under it, as the browser computed both."""
UNFOCUSED = """() => {
  const found = [];
  for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!element.checkVisibility({visibilityProperty: true}) || element.disabled) continue;
    element.focus({focusVisible: true});
    const style = getComputedStyle(element);
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 1) found.push(element.outerHTML.slice(0, 120));
  }
  return found;
}"""
"""What shows no outline when a key brought the focus to it."""


@pytest.fixture
def visited(store: sa.Engine, now: datetime) -> "Iterator[Any]":
    """Every page of a desk with one of each thing, to be opened by a function that is handed a page of the browser."""
    one_of_each(store, now, "https://harbour.example/" + "a-long-slug-" * 30)
    with serving(store, now) as client:
        origin = str(client.base_url)

        def opening(page: "Page") -> Iterator[str]:
            for path in (
                *pages(),
                "/login",
                *(f"/articles/1?view={view}" for view in VIEWS),
                "/articles/1?explain=true",
                "/nowhere",
            ):
                page.goto(f"{origin}{path}")
                page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                yield path

        yield origin, opening


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_narrow_and_readable(
    context: "BrowserContext", visited: Any, scheme: Literal["light", "dark"]
) -> None:
    """At 390 px no page is wider than the screen, all text stands out from its ground, what a key can reach shows it,
    and no page asks another origin for anything or complains."""
    origin, opening = visited
    page = context.new_page()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    seen = Seen(page, origin)
    wide, faint, unfocused = {}, {}, {}
    for path in opening(page):
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
        faint[path] = page.evaluate(FAINT)
        unfocused[path] = page.evaluate(UNFOCUSED)
    assert {} == {path: width for path, width in wide.items() if width > 390}
    assert {} == {path: found for path, found in faint.items() if found}
    assert {} == {path: found for path, found in unfocused.items() if found}
    assert [] == seen.strangers
    assert [] == [each for each in seen.complaints if "status of 404" not in each]
    assert len(wide) > 18


def test_faint_text_would_be_seen(context: "BrowserContext") -> None:
    """The measure measures: grey on white is found, black is not."""
    page = context.new_page()
    page.set_content(
        "<p style='color: #999'>faint</p><p>plain</p><div style='background: #000'><p style='color: #fff8'>half</p><p>lost</p></div>"
    )
    found = page.evaluate(FAINT)
    assert ["faint", "lost"] == [each.rpartition("> ")[2] for each in found]
