"""`feeds`: what is watched, and how it goes."""

from typing import Annotated

import typer

from cli import say

COLUMNS = ("id", "state", "title", "url", "last_status", "last_reason", "last_look", "next_look")


def feeds(
    context: typer.Context,
    limit: Annotated[int | None, typer.Option("-n", "--limit", min=1, help="the newest so many [all]")] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Lists the feeds, the last one added first."""
    from dataclasses import asdict

    from cli.opened import opened
    from cli.unread import words
    from config.clock import now
    from store.engine import reading
    from store.views import feeds as view
    from store.views.listing import whole
    from store.views.unread import unread_sites
    from web.moments import ago

    with opened(context.obj) as engine, reading(engine) as connection:
        rows = [asdict(row) for row in whole(lambda cut: view.feeds(connection, cut), limit)]
        unread = {site.site: words(site) for site in unread_sites(connection)}
    if json:
        say.listing(rows, COLUMNS, as_json=True)
    elif rows:
        moment = now()
        for row in rows:
            following = None if row["state"] == "paused" else row["next_check_at"]
            row |= {"last_look": ago(row["last_checked_at"], moment), "next_look": ago(following, moment)}
            row["last_reason"] = row["last_reason"] or row["warning"] or unread.get(row["site"], "")
        say.table(rows, COLUMNS)
    else:
        say.line("No feed yet. Add one with `./writethru add URL`.")
