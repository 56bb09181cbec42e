"""Atom (RFC 4287): what is new for whoever reads feeds. An entry is a version, with its chips and the word diff, or a
page that was withdrawn or came back."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from store.views.changes import ChangeRow, VersionChanges
from store.views.happenings import HappeningRow
from store.views.news import News
from web.article.marks import Mark, marked
from web.chips import Chip, chip_of
from web.lines import words_of
from web.pages import filled

ENTRIES = 40
"""Entries of a feed: what a reader that comes by once an hour will not miss."""


@dataclass(frozen=True, slots=True)
class At:
    """Where a feed stands: *base* is where the pages are, *path* that of the feed with its query, *page* that of the
    page which shows the same."""

    base: str
    path: str
    page: str


@dataclass(frozen=True, slots=True)
class Told:
    """One fact change in an entry: its chip, and its sentence before and after as one run of marks. Of a page that went
    or came back there is the chip alone."""

    chip: Chip
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One version, or what befell a page. *id* is the same for ever; that of a version is the same on every desk that
    watches this article."""

    id: str
    title: str
    path: str
    outlet: str
    updated: datetime
    told: tuple[Told, ...]
    more: int


def entry_of(row: News) -> Entry:
    """A row of the list of changes as an entry."""
    return _befell(row) if isinstance(row, HappeningRow) else _changed(row)


def _befell(row: HappeningRow) -> Entry:
    chip = Chip(row.type, "", "", words_of(row), row.severity, "")
    return Entry(
        id=uuid.uuid5(uuid.NAMESPACE_URL, f"{row.article_url}#{row.type}-{row.id}").urn,
        title=" · ".join([chip.words, row.article_title or row.article_url]),
        path=f"/articles/{row.article_id}",
        outlet=row.site,
        updated=row.at,
        told=(Told(chip, ()),),
        more=0,
    )


def _changed(changed: VersionChanges) -> Entry:
    row = changed.rows[0]
    told = tuple(
        Told(_chip(each), marked(each.change.sentence_before, each.change.sentence_after)) for each in changed.rows
    )
    return Entry(
        id=uuid.uuid5(uuid.NAMESPACE_URL, f"{row.article_url}#version-{row.version}").urn,
        title=" · ".join([told[0].chip.words, row.headline or row.article_title or row.article_url]),
        path=f"/articles/{row.article_id}?from={row.version - 1}&to={row.version}",
        outlet=row.site,
        updated=row.seen_at,
        told=told,
        more=changed.more,
    )


def feed(at: At, title: str, rows: Iterable[News], now: datetime) -> Response:
    """The document; *now* dates a feed without entries."""
    entries = [entry_of(each) for each in rows]
    updated = max((each.updated for each in entries), default=now)
    urn = uuid.uuid5(uuid.NAMESPACE_URL, f"{at.base}{at.path}").urn
    body = filled("atom.xml", at=at, title=title, urn=urn, updated=updated, entries=entries)
    return Response(body, media_type="application/atom+xml")


def _chip(row: ChangeRow) -> Chip:
    return chip_of(row.change, reverts=row.reverts is not None, stealth=row.stealth)
