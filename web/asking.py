"""What a program may ask: a parameter that no operation has is refused, for a filter that is passed over would be
answered with everything."""

from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant

from web.answers import RefusalError


def only_known(request: Request) -> None:
    """Raises RefusalError 400 for a query with a parameter that this operation has not."""
    known = _named(request.scope["route"].dependant)
    if all(name in known for name in request.query_params):
        return
    has = f"there are {', '.join(sorted(known))}" if known else "it takes none"
    raise RefusalError(400, f"This operation has no such parameter; {has}.")


def in_words(errors: Any) -> str:
    """What is wrong with a request, by field; never what was sent."""
    said = dict.fromkeys(f"{_field(error['loc'])} ({_wrong(error)})" for error in errors)
    return f"These parameters are not valid: {'; '.join(sorted(said))}."


def _named(dependant: Dependant) -> frozenset[str]:
    own = frozenset(field.alias for field in dependant.query_params)
    return own.union(*(_named(each) for each in dependant.dependencies))


def _field(place: tuple[int | str, ...]) -> str:
    """The field's name, with what it stands in; without places in a list and branches of a type."""
    names = [each for each in place[1:] if isinstance(each, str) and "[" not in each]
    return ".".join(names)[:100] or str(place[0])


def _wrong(error: dict[str, Any]) -> str:
    if error["type"] == "string_pattern_mismatch":
        return "written otherwise, as /api shows"
    said = str(error["msg"]).removeprefix("Value error, ")
    return said if said[:2].isupper() else said[:1].lower() + said[1:]
