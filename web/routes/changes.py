"""The changes: the page that a desk leaves open, and the page of one change."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, get_args

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request

from facts.model import SEVERITIES, ChangeType
from store.engine import reading
from store.filters import saved_filters
from store.retractions import retraction_of, told_of
from store.reviews import VERDICTS, reviews_of
from store.views.changes import changes_by_id, last_change_id
from store.views.choices import feed_names, feed_tags, standing
from store.views.happenings import HAPPENINGS
from store.views.news import Position, news
from store.views.outlets import outlets
from store.views.pulse import pulse
from web.answers import RefusalError
from web.article.difference import change_object
from web.article.marks import marked
from web.chips import chip_of
from web.desk import desk_of
from web.deskpage import Page, served
from web.filters import Filter, asked_filter, named_filter
from web.lines import Befell, article_of, titled, told

router = APIRouter(include_in_schema=False)

_VERSIONS = 30
"""Versions on a page, each with its four loudest lines."""
_LATE = timedelta(minutes=1)
"""What was told so lately may have come after the page was read."""
_CHOICES = 40
"""Feeds, tags and saved filters to choose from."""


@served(router, "/")
@served(router, "/changes")
def changes_page(
    request: Request,
    cursor: Annotated[str, Query(max_length=80)] = "",
    saved: Annotated[str, Query(max_length=100)] = "",
) -> Page:
    """Fact changes, the last version first: those that the filter in the address, or the one saved as *saved*, asks
    for."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        chosen = named_filter(connection, saved) if saved else asked_filter(request)
        at = Position.read(cursor)
        found, more = news(connection, at, _VERSIONS, chosen.wanted)
        shown = told(found, outlets(connection, {article_of(row) for row in found}))
        following = at.after(found[: len(shown)]).cursor if more or len(shown) < len(found) else None
        says = {
            "filter": chosen.given,
            "saved": saved,
            "versions": [each for each in shown if not isinstance(each, Befell)],
            "happenings": [each for each in shown if isinstance(each, Befell)],
            "next": following,
            "last": last_change_id(connection),
            "pulse": pulse(connection, desk.clock()),
        }
        beside = {"rows": shown, "standing": "" if found or cursor else standing(connection)}
        beside["happening"] = _happening(chosen, desk.clock())
        return Page("changes.html", "Changes", says, {**_choices(connection, chosen), **beside})


def _happening(chosen: Filter, now: datetime) -> str:
    """Where a page that stays asks for what befell articles since; empty where the filter asks for none of it."""
    types = tuple(each for each in HAPPENINGS if not chosen.type or each in chosen.type)
    if not types or chosen.verdict or chosen.ids:
        return ""
    since = max(filter(None, (chosen.since, now - _LATE)))
    return f"/changes?{chosen.model_copy(update={'type': types, 'since': since}).query}"


def _choices(connection: sa.Connection, chosen: Filter) -> Mapping[str, Any]:
    """What the form of the filter offers."""
    return {
        "asked": chosen,
        "query": chosen.query,
        "atom": f"/atom/changes?{chosen.query}" if chosen.query else "/atom/changes",
        "types": (*get_args(ChangeType), *HAPPENINGS),
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
