"""`unpin`: leaves a block to the rules and to what was learnt."""

from typing import Annotated

import typer

from cli import say


def unpin(
    context: typer.Context,
    number: Annotated[
        int, typer.Argument(help="the pin's id, as `pins` lists it", metavar="PIN", min=1, max=2**63 - 1)
    ],
    json: Annotated[bool, typer.Option("--json", help="one JSON object: the pin that was removed")] = False,
) -> None:
    """Removes a pin: the block is again what the rules and the site's other articles say."""
    from dataclasses import asdict

    from cli.opened import opened
    from store import pins
    from store.engine import writing

    with opened(context.obj) as engine, writing(engine) as connection:
        removed = pins.remove(connection, number)
    if removed is None:
        say.fail(f"no pin {number}; see `./writethru pins`")
    if json:
        say.row(asdict(removed))
    else:
        say.line(f"pin {number} is gone: on {removed.site} this is no longer pinned: {removed.excerpt[:100]}")
