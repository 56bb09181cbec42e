"""`articles`: what is watched until it settles."""

from datetime import datetime
from typing import Annotated, Any

import typer

from cli import say

COLUMNS = ("id", "state", "versions", "title", "site", "last_change", "next_look", "last_reason")


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
    from config.clock import now
    from store.engine import reading
    from store.views import articles as view
    from store.views.feeds import feed_by
    from store.views.listing import whole

    with opened(context.obj) as engine, reading(engine) as connection:
        if feed is not None and feed_by(connection, feed) is None:
            say.fail(f"no feed {feed}; see `./writethru feeds`")
        most = limit or (None if json else 50)
        rows = [asdict(row) for row in whole(lambda cut: view.articles(connection, cut, feed=feed), most)]
    if json:
        say.listing(rows, COLUMNS, as_json=True)
    elif rows:
        moment = now()
        say.table([_line(row, moment) for row in rows], COLUMNS)
    else:
        say.line("No article yet. They come with the first look at a feed.")


def _line(row: dict[str, Any], moment: datetime) -> dict[str, object]:
    from web.moments import ago

    looks = {"last_change": ago(row["last_changed_at"], moment), "next_look": ago(row["next_check_at"], moment)}
    looks["last_reason"] = row["last_reason"] or row["warning"]
    return {**row, "state": row["state"] or "not read yet", "title": row["title"][:60], **looks}
