"""`split`: part what was merged, for good."""

from typing import Annotated

import typer

from cli import say


def split(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="the article that became part of another, or the one it is part of")],
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Undoes the merge: names and entries go back, both are looked at, and readers do not merge the two again."""
    from cli.named import article_named
    from cli.opened import opened
    from config.clock import now
    from store import merges
    from store.engine import writing

    with opened(context.obj) as engine, writing(engine) as connection:
        named = article_named(connection, article).id
        found = merges.standing(connection, named)
        if not found:
            say.fail(f"article {named} was not merged; see `./writethru merge --list`")
        if len(found) > 1:
            parts = ", ".join(str(each.gone_id) for each in found)
            say.fail(f"article {named} holds several: say which of {parts} to part from it", code=2)
        merges.both(connection, found[0].kept_id, found[0].gone_id)
        merges.undo(connection, found[0], by="command line", now=now())
    kept, gone = found[0].kept_id, found[0].gone_id
    if json:
        say.row({"id": found[0].id, "kept_id": kept, "gone_id": gone})
    else:
        say.line(f"article {gone} is watched on its own again, beside article {kept}")
