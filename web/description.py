"""What the API says of itself (OpenAPI 3.1): the routes as they are declared, and what holds for every one of them."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from web.shapes import Refusal

INVALID = "422"
"""What FastAPI says of every parameter; ours are refused with 400 and one sentence."""
OPEN = ("/livez", "/readyz")
EVERYWHERE: Mapping[str, str] = {
    "400": "What was asked makes no sense.",
    "401": "A token is needed.",
    "403": "This token, or this origin, may not.",
    "503": "Too many requests at once.",
}
"""What the doors answer before any route runs."""
UNKNOWN = "There is no such thing."
TOO_LARGE = "The body has more than 64 kB."
AUTHENTICATION = {
    "token": {"type": "http", "scheme": "bearer", "description": "`./writethru token add NAME` prints one."}
}


class Described(FastAPI):
    """An application whose description names each answer that its routes give."""

    def openapi(self) -> dict[str, Any]:
        """The description, made once."""
        if not self.openapi_schema:
            self.openapi_schema = description(self)
        return self.openapi_schema


def description(app: FastAPI) -> dict[str, Any]:
    """The document. One refusal shape stands for every refusal, and a token is asked for where one was made."""
    routes = [route for route in app.routes if not (isinstance(route, APIRoute) and route.path == app.openapi_url)]
    made = get_openapi(title=app.title, version=app.version, description=app.description, routes=routes)
    components = made.setdefault("components", {})
    components["schemas"] = {
        name: each
        for name, each in components.get("schemas", {}).items()
        if name not in ("HTTPValidationError", "ValidationError")
    } | {"Refusal": Refusal.model_json_schema()}
    components["securitySchemes"] = AUTHENTICATION
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return made


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    answers.pop(INVALID, None)
    for status, why in _refusals(path, method).items():
        answers.setdefault(status, _refusing(why))
    operation["responses"] = dict(sorted(answers.items()))
    operation["security"] = [] if path in OPEN else [{}, {"token": []}]


def _refusals(path: str, method: str) -> dict[str, str]:
    found = dict(EVERYWHERE)
    if path in OPEN:
        found = {status: why for status, why in found.items() if status in ("400", "503")}
    if "{" in path:
        found["404"] = UNKNOWN
    if method in ("post", "put"):
        found["413"] = TOO_LARGE
    return found


def _refusing(why: str) -> dict[str, Any]:
    return {
        "description": why,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
    }
