"""What is documented: every setting, with its default, and nothing that is none."""

import re
from pathlib import Path

import pytest

from config.fields import FIELDS, spelt
from config.settings import ROOT

TABLE = dict(
    re.findall(
        r"^\| `([a-z_.]+)` \| (.*?) \| .+ \|$",
        (ROOT / "docs/configuration.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)


@pytest.mark.parametrize("key", FIELDS)
def test_every_setting_is_documented(key: str) -> None:
    """docs/configuration.md has a row for the setting, with the default that the code has."""
    default = FIELDS[key].default
    expected = "var/" if isinstance(default, Path) else spelt(default)
    assert (f"`{expected}`" if expected else "–") == TABLE.get(key)


def test_nothing_else_is_documented() -> None:
    """No row of docs/configuration.md names a setting that does not exist."""
    assert [] == sorted(TABLE.keys() - FIELDS.keys())
