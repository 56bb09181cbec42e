"""Colours: whatever is written can be read, in light and in dark (WCAG 2.2, 1.4.3: 4.5 to 1)."""

import re
from itertools import product

import pytest

from web.pages import STATIC

CSS = (STATIC / "desk.css").read_text(encoding="utf-8")
LIGHT, _, REST = CSS.partition("@media (prefers-color-scheme: dark)")
SCHEMES = {"light": LIGHT, "dark": REST.partition("* {")[0]}
WRITTEN = ("ink", "quiet", "link", "bad", "on", "high", "critical", "medium")
GROUNDS = ("bg", "paper", "here")
TINTED = ("red", "amber", "green", "teal", "violet", "blue", "rose", "slate", "del", "ins")
PAIRS = [*product(WRITTEN, GROUNDS), *((name, f"{name}-bg") for name in TINTED), ("paper", "link")]


def luminance(colour: str) -> float:
    """Relative luminance of ``#rgb`` or ``#rrggbb``."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_stands_out(scheme: str) -> None:
    """Every colour that text is written in stands out from every ground that it is written on."""
    known = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", SCHEMES[scheme]))
    faint = []
    for text, ground in PAIRS:
        low, high = sorted((luminance(known[text]), luminance(known[ground])))
        if (high + 0.05) / (low + 0.05) < 4.5:
            faint.append((text, ground))
    assert [] == faint
