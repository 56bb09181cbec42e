"""Puts the settings together, once, at the edge: file < environment < flags. Knows where each value came from."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_origin

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from config.fields import FIELDS, spelt
from config.settings import Settings

PREFIX = "WRITETHRU_"
NOT_SETTINGS = ("WRITETHRU_CONFIG", "WRITETHRU_TEST_")

_WHOLE, _TRUTH = "must be a whole number", "must be true or false"
ALLOWED = {
    "bool_parsing": _TRUTH, "bool_type": _TRUTH,
    "int_parsing": _WHOLE, "int_type": _WHOLE, "int_from_float": _WHOLE,
    "less_than_equal": "must be at most {le}", "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "literal_error": "must be {expected}", "tuple_type": "must be a list", "path_type": "must be a path",
    "string_type": "must be text", "string_too_short": "must not be empty",
    "string_pattern_mismatch": "must be printable ASCII",
}  # fmt: skip
"""What an operator may write, by the type of pydantic's error; the one pattern is that of a header."""


class ConfigError(Exception):
    """The configuration cannot be used. Its text is one line: what, where, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value as the operator wrote it, and where."""

    value: object
    origin: str


def load(environ: Mapping[str, str], path: Path | None, flags: Mapping[str, object]) -> Settings:
    """The settings of this process. *flags* maps dotted keys to values, None where not given. Raises ConfigError."""
    return settings_of(gather(environ, path, flags))


def gather(environ: Mapping[str, str], path: Path | None, flags: Mapping[str, object]) -> dict[str, Given]:
    """What the operator gave, dotted key → value; the nearest layer wins. Raises ConfigError for an unknown key."""
    file = _file(environ, path)
    layers = [
        _from_file(file) if file else (),
        _from_environment(environ),
        ((key, Given(value, "flag")) for key, value in flags.items() if value is not None),
    ]
    return {key: given for layer in layers for key, given in layer}


def settings_of(given: Mapping[str, Given]) -> Settings:
    """The validated settings. Raises ConfigError for the first value that cannot be."""
    tree: dict[str, Any] = {}
    for key, each in given.items():
        *tables, name = key.split(".")
        branch = tree
        for table in tables:
            branch = branch.setdefault(table, {})
        branch[name] = each.value
    try:
        return Settings.model_validate(tree)
    except ValidationError as invalid:
        raise ConfigError(_one_line(invalid.errors()[0], given)) from None


def _file(environ: Mapping[str, str], path: Path | None) -> Path | None:
    named = path or (Path(environ["WRITETHRU_CONFIG"]) if environ.get("WRITETHRU_CONFIG") else None)
    if named is None:
        return Path("writethru.toml") if Path("writethru.toml").is_file() else None
    if not named.is_file():
        raise ConfigError(f"{named}: there is no such configuration file")
    return named


def _from_file(file: Path) -> Iterator[tuple[str, Given]]:
    try:
        tree = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ConfigError(f"{file}: not TOML: {wrong}") from wrong
    except OSError as wrong:
        raise ConfigError(f"{file}: cannot be read: {wrong.strerror}") from wrong
    for key, value in _leaves(tree):
        if any(known.startswith(key + ".") for known in FIELDS):
            raise ConfigError(f"{file}: {key} is a table; write [{key}] on a line, and its settings below")
        if key not in FIELDS:
            raise ConfigError(f"{file}: {key} is not a setting{_suggestion(key, list(FIELDS))}")
        placed = _placed(value, file.absolute().parent) if FIELDS[key].annotation is Path else value
        yield key, Given(placed, str(file))


def _leaves(tree: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    for name, value in tree.items():
        key = above + name
        if not isinstance(value, dict) or key in FIELDS:
            yield key, value
        elif value:
            yield from _leaves(value, key + ".")
        elif not any(known.startswith(key + ".") for known in FIELDS):
            yield key, value  # an empty table that no setting has


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, Given]]:
    variables = {PREFIX + key.upper().replace(".", "__"): key for key in FIELDS}
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name.startswith(NOT_SETTINGS) or not environ[name]:
            continue
        if name in variables:
            key, written = variables[name], environ[name]
        elif (key := variables.get(name.removesuffix("_FILE"), "")) and FIELDS[key].secret:
            written = _secret(name, Path(environ[name]))
        else:
            raise ConfigError(f"{name} is not a setting{_suggestion(name, list(variables), PREFIX)}")
        yield key, Given(_read(key, written), name)


def _secret(name: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise ConfigError(f"{name}: {file} cannot be read") from wrong


def _read(key: str, written: str) -> object:
    """A variable's text as the field takes it: a list is comma-separated, a path is relative to the current folder."""
    annotation = FIELDS[key].annotation
    if get_origin(annotation) is tuple:
        return [part.strip() for part in written.split(",") if part.strip()]
    return _placed(written, Path.cwd()) if annotation is Path else written


def _placed(written: object, folder: Path) -> object:
    return folder / Path(written).expanduser() if isinstance(written, str) else written


def _suggestion(unknown: str, known: list[str], start: str = "") -> str:
    """What may have been meant. *start*: what all names begin with, which makes none of them alike."""
    near = get_close_matches(unknown.removeprefix(start), [each.removeprefix(start) for each in known], n=1)
    return f"; did you mean {start}{near[0]}?" if near else "; docs/configuration.md lists them all"


def _one_line(error: ErrorDetails, given: Mapping[str, Given]) -> str:
    path = [str(part) for part in error["loc"]]
    key = next((".".join(path[:n]) for n in range(len(path), 0, -1) if ".".join(path[:n]) in FIELDS), "")
    what = error["msg"].removeprefix("Value error, ")
    if not key:
        return what
    if error["type"] in ALLOWED:
        what = ALLOWED[error["type"]].format(**{name: spelt(limit) for name, limit in error.get("ctx", {}).items()})
    tells = error["type"] == "value_error" or FIELDS[key].secret or isinstance(error["input"], SecretStr | dict)
    input_ = error["input"]
    got = "" if tells else f", not {spelt(input_) if isinstance(input_, timedelta) else repr(input_)}"
    return f"{given[key].origin}: {key}: {what[0].lower() + what[1:]}{got}"
