"""The changes: the page that a desk leaves open, and the page of one change."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request

from facts.model import SEVERITIES, ChangeType
from store.engine import reading
from store.filters import saved_filters
from store.retractions import retraction_of, told_of
from store.reviews import VERDICTS, reviews_of
from store.views.changes import changes_by_id, changes_by_version, last_change_id
from store.views.choices import feed_names, feed_tags, standing
from store.views.listing import Cut
from store.views.outlets import outlets
from store.views.pulse import pulse
from web.answers import RefusalError
from web.chips import chip_of
from web.desk import desk_of
from web.deskpage import Page, served
from web.difference import change_object
from web.filters import Filter, asked_filter, named_filter
from web.lines import titled, told
from web.marks import marked

router = APIRouter(include_in_schema=False)

_VERSIONS = 30
"""Versions on a page, each with its four loudest lines."""
_CHOICES = 40
"""Feeds, tags and saved filters to choose from."""


@served(router, "/")
@served(router, "/changes")
def changes_page(
    request: Request,
    cursor: Annotated[str, Query(max_length=40)] = "",
    saved: Annotated[str, Query(max_length=100)] = "",
) -> Page:
    """Fact changes, the last version first: those that the filter in the address, or the one saved as *saved*, asks
    for."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        chosen = named_filter(connection, saved) if saved else asked_filter(request)
        found = changes_by_version(connection, Cut(cursor, _VERSIONS), chosen.wanted)
        named = outlets(connection, {group.rows[0].article_id for group in found.rows})
        shown = told(found.rows, named)
        following = str(shown[-1].version_id) if len(shown) < len(found.rows) else found.next
        says = {
            "filter": chosen.given,
            "saved": saved,
            "versions": shown,
            "next": following,
            "last": last_change_id(connection),
            "pulse": pulse(connection, desk.clock()),
        }
        standing_at = "" if found.rows or cursor else standing(connection)
        return Page("changes.html", "Changes", says, {**_choices(connection, chosen), "standing": standing_at})


def _choices(connection: sa.Connection, chosen: Filter) -> Mapping[str, Any]:
    """What the form of the filter offers."""
    return {
        "asked": chosen,
        "query": chosen.query,
        "atom": f"/atom/changes?{chosen.query}" if chosen.query else "/atom/changes",
        "types": get_args(ChangeType),
        "severities": SEVERITIES,
        "verdicts_known": VERDICTS,
        "feeds": feed_names(connection, _CHOICES, *([chosen.feed] if chosen.feed else [])),
        "tags": feed_tags(connection, _CHOICES),
        "filters": saved_filters(connection)[:_CHOICES],
    }


@served(router, "/changes/{change_id}")
def change_page(request: Request, change_id: int) -> Page:
    """One change: its two sentences, how sure, who said what of it."""
    with reading(desk_of(request).engine) as connection:
        rows = changes_by_id(connection, [change_id]) if 0 < change_id < 2**63 else ()
        if not rows:
            raise RefusalError(404, "There is no such change. Its article may have been removed with its feed.")
        row = rows[0]
        said = reviews_of(connection, change_id)
        chip = chip_of(row.change, reverts=row.reverts is not None, stealth=row.stealth)
        marks = marked(row.change.sentence_before, row.change.sentence_after)
        says = {
            "change": change_object(row),
            "reviews": said,
            "alerts": told_of(connection, change_id),
            "retraction": retraction_of(connection, change_id),
        }
        outlet = outlets(connection, {row.article_id})[row.article_id]
        beside = {"row": row, "chip_shown": chip, "words": marks, "title_of": titled(row), "outlet": outlet}
        return Page("change.html", chip.words, says, beside)
