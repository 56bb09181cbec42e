"""`changes`: which facts changed."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli import say
from facts.model import SEVERITIES

if TYPE_CHECKING:
    from datetime import datetime

    from store.views.changes import ChangeRow

COLUMNS = ("id", "seen", "severity", "change", "article", "title")


def changes(
    context: typer.Context,
    article: Annotated[str | None, typer.Argument(help="an article's id or URL [all articles]")] = None,
    kind: Annotated[list[str] | None, typer.Option("--type", help="a type; may be given again")] = None,
    min_severity: Annotated[str, typer.Option(help="from this severity upwards: " + ", ".join(SEVERITIES))] = "",
    limit: Annotated[
        int | None, typer.Option("-n", "--limit", min=1, help="the newest so many [50; with --json all]")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line, each as in the webhook")] = False,
) -> None:
    """Lists fact changes, the newest first."""
    from cli.named import article_named
    from cli.opened import opened
    from config.clock import now
    from store.engine import reading
    from store.views import changes as view
    from store.views.listing import whole
    from web.article.difference import change_object

    types = checked(kind or (), min_severity)
    with opened(context.obj) as engine, reading(engine) as connection:
        named = article_named(connection, article).id if article else None
        wanted = view.Wanted(article=named, types=types, least=min_severity)
        found = whole(lambda cut: view.changes(connection, cut, wanted), limit or (None if json else 50))
        if json:
            for row in found:
                say.row(change_object(row))
            return
        moment = now()
        rows = [_line(row, moment) for row in found]
    if rows:
        say.table(rows, COLUMNS)
    else:
        narrowed = article or types or min_severity
        say.line("No such fact change." if narrowed else "No fact change yet. They come when an article is edited.")


def checked(types: "list[str] | tuple[str, ...]", least: str) -> tuple[str, ...]:
    """The types; ends the verb (exit 2) where one of them or the severity does not exist."""
    from typing import get_args

    from facts.model import ChangeType

    known = get_args(ChangeType)
    for unknown in (each for each in types if each not in known):
        say.fail(f"no type {unknown!r}; there are {', '.join(known)}", code=2)
    if least and least not in SEVERITIES:
        say.fail(f"no severity {least!r}; there are {', '.join(SEVERITIES)}", code=2)
    return tuple(types)


def _line(row: "ChangeRow", moment: "datetime") -> dict[str, object]:
    from web.chips import chip_of
    from web.moments import ago

    chip = chip_of(row.change, reverts=row.reverts is not None, stealth=row.stealth)
    return {
        "id": row.id,
        "seen": ago(row.seen_at, moment),
        "severity": chip.severity,
        "change": chip.words,
        "article": f"{row.article_id} v{row.version}",
        "title": row.article_title[:50],
    }
