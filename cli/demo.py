"""`demo`: the whole pipeline on invented stories that develop."""

from pathlib import Path
from typing import Annotated

import typer

from cli import say


def demo(
    speed: Annotated[float, typer.Option(help="how many times as fast as written", min=0.1, max=20)] = 1.0,
    keep: Annotated[bool, typer.Option("--keep", help="keep the data folder and say where it is")] = False,
    screenshots: Annotated[
        Path | None, typer.Option(metavar="DIR", help="take pictures of the main pages when the stories end, then stop")
    ] = None,
) -> None:
    """Watches a newsroom of invented stories and prints each fact change that arrives by webhook, until Ctrl-C."""
    from config.environment import environment
    from demo.run import DemoError, run
    from demo.show import Terminal

    try:
        run(speed, keep=keep, environ=environment(), console=Terminal(), screenshots=screenshots)
    except DemoError as wrong:
        say.fail(str(wrong))
