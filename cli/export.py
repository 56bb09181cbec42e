"""`export`: all that is kept as JSON lines, the fact changes as CSV, the feeds as OPML, the snapshots as WARC."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    import sqlalchemy as sa

Format = Literal["jsonl", "csv", "opml", "warc"]


def export(
    context: typer.Context,
    format: Annotated[Format, typer.Option("--format", help="jsonl | csv | opml | warc")] = "jsonl",  # noqa: A002
    output: Annotated[Path | None, typer.Option("-o", "--output", help="a file [stdout]", metavar="FILE")] = None,
    with_secrets: Annotated[bool, typer.Option(help="feeds keep the credentials in their URLs")] = False,
) -> None:
    """Writes what is kept, row by row, as it was at this moment."""
    from cli import exporting
    from cli.opened import opened
    from store.engine import reading

    write: Callable[[sa.Connection, IO[bytes]], None] = {
        "jsonl": lambda connection, to: exporting.jsonl(connection, to, secrets=with_secrets),
        "csv": exporting.csv,
        "opml": lambda connection, to: exporting.opml(connection, to, secrets=with_secrets),
        "warc": exporting.warc,
    }[format]
    if format == "warc":
        exporting.require_warcio()
    with opened(context.obj) as engine, reading(engine) as connection, _open(output) as to:
        write(connection, to)


@contextmanager
def _open(output: Path | None) -> Iterator[IO[Any]]:
    if output is not None:
        with output.open("wb") as file:
            yield file
        return
    yield sys.stdout.buffer
