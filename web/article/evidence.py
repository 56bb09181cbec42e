"""Why to believe it: when each text was seen, what the outlet said about it, and what is kept, in words."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from store.views.listing import shown_url
from store.views.versions import VersionRow
from web.moments import duration

HIDDEN = "(hidden)"
"""Stands for a header's value that may open something."""
_SECRET = ("cookie", "authorization", "token", "secret", "api-key", "apikey", "session", "signature", "credential")
_ADDRESSES = ("location", "content-location", "link", "refresh")
_HEADER = 300
"""Characters of a header that a page shows."""

NOTICE = {
    "new": "The outlet added a correction or editor's note.",
    "existing": "A notice stood there before; none was added for this.",
    "none_seen": "The outlet shows no correction or note about it.",
}
STAMP = {
    "moved": "Its visible “updated” time moved.",
    "unmoved": "Its visible “updated” time did not move.",
    "absent": "It shows no “updated” time.",
}
MODIFIED = {
    "moved": "The date of change in its code moved.",
    "unmoved": "The date of change in its code did not move.",
    "absent": "Its code names no date of change.",
    "uninformative": "The date of change in its code moves on this site without a change, so it says nothing.",
}


def disclosed(version: VersionRow) -> tuple[str, ...]:
    """What the outlet said about a change: its notice, its visible stamp, the date in its code, one sentence each."""
    known: Mapping[str, Any] = version.disclosure or {}
    fields = ((NOTICE, "notice"), (STAMP, "visible_stamp"), (MODIFIED, "modified"))
    return tuple(words[known[name]] for words, name in fields if known.get(name) in words)


def window(version: VersionRow) -> str:
    """How exactly the time of an edit is known; empty for a first version."""
    if version.seen_old_at is None:
        return ""
    length = version.seen_at - version.seen_old_at
    if length.total_seconds() < 1:
        return "less than a second"
    # As the two moments stand beside it, to the second.
    return duration(version.seen_at.replace(microsecond=0) - version.seen_old_at.replace(microsecond=0))


def blind_looks(version: VersionRow) -> int:
    """How many looks failed in the observation window."""
    return sum(int(each.get("count", 1)) for each in version.blind or ())


def shown_headers(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The answer's headers by name, without what could open a door: values of cookies and tokens are hidden, in the
    queries of addresses too."""
    return tuple(_headers(headers))


def _headers(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in sorted(headers.items()):
        if _is_secret(name):
            yield name, HIDDEN
        else:
            yield name, (_address(value) if name.lower() in _ADDRESSES else value)[:_HEADER]


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET)


def _address(value: str) -> str:
    """A header that holds an address, without user, password and secret parameters; one that is not a lone address
    loses its queries whole."""
    try:
        parts = urlsplit(shown_url(value))
    except ValueError:
        return HIDDEN
    if not parts.query and "@" not in value:
        return value
    if " " in value or ";" in value:
        return f"{value.partition('?')[0].rpartition('@')[2]}…"
    query = urlencode([(key, HIDDEN if _is_secret(key) else each) for key, each in parse_qsl(parts.query)], safe="()")
    return urlunsplit(parts._replace(query=query))
