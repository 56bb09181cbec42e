"""`articles`: what is watched until it settles."""

from typing import Annotated

import typer

from cli import say

COLUMNS = ("id", "state", "versions", "title", "site", "last_changed_at", "next_check_at", "last_reason")


def articles(
    context: typer.Context,
    feed: Annotated[int | None, typer.Option(min=1, help="only those that this feed listed (its id)")] = None,
    limit: Annotated[
        int | None, typer.Option("-n", "--limit", min=1, help="the newest so many [50; with --json all]")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Lists the articles, the last one found first."""
    from dataclasses import asdict

    from cli.opened import opened
    from store.engine import reading
    from store.views import articles as view
    from store.views.listing import whole

    with opened(context.obj) as engine, reading(engine) as connection:
        most = limit or (None if json else 50)
        found = whole(lambda cut: view.articles(connection, cut, feed=feed), most)
        rows = (asdict(row) for row in found)
        if json:
            say.listing(rows, COLUMNS, as_json=True)
            return
        listed = list(rows)
    if listed:
        say.table(({**row, "title": row["title"][:60]} for row in listed), COLUMNS)
    else:
        say.line("No article yet. They come with the first look at a feed.")
