"""What newsrooms do to a page without changing its story: fifteen kinds of noise, and the teaser that rotates.

Pure functions of the look's number, so that a page can be fetched again as it was. The first look (number 0) of an
article shows it clean, except for furniture, which is there from the start.
"""

import re

NOISES = (
    "counters",  # views, shares, readers, "12 minutes ago"
    "lists",  # "Most read" and "Related", rotated and reordered
    "comments",  # one more at each look
    "today",  # the date, the weather, a ticker of exchange rates
    "redesign",  # menus and template of another make
    "typography",  # quotes, dashes, no-break spaces, soft hyphens
    "double-encoding",  # UTF-8 read as Windows-1252 and encoded again
    "promo",  # donation, newsletter or paywall block in mid-body, with figures
    "pagination",  # two pages under one canonical URL
    "collapse",  # the article's container is empty until a script fills it
    "stale-copy",  # a cache answers with the version before
    "headline-test",  # two headlines in turn
    "session",  # session ids, nonces, tracking parameters
    "modified",  # dateModified moves, the text does not
    "next-article",  # infinite scroll appends another story
    "topics",  # "Other Topics of Interest": another headline and paragraph at every look
)

_TYPOGRAPHY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "–"})
_LONG_WORD = re.compile(r"\b([A-Za-z]{4})([a-z]{4,})\b")


def odd(look: int) -> bool:
    """Whether this look shows the other face of a noise that flips: every second one does, the first does not."""
    return look % 2 == 1


def stale(look: int) -> bool:
    """Whether a cache answers this look with the version before: every third one."""
    return look % 3 == 2


def retypeset(text: str) -> str:
    """The same words in other typography: straight quotes, en dashes, a no-break space, soft hyphens."""
    straight = text.translate(_TYPOGRAPHY).replace(" said", "\u00a0said", 1)
    return _LONG_WORD.sub("\\1\u00ad\\2", straight, count=3)


def encode_twice(text: str) -> str:
    """*text* as it looks when its UTF-8 was taken for Windows-1252 on the way to the page."""
    return "".join(_as_windows_1252(byte) for byte in text.encode())


def _as_windows_1252(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)  # https://encoding.spec.whatwg.org/#windows-1252: the five holes keep their C1 number
