"""`review`: says right, wrong or unsure of a fact change."""

from typing import Annotated

import typer

from cli import say


def review(
    context: typer.Context,
    change: Annotated[int, typer.Argument(help="the change's id", min=1, max=2**63 - 1)],
    verdict: Annotated[str, typer.Argument(help="right | wrong | unsure")],
    note: Annotated[str, typer.Option(help="why, for everybody at the desk")] = "",
    retract: Annotated[bool, typer.Option("--retract", help="with wrong: tell everybody who was told of it")] = False,
    by: Annotated[str, typer.Option(help="who says so")] = "command line",
    json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Says what a fact change is worth. The last word counts, all words stay; see them at /changes/ID."""
    from dataclasses import asdict

    from cli.opened import opened
    from config import clock
    from store.engine import writing
    from store.reviews import VERDICTS
    from workers import reviewing

    chosen = next((each for each in VERDICTS if each == verdict), None)
    if chosen is None:
        say.fail(f"no verdict {verdict!r}; there are {', '.join(VERDICTS)}", code=2)
    try:
        with opened(context.obj) as engine, writing(engine) as connection:
            settings, now = context.obj, clock.now()
            said = reviewing.say(
                connection, settings, change, chosen, note=note.strip(), by=by, retract=retract, now=now
            )
    except ValueError as wrong:
        say.fail(f"{wrong}", code=2)
    if said is None:
        say.fail(f"no change {change}; see `./writethru changes`")
    if json:
        say.row({"review": asdict(said.review), "retraction": said.retraction, "alert_id": said.alert_id})
        return
    say.line(f"Change {change} is {verdict}, says {by}.")
    if said.retraction != "not asked":
        say.line(RETRACTED[said.retraction])


RETRACTED = {
    "sent": "The retraction goes to everybody who was told.",
    "sent before": "It was retracted before; nothing is sent twice.",
    "nobody was told": "Nobody was told of it, so there is nothing to retract.",
}
"""What came of a retraction, in a sentence."""
