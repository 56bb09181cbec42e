"""Forms that work without a script: what a POST brings, and the way back to the page that it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request
from starlette.responses import RedirectResponse

from web.answers import RefusalError

FIELDS_MAX = 200
"""Fields that a form may bring; its bytes are bounded by the application."""
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, each as often as it was sent."""

    fields: Mapping[str, Sequence[str]]

    def text(self, name: str, most: int = 2_000) -> str:
        """One field without the space around it, empty where it is missing. Raises RefusalError 400 above *most*
        characters."""
        found = self.fields.get(name, ("",))[-1].strip()
        if len(found) > most:
            raise RefusalError(400, f"The field {name} is longer than {most:,} characters.")
        return found

    def many(self, name: str) -> tuple[str, ...]:
        """Every value of a field that is not empty: a group of boxes that were ticked."""
        return tuple(value for value in self.fields.get(name, ()) if value)

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.many(name))


async def _form(request: Request) -> Form:
    """Raises RefusalError 400 for what is no form, 415 for another kind of body."""
    if request.headers.get("content-type", _FORM).partition(";")[0].strip().lower() != _FORM:
        raise RefusalError(415, "A form is expected here.")
    try:
        return Form(parse_qs((await request.body()).decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX))
    except ValueError:
        raise RefusalError(400, "That is not a form that this page sent.") from None


Posted = Annotated[Form, Depends(_form)]
"""A route's parameter: the form that was sent. The doors have seen to it that our own page, or no browser, sent it."""


def back(form: Form, otherwise: str, *, place: str = "") -> RedirectResponse:
    """303 to the page named in the form's field ``next``, else to *otherwise*; never to another site. *place* is the
    element on that page to which the browser scrolls."""
    wanted = form.text("next")
    led = wanted if _is_ours(wanted) else otherwise
    return RedirectResponse(f"{led.partition('#')[0]}#{place}" if place else led, status_code=303)


def _is_ours(path: str) -> bool:
    """One slash, then no second and no backslash, which browsers read as one: else it would name a host."""
    return path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable() and path.isascii()
