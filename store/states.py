"""One word for people: what an article's marker, availability and watch come to, and what state a feed is in."""

from typing import Literal

State = Literal["developing", "live", "settled", "ended", "paused", "withdrawn", "unreachable"]
FeedState = Literal["ok", "new", "failing", "paused"]

UNREACHABLE_AFTER = 3
"""Failed looks in a row. One or two are the web's weather; three are hours apart under backoff."""


def state_of(marker: str, availability: str, watch: str, failures: int, versions: int) -> State | None:
    """The word that a person reads first: what ends the story, then what keeps us from seeing it, then the page's own
    marker. ``settled`` says that the page does not call itself developing, no more. None before the first version,
    unless it is known that there is none to have: what was never read is in no state."""
    if availability == "withdrawn":
        return "withdrawn"
    if watch in ("ended", "paused"):
        return "ended" if watch == "ended" else "paused"
    if availability in ("blocked", "paywalled", "moved") or failures >= (UNREACHABLE_AFTER if versions else 1):
        return "unreachable"
    if not versions:
        return None
    if marker == "live":
        return "live"
    return "developing" if marker == "developing" else "settled"


def feed_state(*, paused: bool, failures: int, looked: bool) -> FeedState:
    """A feed that failed once is failing: its articles are not found meanwhile. *looked* is false before the first
    look."""
    if paused:
        return "paused"
    if failures:
        return "failing"
    return "ok" if looked else "new"
