"""`replay`: send deliveries again, id and bytes unchanged."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli import say
from cli.opened import opened

if TYPE_CHECKING:
    import sqlalchemy as sa


def replay(
    context: typer.Context,
    ids: Annotated[
        list[int],
        typer.Argument(help="deliveries, by id as `deliveries` shows it", metavar="ID…", min=1, max=2**63 - 1),
    ],
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Owes deliveries again, same id and bytes; all of them or, where one cannot be, none."""
    from store.engine import writing

    with opened(context.obj) as engine, writing(engine) as connection:
        before = [(each, _replay(connection, each)) for each in ids]
    for each, state in before:
        if json:
            say.row({"id": each, "before": state, "state": "owed"})
        else:
            say.line(f"delivery {each} is owed again (it was {state})")


def _replay(connection: "sa.Connection", delivery_id: int) -> str:
    from config.clock import now
    from store import deliveries

    state = deliveries.replay(connection, delivery_id, now())
    if state is None:
        say.fail(f"no delivery {delivery_id}; nothing is replayed; see `./writethru deliveries`")
    if state == "cancelled":
        say.fail(f"the endpoint of delivery {delivery_id} was removed; nothing is replayed")
    return state
