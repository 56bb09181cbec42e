"""`pause`: look at an article or a feed no more, until it is resumed."""

from typing import Annotated

import typer

from cli import say


def pause(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="an article's id or URL, or a feed's URL or `feed:ID`")],
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Stops looking at once. What is known stays; a feed's articles go on being watched."""
    from cli.named import subject_named
    from cli.opened import opened
    from store import watching
    from store.engine import writing

    with opened(context.obj) as engine, writing(engine) as connection:
        kind, key = subject_named(connection, what)
        stopped = watching.pause(connection, kind, key)
    if json:
        say.row({"kind": kind, "id": key, "paused": True, "changed": stopped})
    else:
        say.line(f"{kind} {key} is paused" if stopped else f"{kind} {key} was paused before")
