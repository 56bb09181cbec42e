"""`feeds`: what is watched, and how it goes."""

from typing import Annotated

import typer

from cli import say

COLUMNS = ("id", "state", "title", "url", "last_status", "last_reason", "last_checked_at", "next_check_at")


def feeds(
    context: typer.Context,
    limit: Annotated[int | None, typer.Option("-n", "--limit", min=1, help="the newest so many [all]")] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Lists the feeds, the last one added first."""
    from dataclasses import asdict

    from cli.opened import opened
    from store.engine import reading
    from store.views import feeds as view
    from store.views.listing import whole

    with opened(context.obj) as engine, reading(engine) as connection:
        rows = [asdict(row) for row in whole(lambda cut: view.feeds(connection, cut), limit)]
    if not rows and not json:
        say.line("No feed yet. Add one with `./writethru add URL`.")
        return
    say.listing(rows, COLUMNS, as_json=json)
