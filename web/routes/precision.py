"""How often rules and feeds were right, by what people said, and the labels to measure with."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from store.engine import reading
from store.labels import labels
from store.reviews import Tally, tallies_by_feed, tallies_by_rule
from web.answers import as_json
from web.desk import desk_of
from web.deskpage import Page, served

router = APIRouter(include_in_schema=False)

_MANY = 200


@served(router, "/precision")
def precision_page(request: Request) -> Page:
    """Rules and feeds with their last words, the share of right ones and its 95 % interval."""
    with reading(desk_of(request).engine) as connection:
        by_rule, by_feed = tallies_by_rule(connection), tallies_by_feed(connection)
    rules, feeds = by_rule[:_MANY], by_feed[:_MANY]
    says = {"rules": [_told(each) for each in rules], "feeds": [_told(each) for each in feeds], "all": _sum(by_rule)}
    return Page("precision.html", "Precision", says)


def _told(tally: Tally) -> dict[str, object]:
    low, high = tally.interval
    known = {name: getattr(tally, name) for name in ("key", "name", "right", "wrong", "unsure", "precision")}
    return {**known, "low": round(low, 4), "high": round(high, 4)}


def _sum(tallies: Sequence[Tally]) -> dict[str, object]:
    counted = (sum(getattr(each, name) for each in tallies) for name in ("right", "wrong", "unsure"))
    return _told(Tally("", "all rules", *counted))


@router.get("/precision/labels.jsonl")
def download(request: Request) -> Response:
    """The reviewed sentence pairs as labelled data, one JSON object a line."""
    with reading(desk_of(request).engine) as connection:
        body = "".join(f"{as_json(each)}\n" for each in labels(connection))
    named = {"content-disposition": 'attachment; filename="pairs_labelled.jsonl"'}
    return Response(body, media_type="application/jsonl", headers=named)
