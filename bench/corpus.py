"""The invented pairs of tests/corpus/: one TOML file a case, with the changes that a journalist would name."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bench.facts_score import Fact
from facts.model import Document

FOLDER = Path(__file__).parents[1] / "tests" / "corpus"


class Case(NamedTuple):
    """An invented pair: its name, the two documents, the changes expected, and whether it is known to be missed."""

    name: str
    before: Document
    after: Document
    changes: Sequence[Fact]
    missed: bool


def cases(language: str | None = None, folder: Path = FOLDER) -> list[Case]:
    """The cases of a language, or all of them, by name."""
    found = [_case(path) for path in sorted(folder.rglob("*.toml"))]
    return [case for case in found if language in (None, case.before.language)]


def _case(path: Path) -> Case:
    with path.open("rb") as file:
        told = tomllib.load(file)
    changes = [(c["type"], c.get("before"), c.get("after")) for c in told.get("change", [])]
    return Case(path.stem, _document(told, "before"), _document(told, "after"), changes, bool(told.get("missed")))


def _document(told: Mapping[str, object], side: str) -> Document:
    published = told.get("published")
    return Document(
        text=str(told[side]),
        headline=str(told.get(f"headline_{side}", "")),
        published=published if isinstance(published, datetime) else None,
        language=str(told.get("lang", "en")),
    )
