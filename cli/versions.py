"""`versions`: every text that an article had."""

from typing import Annotated

import typer

from cli import say

COLUMNS = ("number", "seen_at", "severity", "unannounced", "same_text_as", "headline", "sha256")


def versions(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="an article's id or URL")],
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Lists an article's versions, the first one first."""
    from dataclasses import asdict

    from cli.named import article_named
    from cli.opened import opened
    from store.engine import reading
    from store.views import versions as view
    from store.views.listing import whole

    with opened(context.obj) as engine, reading(engine) as connection:
        named = article_named(connection, article)
        newest_first = whole(lambda cut: view.versions(connection, cut, article=named.id))
        rows = [asdict(row) for row in newest_first][::-1]
    if json:
        say.listing(rows, COLUMNS, as_json=True)
    elif rows:
        for row in rows:
            row |= {"headline": row["headline"][:60], "sha256": row["sha256"][:12], "unannounced": row["stealth"]}
        say.table(rows, COLUMNS)
    else:
        say.line(f"article {named.id} has no version yet (last look: {named.last_reason or 'none'})")
