"""How a verb speaks: JSON rows or plain lines on stdout, errors as one line on stderr. Contains no business logic."""

import json
import shutil
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import typer

from config.plain import plain

NARROWEST = 12
"""Characters that a column keeps where the terminal is too narrow; rows that do not fit even so are folded by it."""


def fail(message: str, code: int = 1) -> NoReturn:
    """Ends the verb with one line on stderr. *code*: 1 could not, 2 wrong usage or configuration."""
    print(f"writethru: {plain(message)}", file=sys.stderr)
    raise typer.Exit(code)


def note(message: str) -> None:
    """Prints one line on stderr that is no error: stdout stays the result."""
    print(f"writethru: {plain(message)}", file=sys.stderr)


def row(mapping: Mapping[str, object]) -> None:
    """Prints one JSON object as one line of ASCII, so that nothing in it can steer a terminal. Times end in Z."""
    print(json.dumps(mapping, default=jsonable, allow_nan=False))


def line(text: str) -> None:
    """Prints one line for people, made of text that may come from outside."""
    print(plain(text))


def table(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Prints rows for people under a line of column names, each column as wide as its longest cell. On a terminal the
    widest columns of text are cut until a row fits; elsewhere nothing is."""
    rows = list(rows)
    cells = [[_cell(each.get(name)) for name in columns] for each in rows]
    titles = [name.replace("_", " ") for name in columns]
    widths = [max(map(len, column)) for column in zip(titles, *cells, strict=True)]
    if sys.stdout.isatty():
        cuttable = {n for n, name in enumerate(columns) if any(isinstance(each.get(name), str) for each in rows)}
        widths = fitted(widths, cuttable, shutil.get_terminal_size().columns)
    for each in (titles, *cells):
        print("  ".join(_cut(cell, width).ljust(width) for cell, width in zip(each, widths, strict=True)).rstrip())


def fitted(widths: Sequence[int], cuttable: Collection[int], room: int) -> list[int]:
    """The widths of columns with two spaces between them; the widest of the *cuttable* ones (by their places) are made
    narrower, down to `NARROWEST`, until all fit into *room* characters."""
    narrowed = list(widths)
    for _ in range(sum(narrowed) + 2 * (len(narrowed) - 1) - room):
        widest = max(cuttable, key=narrowed.__getitem__, default=None)
        if widest is None or narrowed[widest] <= NARROWEST:
            break
        narrowed[widest] -= 1
    return narrowed


def _cut(cell: str, width: int) -> str:
    return cell if len(cell) <= width else f"{cell[: width - 1]}…"


def listing(rows: Iterable[Mapping[str, object]], columns: Sequence[str], *, as_json: bool) -> None:
    """Prints rows whole as JSON lines, or the chosen columns as a table."""
    if not as_json:
        table(rows, columns)
        return
    for each in rows:
        row(each)


def _cell(value: object) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return plain(str(jsonable(value) if isinstance(value, timedelta) else value))


def jsonable(value: object) -> object:
    """How JSON has what it knows no form for: a time in ISO 8601 that ends in Z, a duration in seconds, a path. Raises
    TypeError for anything else."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")
