"""`token`: what opens the doors of the web process."""

from enum import StrEnum
from typing import Annotated

import typer

from cli import say

token = typer.Typer(help="Tokens for the pages and the API.", rich_markup_mode=None)

COLUMNS = ("id", "name", "scopes", "created_at", "last_used_at")


class Scope(StrEnum):
    """What a token may do."""

    read = "read"
    write = "write"


@token.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="whose it is, or what for")] = "",
    scope: Annotated[
        list[Scope] | None, typer.Option(help="what it may do; may be given again [read and write]")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Makes a token and prints it, once: only its hash is kept."""
    from cli.migration import migrated
    from config.clock import now
    from store.engine import engine_for, writing
    from store.tokens import add_token

    migrated(context.obj)
    scopes = sorted({each.value for each in scope or list(Scope)})
    engine = engine_for(context.obj.database_url)
    with writing(engine) as connection:
        made = add_token(connection, name, scopes, now())
    engine.dispose()
    if json:
        say.row({"token": made, "name": name, "scopes": scopes})
    else:
        say.line(made)
        say.note("keep it, it is not shown again; pages and API ask for a token from now on")


@token.command("list")
def list_tokens(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Lists the tokens, without what opens."""
    from dataclasses import asdict

    from cli.opened import opened
    from store.engine import reading
    from store.tokens import tokens

    with opened(context.obj) as engine, reading(engine) as connection:
        rows = [asdict(row) for row in tokens(connection)]
    if rows or json:
        shown = rows if json else [{**row, "scopes": ", ".join(row["scopes"])} for row in rows]
        say.listing(shown, COLUMNS, as_json=json)
    else:
        say.line("No token yet. Make one with `./writethru token add NAME`.")


@token.command("remove")
def remove(
    context: typer.Context,
    which: Annotated[str, typer.Argument(help="its id or name", metavar="ID|NAME")],
    json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Removes a token: it opens nothing from now on."""
    from cli.opened import opened
    from store.engine import writing
    from store.tokens import remove_token

    with opened(context.obj) as engine, writing(engine) as connection:
        gone = remove_token(connection, which)
    if not gone:
        say.fail(f"no token {which!r}; see `./writethru token list`")
    if json:
        say.row({"removed": gone})
    else:
        say.line(f"removed {gone} token{'' if gone == 1 else 's'}")
