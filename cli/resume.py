"""`resume`: look again at an article or a feed that was paused, or whose watch had ended."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli import say

if TYPE_CHECKING:
    import sqlalchemy as sa


def resume(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="an article's id or URL, or a feed's URL or `feed:ID`")],
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Looks at it at once, and then as often as its age and its changes ask for."""
    from cli.named import subject_named
    from cli.opened import opened
    from config.clock import now
    from store import watching
    from store.engine import writing

    with opened(context.obj) as engine, writing(engine) as connection:
        kind, key = subject_named(connection, what)
        if kind == "article":
            _refuse_merged(connection, key)
        begun = watching.resume(connection, kind, key, now())
    if json:
        say.row({"kind": kind, "id": key, "paused": False, "changed": begun})
    else:
        say.line(f"{kind} {key} is watched again" if begun else f"{kind} {key} is watched already")


def _refuse_merged(connection: "sa.Connection", article_id: int) -> None:
    from store import merges

    kept = merges.kept_for(connection, article_id)
    if kept is not None:
        say.fail(f"article {article_id} is part of article {kept}; `./writethru split {article_id}` parts them")
