"""Fact changes as a list shows them: one line each, those of one version together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape

from config.plain import plain
from store.reviews import Review
from store.views.changes import ChangeRow, VersionChanges
from store.views.happenings import HappeningRow
from store.views.news import News
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


@dataclass(frozen=True, slots=True)
class Befell:
    """A page that went or came back: what happened, in *words* for people, and the last version that was seen."""

    id: str
    type: str
    severity: str
    words: str
    article_id: int
    title: str
    outlet: str
    version: int
    at: datetime


WORDS: Mapping[str, str] = {"withdrawn": "the page is gone", "restored": "the page is back"}


def article_of(row: News) -> int:
    """The article that a row of the list is about."""
    return row.article_id if isinstance(row, HappeningRow) else row.rows[0].article_id


def told(rows: Iterable[News], outlets: Mapping[int, str]) -> tuple[Told | Befell, ...]:
    """The rows of a list, in its order, as many as a page holds; *outlets* names the outlet of each article."""
    found: list[Told | Befell] = []
    left = BYTES_MAX
    for row in rows:
        outlet = outlets.get(article_of(row), "")
        one = _befell(row, outlet) if isinstance(row, HappeningRow) else _told(row, outlet)
        left -= _weight(one)
        if left < 0 and found:
            break
        found.append(one)
    return tuple(found)


def words_of(row: HappeningRow) -> str:
    """What befell a page, in words for people."""
    reason = row.reason.replace("http-", "HTTP ") if row.type == "withdrawn" else ""
    return f"{WORDS[row.type]} ({shortened(reason)})" if reason else WORDS[row.type]


def _befell(row: HappeningRow, outlet: str) -> Befell:
    return Befell(
        id=row.id,
        type=row.type,
        severity=row.severity,
        words=words_of(row),
        article_id=row.article_id,
        title=shortened(row.article_title or row.article_url, TITLE_MAX),
        outlet=shortened(outlet),
        version=row.versions,
        at=row.at,
    )


def _weight(one: Told | Befell) -> int:
    """About how many bytes of a page this takes: its text, which escapes make up to ten times as long, and what the
    template writes around it."""
    texts = [one.title, one.outlet]
    lines = () if isinstance(one, Befell) else one.lines
    for line in lines:
        note = line.review.note[:NOTE_SHOWN] if line.review else ""
        texts += (line.chip.before, line.chip.after, line.chip.subject, note)
    return _AROUND * (1 + len(lines)) + sum(len(escape(plain(text)).encode(errors="replace")) for text in texts)


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
