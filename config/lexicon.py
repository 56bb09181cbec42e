"""The lexicons: one folder of TOML a language, read once. What the tables mean is in docs/languages.md."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "lexicons"


def load(language: str) -> Mapping[str, object]:
    """The merged tables of a language ("en", "en-GB"); an unknown one gets what holds in any language, and ``known``
    is False."""
    code = language.lower().replace("_", "-").partition("-")[0]
    return _read(code if code in languages() else "und")


@cache
def languages() -> tuple[str, ...]:
    """The codes (ISO 639-1) that have a lexicon of their own."""
    return tuple(sorted(path.name for path in _FOLDER.iterdir() if path.is_dir() and path.name != "und"))


@cache
def _read(code: str) -> Mapping[str, object]:
    tables: dict[str, object] = {"language": code, "known": code != "und"}
    for path in sorted((_FOLDER / code).glob("*.toml")):
        with path.open("rb") as file:
            _merge(tables, tomllib.load(file))
    return tables


def _merge(into: dict[str, object], more: Mapping[str, object]) -> None:
    for name, value in more.items():
        known = into.get(name)
        if isinstance(known, dict) and isinstance(value, Mapping):
            _merge(known, value)
        else:
            into[name] = value
