"""Corpora of other projects, which are not part of this one: read from WRITETHRU_TEST_DATA where it exists."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("WRITETHRU_TEST_DATA") or Path(__file__).parents[2] / "../shared/data")


def foreign(name: str) -> Path:
    """The path of a corpus; without it the test is skipped with a message."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not there; name its folder in WRITETHRU_TEST_DATA")
    return path
