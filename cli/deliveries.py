"""`deliveries`: each alert's way to each endpoint, with every attempt."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import say
from cli.opened import opened

if TYPE_CHECKING:
    import sqlalchemy as sa

    from store.deliveries import Attempt
    from store.views.telling import DeliveryRow

COLUMNS = ["id", "endpoint", "sequence", "type", "severity", "state", "attempts", "last", "next_try", "created"]


def deliveries(
    context: typer.Context,
    failed: Annotated[bool, typer.Option("--failed", help="only what failed, or has failed so far")] = False,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help="the newest so many")] = 50,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line, with the log of attempts")] = False,
) -> None:
    """Lists deliveries, the newest first."""
    from config.clock import now
    from store import deliveries as kept
    from store.engine import reading
    from web.moments import ago

    with opened(context.obj) as engine, reading(engine) as connection:
        rows = _rows(connection, limit, failed=failed)
        attempts = kept.attempts(connection, [row.id for row in rows])
    shown = [_shown(row, attempts[row.id]) for row in rows]
    if json:
        say.listing(shown, COLUMNS, as_json=True)
    elif rows:
        moment = now()
        for row in shown:
            row |= {"endpoint": row["endpoint_id"], "created": ago(row["created_at"], moment)}
            row["next_try"] = ago(row["next_at"], moment) if row["next_at"] else None
        say.table(shown, COLUMNS)
    else:
        say.line("No delivery failed." if failed else "No delivery yet. They come with `./writethru endpoint add URL`.")


def _rows(connection: "sa.Connection", limit: int, *, failed: bool) -> "list[DeliveryRow]":
    from store.views.listing import whole
    from store.views.telling import deliveries as listed

    if not failed:
        return list(whole(partial(listed, connection), limit))
    given_up = list(whole(partial(listed, connection, state="failed"), limit))
    trying = [row for row in whole(partial(listed, connection, state="owed")) if row.attempts]
    return sorted(given_up + trying, key=lambda row: -row.id)[:limit]


def _shown(row: "DeliveryRow", made: "list[Attempt]") -> dict[str, Any]:
    from dataclasses import asdict

    last = (made[-1].reason or str(made[-1].status)) if made else None
    log = [
        {"at": each.at, "status": each.status, "reason": each.reason or None, "elapsed_ms": round(each.elapsed * 1000)}
        for each in made
    ]
    return asdict(row) | {"last": last, "log": log}
