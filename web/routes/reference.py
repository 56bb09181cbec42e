"""The page about the API, out of its own description."""

from fastapi import APIRouter, Request

from web.desk import desk_of
from web.deskpage import Page, served
from web.reference import shapes, subjects

router = APIRouter(include_in_schema=False)


@served(router, "/api")
def reference_page(request: Request) -> Page:
    """Every operation with its parameters, answers and an example; every shape."""
    document = request.app.openapi()
    base = desk_of(request).settings.web_url
    return Page("reference.html", "API", {"subjects": subjects(document, base), "shapes": shapes(document)})
