"""`watch`: a live tail of fact changes."""

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from cli import say

if TYPE_CHECKING:
    from store.views.changes import ChangeRow

EVERY = 0.5
"""Seconds between two looks at the store."""


def watch(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line, each as in the webhook")] = False,
) -> None:
    """Prints each fact change as one line, as it is found. Ctrl-C ends it."""
    from cli.opened import opened
    from config.clock import now
    from store.engine import reading
    from store.views.changes import last_change_id
    from web.tail import Reader

    with opened(context.obj) as engine:
        with reading(engine) as connection:
            reader = Reader(last_change_id(connection))
        say.note("watching; Ctrl-C ends")
        try:
            while True:
                with reading(engine) as connection:
                    rows = reader.fresh(connection, now())
                for row in rows:
                    _tell(row, as_json=json)
                time.sleep(EVERY)
        except KeyboardInterrupt:
            return


def _tell(row: "ChangeRow", *, as_json: bool) -> None:
    if as_json:
        from web.article.difference import change_object

        say.row(change_object(row))
    else:
        from cli.colours import console, severity_style
        from config.plain import plain
        from web.chips import chip_of

        chip = chip_of(row.change, reverts=row.reverts is not None, stealth=row.stealth)
        parts = (f"{row.seen_at:%H:%M:%S}", chip.type, chip.moved, chip.subject, chip.severity, chip.note)
        where = f"{row.article_title or row.article_url} (v{row.version})"
        line = "  ".join(plain(part) for part in (*parts, where) if part)
        console().print(line, style=severity_style(chip.severity))
    sys.stdout.flush()
