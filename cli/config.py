"""`config show` and `config check`: what the configuration says, and whether it can be used."""

from typing import Annotated

import typer

from cli import say
from config.environment import environment

config = typer.Typer(rich_markup_mode=None)


@config.command()
def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Shows every setting, its value and where it came from. Secrets are masked."""
    from config.fields import FIELDS, spelt
    from config.load import ConfigError, gather, settings_of

    try:
        given = gather(environment(), context.find_root().params["config"], {})
        settings = settings_of(given)
    except ConfigError as wrong:
        say.fail(str(wrong), code=2)
    rows = []
    for key in FIELDS:
        value: object = settings
        for name in key.split("."):
            value = getattr(value, name)
        rows.append({"key": key, "value": spelt(value), "from": given[key].origin if key in given else "default"})
    say.listing(rows, ["key", "value", "from"], as_json=as_json)


@config.command()
def check(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Says whether the configuration can be used. Exit 2 where it cannot."""
    from cli.main import settings_from

    settings_from(context.find_root().params["config"])
    if as_json:
        say.row({"ok": True})
    else:
        say.line("the configuration is fine")
