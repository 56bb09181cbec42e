"""Phrases by which pages say what is furniture and what is a signal: one TOML file a language, all of them plain."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def load() -> Mapping[str, tuple[str, ...]]:
    """Every language's phrases together, by kind: a page may lie about its language, and sites mix several."""
    kinds: dict[str, list[str]] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        for kind, phrases in tomllib.loads(path.read_text("utf-8")).items():
            kinds.setdefault(kind, []).extend(phrases)
    return {kind: tuple(phrases) for kind, phrases in kinds.items()}
