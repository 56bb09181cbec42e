"""Triage: a word about a fact change, by a form or by the API; seen by all, the last one counts."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from store.engine import writing
from store.reviews import NOTE_MAX, VERDICTS, Review, Verdict
from web.answers import Json, RefusalError
from web.desk import desk_of, visitor_of
from web.forms import Posted, back
from workers.reviewing import Retraction, Said, say

router = APIRouter()


def _is(name: str, value: str | bool) -> dict[str, Any]:
    return {"properties": {name: {"const": value}}}


class Word(BaseModel):
    """What is said of a change. *retract* goes with ``wrong`` alone: everybody who was told of it hears that."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"anyOf": [_is("verdict", "wrong"), _is("retract", False)]}
    )

    verdict: Verdict
    note: str = Field("", max_length=NOTE_MAX)
    retract: bool = False


class Noted(BaseModel):
    """The word as it was written down, and what came of the retraction."""

    review: Review
    retraction: Retraction
    alert_id: str | None


@router.post("/triage", include_in_schema=False)
def triage(request: Request, form: Posted) -> Response:
    """One press in a list: a field named by the verdict holds the change's id."""
    for verdict in VERDICTS:
        change_id = form.text(verdict)
        if change_id:
            _say(request, _number(change_id), Word(verdict=verdict))
            return back(form, "/changes", place=f"c{change_id}")
    raise RefusalError(400, f"A verdict is one of {', '.join(VERDICTS)}.")


@router.post("/changes/{change_id}/review", include_in_schema=False)
def review_form(request: Request, change_id: int, form: Posted) -> Response:
    """The form of a change's own page: verdict, note, retraction."""
    verdict = next((each for each in VERDICTS if each == form.text("verdict")), None)
    if verdict is None:
        raise RefusalError(400, f"A verdict is one of {', '.join(VERDICTS)}.")
    note = form.text("note", NOTE_MAX)
    _say(request, change_id, Word(verdict=verdict, note=note, retract=form.ticked("retract")))
    return back(form, f"/changes/{change_id}")


@router.post("/api/v1/changes/{change_id}/review", response_model=Noted)
def review_by_api(request: Request, change_id: int, word: Word) -> Any:
    """Says right, wrong or unsure of a fact change."""
    said = _say(request, change_id, word)
    return Json({"review": said.review, "retraction": said.retraction, "alert_id": said.alert_id})


def _say(request: Request, change_id: int, word: Word) -> Said:
    desk = desk_of(request)
    known: Any = {"note": word.note, "retract": word.retract, "by": visitor_of(request).name, "now": desk.clock()}
    try:
        with writing(desk.engine) as connection:
            said = say(connection, desk.settings, _id(change_id), word.verdict, **known)
    except ValueError as wrong:
        raise RefusalError(400, f"{str(wrong).capitalize()}.") from None
    if said is None:
        raise RefusalError(404, "There is no such change.")
    return said


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise RefusalError(400, "That is not the id of a change.")
    return int(written)


def _id(number: int) -> int:
    """An id that SQL can hold; any other is one that nothing has."""
    return number if 0 <= number < 2**63 else 0
