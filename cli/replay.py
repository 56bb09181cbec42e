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
        list[int] | None,
        typer.Argument(help="deliveries, by id as `deliveries` shows it", metavar="ID…", min=1, max=2**63 - 1),
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="all that failed")] = False,
    endpoint: Annotated[int | None, typer.Option(help="of those, the ones to this endpoint", min=1)] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Owes deliveries again, same id and bytes; all of them or, where one cannot be, none."""
    from store.engine import writing

    if failed == bool(ids) or (endpoint is not None and not failed):
        say.fail("name deliveries by their ids, or write --failed, with --endpoint ID for one endpoint", code=2)
    if not ids:
        _replay_failed(context, endpoint, as_json=json)
        return
    with opened(context.obj) as engine, writing(engine) as connection:
        before = [(each, _replay(connection, each)) for each in ids]
    for each, state in before:
        if json:
            say.row({"id": each, "before": state, "state": "owed"})
        else:
            say.line(f"delivery {each} is owed again (it was {state})")


def _replay_failed(context: typer.Context, endpoint: int | None, *, as_json: bool) -> None:
    from config.clock import now
    from store.engine import writing
    from store.replaying import Range

    with opened(context.obj) as engine, writing(engine) as connection:
        replayed = Range(endpoint_id=endpoint).replay(connection, now())
    if as_json:
        say.row({"replayed": replayed})
    else:
        say.line(f"{replayed} {'delivery is' if replayed == 1 else 'deliveries are'} owed again")


def _replay(connection: "sa.Connection", delivery_id: int) -> str:
    from config.clock import now
    from store import deliveries

    state = deliveries.replay(connection, delivery_id, now())
    if state is None:
        say.fail(f"no delivery {delivery_id}; nothing is replayed; see `./writethru deliveries`")
    if state == "cancelled":
        say.fail(f"the endpoint of delivery {delivery_id} was removed; nothing is replayed")
    return state
