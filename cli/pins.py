"""`pins`: which blocks people pinned."""

from typing import Annotated

import typer

from cli import say

COLUMNS = ("id", "site", "verdict", "text", "note", "by", "at")


def pins(
    context: typer.Context,
    site: Annotated[str | None, typer.Option(help="only those of this site")] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Lists the pinned blocks, site by site."""
    from dataclasses import asdict

    from cli.opened import opened
    from store import pins as table
    from store.engine import reading

    with opened(context.obj) as engine, reading(engine) as connection:
        rows = [asdict(each) for each in table.listing(connection, site)]
    if rows or json:
        say.listing([{**row, "text": row["excerpt"][:60]} if not json else row for row in rows], COLUMNS, as_json=json)
    else:
        say.line("No pin yet. `./writethru pin ARTICLE BLOCK --as furniture` makes one.")
