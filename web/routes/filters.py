"""Filters saved by name: seen and used by everybody at the desk."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from store.engine import writing
from store.filters import remove_filter, save_filter
from web.answers import RefusalError
from web.desk import desk_of, visitor_of
from web.filters import filter_of
from web.forms import Posted, back

router = APIRouter(include_in_schema=False)


@router.post("/filters")
def save(request: Request, form: Posted) -> Response:
    """Saves the question of the changes page under a name; the same name again replaces it."""
    query = filter_of(form.text("query")).query
    desk = desk_of(request)
    try:
        with writing(desk.engine) as connection:
            by = visitor_of(request).name
            saved = save_filter(connection, form.text("name"), query, by=by, now=desk.clock())
    except ValueError as wrong:
        raise RefusalError(400, f"{str(wrong).capitalize()}.") from None
    return RedirectResponse(f"/changes?{urlencode({'saved': saved.name})}", status_code=303)


@router.post("/filters/{filter_id}/delete")
def delete(request: Request, filter_id: int, form: Posted) -> Response:
    """Forgets a saved filter."""
    with writing(desk_of(request).engine) as connection:
        if not (0 < filter_id < 2**63 and remove_filter(connection, filter_id)):
            raise RefusalError(404, "There is no such filter. Somebody may have deleted it before you.")
    return back(form, "/changes")
