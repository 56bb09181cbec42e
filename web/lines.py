"""Fact changes as a list shows them: one line each, those of one version together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape

from config.plain import plain
from store.reviews import Review
from store.views.changes import ChangeRow, VersionChanges
from web.chips import Chip, chip_of, shortened

TITLE_MAX = 140
"""Characters of a title in a list."""
NOTE_SHOWN = 80
"""Characters of a note in a list; the change's own page has all of it."""
BYTES_MAX = 60_000
"""What the lines of a page may take of its 100 kB."""
_AROUND = 800
"""Bytes of markup around a line, its three buttons above all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact change: its chip, and the last word about it."""

    id: int
    chip: Chip
    review: Review | None


@dataclass(frozen=True, slots=True)
class Told:
    """What one version changed, the loudest lines first; *more* lines are on the article's page. *stealth*: claims went
    or were replaced, and nothing on the page says so."""

    version_id: int
    article_id: int
    title: str
    outlet: str
    version: int
    seen_at: datetime
    stealth: bool
    lines: tuple[Line, ...]
    more: int


def told(groups: Iterable[VersionChanges], outlets: Mapping[int, str]) -> tuple[Told, ...]:
    """The groups of a list, in its order, as many as a page holds; *outlets* names the outlet of each article."""
    found: list[Told] = []
    left = BYTES_MAX
    for group in groups:
        one = _told(group, outlets.get(group.rows[0].article_id, ""))
        left -= _weight(one)
        if left < 0 and found:
            break
        found.append(one)
    return tuple(found)


def _weight(one: Told) -> int:
    """About how many bytes of a page this takes: its text, which escapes make up to ten times as long, and what the
    template writes around it."""
    texts = [one.title, one.outlet]
    for line in one.lines:
        note = line.review.note[:NOTE_SHOWN] if line.review else ""
        texts += (line.chip.before, line.chip.after, line.chip.subject, note)
    return _AROUND * (1 + len(one.lines)) + sum(len(escape(plain(text)).encode(errors="replace")) for text in texts)


def _told(group: VersionChanges, outlet: str) -> Told:
    first = group.rows[0]
    return Told(
        version_id=group.version_id,
        article_id=first.article_id,
        title=titled(first),
        outlet=shortened(outlet),
        version=first.version,
        seen_at=first.seen_at,
        stealth=first.stealth,
        lines=tuple(
            Line(row.id, chip_of(row.change, reverts=row.reverts is not None), row.review) for row in group.rows
        ),
        more=group.more,
    )


def titled(row: ChangeRow) -> str:
    """What a list calls a change's article: the headline that its version had."""
    return shortened(row.headline or row.article_title or row.article_url, TITLE_MAX)
