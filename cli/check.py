"""`check`: look at an article or a feed now, and say what came of it."""

import time
from typing import Annotated

import typer

from cli import say

WAIT = 90.0
"""Seconds: a fetch (20), a page (20), and a confirming look."""


def check(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="an article's id or URL, or a feed's URL or `feed:ID`")],
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Looks now and waits for the outcome; exit 1 when nobody polls or the look failed."""
    from cli.named import subject_named
    from config.clock import now
    from store import asking, roles
    from store.engine import engine_for, reading, writing
    from web.moments import ago

    engine = engine_for(context.obj.database_url)
    asked = now()
    with writing(engine) as connection:
        kind, key = subject_named(connection, what)
        if not roles.alive(connection, "poller", asked):
            say.fail("nobody polls; start `./writethru up`")
        if not asking.ask(connection, kind, key, asked):
            say.fail(f"{kind} {key} is paused; `./writethru resume {kind}:{key}` looks at it again")
    until = time.monotonic() + WAIT
    answered = False
    while not answered and time.monotonic() < until:
        time.sleep(0.2)
        with reading(engine) as connection:
            answered = asking.answered(connection, kind, key, asked)
    with reading(engine) as connection:
        outcome = asking.outcome(connection, kind, key, asked)
    engine.dispose()
    if not answered:
        say.fail(f"no look at {kind} {key} within {WAIT:.0f} s; see `./writethru status`")
    if json:
        say.row(outcome)
    else:
        came = outcome["reason"] or outcome["came"]
        following = ago(outcome["next"], now()) if outcome["next"] else "none"
        say.line(f"{kind} {key}: {came}  (status {outcome['status']}, next look {following})")
    if outcome["reason"]:
        raise typer.Exit(1)
