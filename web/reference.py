"""The API's own description as a page shows it: operations by noun, with an example each, and the shapes they speak."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_ORDER = ("changes", "articles", "versions", "feeds", "previews", "alerts", "endpoints", "deliveries", "service")
_SEEN = {"changes/stream": "-N "}
_EXAMPLES: Mapping[str, Any] = {
    "url": "https://news.example/feed.xml",
    "what": "https://news.example/",
    "verdict": "right",
    "note": "seen in print",
    "tags": ["world"],
}


@dataclass(frozen=True, slots=True)
class Part:
    """A parameter, or a field of a shape. *kind* is its type in words; *shape* names the shape it holds, if any."""

    name: str
    kind: str
    shape: str
    needed: bool
    about: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back. *kind* is the type in words; *shape* names the shape that it holds, if any."""

    status: str
    about: str
    kind: str
    shape: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for. *body* names the shape that is sent, if any; *curl* is a command to try."""

    method: str
    path: str
    about: str
    parameters: tuple[Part, ...]
    body: str
    answers: tuple[Answer, ...]
    curl: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The operations that have to do with one noun."""

    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object that is sent or answered, field by field."""

    name: str
    about: str
    fields: tuple[Part, ...]


def subjects(document: Mapping[str, Any], base: str) -> tuple[Subject, ...]:
    """Every operation, by its noun. *base* is where the service is."""
    found: dict[str, list[Operation]] = {name: [] for name in _ORDER}
    for path, methods in document["paths"].items():
        parts = path.removeprefix("/api/v1/").split("/")
        name = parts[0] if path.startswith("/api/v1/") else "service"
        found.setdefault(name, []).extend(
            _operation(method, path, said, document, base) for method, said in methods.items()
        )
    for rows in found.values():
        rows.sort(key=lambda each: (each.path, each.method))
    return tuple(Subject(name, tuple(rows)) for name, rows in found.items() if rows)


def shapes(document: Mapping[str, Any]) -> tuple[Shape, ...]:
    """Every shape that is an object, by name."""
    known = document["components"]["schemas"]
    return tuple(
        Shape(name, _line(said.get("description", "")), _fields(said))
        for name, said in sorted(known.items())
        if "properties" in said
    )


def _operation(method: str, path: str, said: Mapping[str, Any], document: Mapping[str, Any], base: str) -> Operation:
    body = _schema(said.get("requestBody", {}))
    return Operation(
        method.upper(),
        path,
        _line(said.get("description", "")),
        tuple(_parameter(each) for each in said.get("parameters", ())),
        _shape(body),
        tuple(_answer(status, each) for status, each in said["responses"].items()),
        _curl(method, path, said, _example(body, document), base),
    )


def _parameter(said: Mapping[str, Any]) -> Part:
    schema = said["schema"]
    about = said.get("description", schema.get("description", ""))
    return Part(said["name"], _kind(schema).removesuffix(" or null"), "", bool(said.get("required")), _line(about))


def _fields(said: Mapping[str, Any]) -> tuple[Part, ...]:
    needed = said.get("required", ())
    return tuple(
        Part(name, _kind(each), _shape(each), name in needed, _line(each.get("description", "")))
        for name, each in said["properties"].items()
    )


def _answer(status: str, said: Mapping[str, Any]) -> Answer:
    media, schema = next(iter(said.get("content", {"": {}}).items()))
    schema = schema.get("schema", {})
    plain = media and media != "application/json"
    return Answer(status, said["description"], media if plain else _kind(schema), _shape(schema))


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = body.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _kind(schema: Mapping[str, Any]) -> str:
    """A type in words."""
    if "$ref" in schema:
        return _shape(schema)
    for among in ("anyOf", "oneOf"):
        if among in schema:
            return " or ".join(dict.fromkeys(_kind(each) for each in schema[among]))
    if "enum" in schema or "const" in schema:
        return " | ".join(str(each) or '""' for each in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        inside = schema.get("prefixItems")
        return f"[{', '.join(map(_kind, inside))}]" if inside else f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _shape(schema: Mapping[str, Any]) -> str:
    """The shape that a schema leads to, itself, in a list or among others; empty where there is none."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    inside: Sequence[Mapping[str, Any]] = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]
    return next((name for each in inside if (name := _shape(each))), "")


def _example(schema: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """A body with the fields that must be there, as JSON; empty where nothing is sent."""
    if not _shape(schema):
        return ""
    said = document["components"]["schemas"][_shape(schema)]
    known = {name: _EXAMPLES[name] for name in said.get("required", ()) if name in _EXAMPLES}
    return json.dumps(known)


def _curl(method: str, path: str, said: Mapping[str, Any], body: str, base: str) -> str:
    filled = path
    for each in said.get("parameters", ()):
        if each["in"] == "path":
            filled = filled.replace("{" + each["name"] + "}", "1")
    asked = [
        f"{each['name']}=1" for each in said.get("parameters", ()) if each["in"] == "query" and each.get("required")
    ]
    address = base + filled + ("?" + "&".join(asked) if asked else "")
    verb = "" if method == "get" else f"-X {method.upper()} "
    sent = f" --json {shlex.quote(body)}" if body else ""
    waits = next((flag for end, flag in _SEEN.items() if path.endswith(end)), "")
    return f"curl {waits}{verb}{shlex.quote(address)}{sent}".replace("to=1", "to=2")


def _line(text: str) -> str:
    return " ".join(text.replace("`", "").split())
