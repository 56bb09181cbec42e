"""One line of the terminal for each thing a webhook tells. Pure: bodies in, styled spans out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from config.plain import plain

LONGEST = 64
"""Characters of a before or after that are shown: enough for a quote's heart."""

_TYPE_STYLE = {"correction": "magenta", "quote": "cyan", "attribution": "cyan", "status": "yellow"}
_SEVERITY_STYLE = {"critical": "bold red", "high": "red", "medium": "yellow"}
_EVENTS = {
    "article.corrected": ("corrected", "the outlet owns up to a change", "magenta"),
    "article.settled": ("settled", "no longer marked as developing", "green"),
    "article.withdrawn": ("withdrawn", "the page is gone", "bold red"),
    "article.restored": ("restored", "the page is back", "green"),
    "article.variants": ("variants", "two texts in turn; further alerts held", "yellow"),
    "article.version_created": ("wording", "a new version, no fact changed", "dim"),
    "alert.retracted": ("retracted", "an earlier alert was wrong", "magenta"),
    "feed.failing": ("failing", "a feed cannot be read", "yellow"),
    "feed.recovered": ("recovered", "a feed can be read again", "green"),
    "endpoint.test": ("test", "the endpoint works", "dim"),
}


def lines(body: Mapping[str, Any], outlet: str) -> Iterator[Text]:
    """The lines that one webhook body is worth: one a fact change, one for any other event, none for a first version
    or for one whose facts are told by an ``article.facts_changed`` of their own."""
    article = body["data"].get("article") or {}
    told = _told_of(outlet, article.get("title") or body["data"].get("feed", {}).get("url", ""))
    changes: Sequence[Mapping[str, Any]] = body["data"].get("changes") or ()
    if body["type"] == "article.facts_changed":
        for change in _once(changes):
            yield _change(change, stealth=bool(body["data"].get("stealth"))).append(told, "dim")
        return
    if body["type"] == "article.version_created" and (changes or body["data"]["version"]["from"] is None):
        return
    name, meaning, style = _EVENTS.get(body["type"], (body["type"], "", ""))
    yield Text().append(f"{plain(name):<12}", style).append(meaning).append(told, "dim")


def _once(changes: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The changes, one that shows in headline and text alike only once."""
    seen = set()
    for change in changes:
        key = tuple(change.get(name) for name in ("type", "op", "before", "after"))
        if key not in seen:
            seen.add(key)
            yield change


def _change(change: Mapping[str, Any], *, stealth: bool) -> Text:
    line = Text().append(f"{_shown(change['type']):<12}", _TYPE_STYLE.get(change["type"], "bold"))
    match change["op"]:
        case "added":
            line.append("+ ", "green").append(_shown(change["after"]))
        case "removed":
            line.append("− ", "red").append(_shown(change["before"]))
        case _:
            line.append(_shown(change["before"])).append(" → ", "bold").append(_shown(change["after"]), "bold")
    if change.get("subject"):
        line.append(f"  {_shown(change['subject'])}")
    line.append(f"  {_shown(change['severity'])}", _SEVERITY_STYLE.get(change["severity"], "dim"))
    if stealth:
        line.append("  unannounced", "magenta")
    return line


def _told_of(outlet: str, title: str) -> str:
    return f"   {plain(outlet)}: {_shown(title)}"


def _shown(text: object) -> str:
    whole = plain(str(text)) if text is not None else "–"
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1].rstrip() + "…"
