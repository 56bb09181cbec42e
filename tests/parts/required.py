"""What a machine may lack at home and must have in CI."""

import os
import subprocess

import pytest


def absent(what: str) -> None:
    """Skips the test with a message; in CI it fails instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"required in CI: {what}")
    pytest.skip(what)


def run_or_absent(command: list[str], what: str) -> None:
    """absent() where *command*, which changes nothing, cannot be run here."""
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        absent(f"{what} ({error})")
