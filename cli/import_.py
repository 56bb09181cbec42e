"""`import`: an export of another Writethru, or a list of feeds."""

import json as parser
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from cli import say

if TYPE_CHECKING:
    from store.restoring import Restoring

LONGEST = 100_000_000
"""Bytes of a line; the longest text that may be kept is 5 MB."""

TOGETHER = 500
"""Feeds or merges in one transaction; of articles each has one of its own."""


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON lines of `export`, or OPML", exists=True, dir_okay=False)],
    json: Annotated[bool, typer.Option("--json", help="one JSON object with what was written")] = False,
) -> None:
    """Takes what is not there yet, article by article; every version's chain is checked. A second run adds nothing."""
    with file.open("rb") as opened:
        head = opened.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")
        if head.startswith(b"<"):
            from cli.add import add

            add(context, [str(file)], json=json)
            return
        opened.seek(0)
        counts = _restored(context, opened, str(file))
    if json:
        say.row(counts)
    else:
        told = ", ".join(f"{n} {_many(kind, n)}" for kind, n in counts.items())
        say.line(f"imported: {told or 'nothing that was not there'}")


def _restored(context: typer.Context, opened: IO[bytes], name: str) -> dict[str, int]:
    from sqlalchemy.exc import DBAPIError

    from cli.opened import opened as database
    from config.clock import now
    from store.engine import is_unwell, writing
    from store.restoring import Broken, Restoring

    at = 0
    restoring: Restoring | None = None
    with database(context.obj) as engine:
        try:
            for _, chapter in groupby(_lines(opened), _chapters()):
                with writing(engine) as connection:
                    if restoring is None:
                        restoring = Restoring(connection, now())
                    restoring.connection = connection
                    for at, line in chapter:  # noqa: B007 - said where one is refused
                        _take(restoring, line)
        except (Broken, DBAPIError) as error:
            if isinstance(error, DBAPIError) and is_unwell(error):
                raise
            said = error if isinstance(error, Broken) else "the database refuses it"
            say.fail(f"{name}, line {at}: {said}{'; the articles before it are imported' if at > 1 else ''}")
    return restoring.counts if restoring else {}


def _lines(opened: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    from store.restoring import Broken
    from store.views.export import FORMAT

    at = 0
    while written := opened.readline(LONGEST):
        at += 1
        try:
            line = parser.loads(written)
        except (ValueError, RecursionError):
            line = None
        if not isinstance(line, dict) or (at == 1 and line.get("kind") != "writethru"):
            yield at, {"kind": ""}
            return
        if at == 1 and line.get("format") != FORMAT:
            yield at, {"kind": "", "error": "an export of another version"}
            return
        yield at, line
    if at == 0:
        raise Broken("empty")


def _chapters() -> "Callable[[tuple[int, dict[str, Any]]], int]":
    """Numbers the lines that are written in one transaction."""
    number, size, before = 0, 0, ""

    def chapter(numbered: tuple[int, dict[str, Any]]) -> int:
        nonlocal number, size, before
        kind = numbered[1].get("kind", "")
        size += 1
        if kind == "article" or (kind in ("feed", "merge") and (kind != before or size > TOGETHER)):
            number, size = number + 1, 0
        before = kind
        return number

    return chapter


def _take(restoring: "Restoring", line: dict[str, Any]) -> None:
    from ingest.model import FetchError
    from ingest.subscriptions import watched_url
    from ingest.urls import host_of
    from store.restoring import Broken

    kind = line.get("kind")
    if kind == "writethru":
        return
    if kind not in ("feed", "article", "entry", "version", "edit", "fact_change", "review", "look", "merge"):
        raise Broken(line.get("error", "not a line of `writethru export`"))
    try:
        if kind in ("feed", "article"):
            getattr(restoring, kind)(line, host_of(watched_url(str(line.get("address") or line["url"]))))
        else:
            getattr(restoring, kind)(line)
    except FetchError as error:
        raise Broken(str(error)) from error
    except KeyError as missing:
        raise Broken(f"{missing} is missing") from missing
    except Broken:
        raise
    except (TypeError, ValueError, AttributeError) as error:
        raise Broken(f"{type(error).__name__}: {error}") from error


def _many(kind: str, count: int) -> str:
    """``1 entry``, ``9 entries``, ``2 fact changes``: the noun alone."""
    name = kind.replace("_", " ")
    if count == 1:
        return name
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
