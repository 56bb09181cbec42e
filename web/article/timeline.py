"""The story of an article as a rail: versions, what befell the page, and the times when nobody could see it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from store.views.articles import ArticleRow
from store.views.changes import ChangeRow
from store.views.versions import VersionRow
from web.chips import Chip, chip_of
from web.moments import duration

Kind = Literal[
    "first", "fact", "correction", "style", "return", "blind", "withdrawn", "restored", "settled", "variants"
]

_CHIPS = 2
"""Fact changes that a version shows on the rail."""
_RUN = 3
"""Wording-only versions in a row from which they are one node."""
EVENTS: Mapping[str, tuple[Kind, str]] = {
    "article.withdrawn": ("withdrawn", "the page is gone"),
    "article.restored": ("restored", "the page is back"),
    "article.settled": ("settled", "no longer marked as developing"),
    "article.variants": ("variants", "two texts take turns (an A/B test or a stale copy)"),
}
"""Alerts that are nodes of the rail, and how they read."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An alert that is no version: its type and when it was told."""

    type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Node:
    """A place on the rail. *first* to *last* are the versions that it leads to (*last* 0: none); *more* fact changes
    than *chips* shows."""

    kind: Kind
    at: datetime
    words: str
    first: int = 0
    last: int = 0
    chips: tuple[Chip, ...] = ()
    more: int = 0
    severity: str = ""
    stealth: bool = False
    here: bool = False

    @property
    def name(self) -> str:
        """``v4``, ``v5–v9``, or nothing."""
        if not self.last:
            return ""
        alone = self.last - self.first <= 1
        return f"v{self.last}" if alone else f"v{self.first + 1}–v{self.last}"


def timeline(
    article: ArticleRow,
    versions: Sequence[VersionRow],
    changes: Sequence[ChangeRow],
    happenings: Sequence[Happening],
    here: tuple[int, int],
) -> tuple[Node, ...]:
    """The nodes, newest first, of *versions* (newest first) with their *changes*; *here* are the two versions shown.

    What happened to the page stands between the versions of its time; what is older than the oldest version given, or
    newer than the newest of an older piece, belongs to another piece.
    """
    by_version: dict[int, list[ChangeRow]] = {}
    for row in changes:
        by_version.setdefault(row.version, []).append(row)
    nodes = [node for version in versions for node in _version(version, by_version.get(version.number, ()), here)]
    if versions:
        since = versions[-1].seen_at
        until = None if versions[0].number == article.versions else versions[0].seen_at
        nodes += [_event(each) for each in happenings if since <= each.at and (until is None or each.at < until)]
        nodes += _now(article, happenings) if until is None else ()
    nodes.sort(key=lambda node: node.at, reverse=True)
    return tuple(_folded(nodes))


def _version(version: VersionRow, changes: Sequence[ChangeRow], here: tuple[int, int]) -> Iterator[Node]:
    kind = _kind(version, changes)
    chips = tuple(chip_of(row.change) for row in changes[:_CHIPS])
    yield Node(
        kind,
        version.seen_at,
        _words(kind, version),
        version.number - 1,
        version.number,
        chips if version.factual else (),
        max(0, len(changes) - _CHIPS) if version.factual else 0,
        version.severity or "",
        version.stealth,
        here[0] < version.number <= here[1],
    )
    for blind in version.blind or ():
        if (node := _blind(blind)) is not None:
            # A moment that was written is never after the version whose window it lies in.
            yield replace(node, at=min(node.at, version.seen_at))


def _kind(version: VersionRow, changes: Sequence[ChangeRow]) -> Kind:
    if version.number == 1:
        return "first"
    if any(row.change.type == "correction" for row in changes):
        return "correction"
    if version.factual:
        return "fact"
    return "return" if version.same_text_as else "style"


def _words(kind: Kind, version: VersionRow) -> str:
    if kind == "first":
        return "first seen; it existed before" if version.late else "first seen"
    if version.same_text_as:
        return f"back to the text of v{version.same_text_as}"
    return "" if version.factual else "wording only"


def _blind(blind: Mapping[str, Any]) -> Node | None:
    """Looks that failed inside an observation window; None for what does not say when."""
    try:
        since, until = (datetime.fromisoformat(str(blind[name])) for name in ("from", "to"))
    except (KeyError, ValueError):
        return None
    count, reason = blind.get("count", 1), str(blind.get("reason", ""))[:60]
    lasted = f" over {duration(until - since)}" if until > since else ""
    return Node("blind", until, f"not seen: {count} failed look{'' if count == 1 else 's'}{lasted} ({reason})")


def _event(happening: Happening) -> Node:
    kind, words = EVENTS[happening.type]
    return Node(kind, happening.at, words)


def _now(article: ArticleRow, happenings: Sequence[Happening]) -> Iterator[Node]:
    """What holds at this moment and was not told, or is no alert."""
    gone = article.availability == "withdrawn" and article.gone_since is not None
    if gone and not any(each.type == "article.withdrawn" for each in happenings) and article.gone_since:
        yield Node("withdrawn", article.gone_since, "the page is gone")
    if article.failures and not gone and article.last_checked_at is not None:
        looks = f"{article.failures} look{'' if article.failures == 1 else 's'}"
        yield Node("blind", article.last_checked_at, f"not seen now: {looks} in a row failed ({article.last_reason})")


def _folded(nodes: Sequence[Node]) -> Iterator[Node]:
    """Wording-only versions in a row as one node, unless they are the ones shown."""
    for plain, group in groupby(nodes, key=lambda node: node.kind == "style" and not node.here):
        run = list(group)
        if not plain or len(run) < _RUN:
            yield from run
        else:
            yield replace(run[0], first=run[-1].first, words=f"wording only, {len(run)} versions")
