"""`test`: every test, by pytest. The front door has installed the test group."""

import os
import sys
from typing import Annotated

import typer


def test(
    arguments: Annotated[list[str] | None, typer.Argument(metavar="[PYTEST ARGS]...", show_default=False)] = None,
) -> None:
    """Runs the tests: all of them, two to a core, or what the arguments say, which go to pytest as they stand."""
    from config.settings import ROOT

    twice = str(2 * (os.cpu_count() or 1))  # half of the tests wait for other processes
    os.chdir(ROOT)
    os.execv(
        sys.executable,
        [sys.executable, "-m", "pytest", *(arguments or ["--numprocesses", twice, "--dist", "worksteal"])],
    )
