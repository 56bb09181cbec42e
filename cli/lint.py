"""`lint`: what must hold before a change lands, besides the tests. The front door has installed the lint group."""

import os
import subprocess
import sys

import typer

CHECKS = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"])


def lint() -> None:
    """Runs ruff, ruff's formatter as a check, and mypy over the whole project; exit 1 where one of them complains."""
    from config.settings import ROOT

    os.chdir(ROOT)
    ended = [subprocess.run([sys.executable, "-m", *check], check=False).returncode for check in CHECKS]
    raise typer.Exit(1 if any(ended) else 0)
