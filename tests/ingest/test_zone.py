"""Where an outlet is, as its stamps say."""

import pytest

from ingest.extraction.page import extract
from tests.parts.pages import page


@pytest.mark.parametrize(
    ("published", "zone"),
    [
        ("2026-03-02T00:30:00+02:00", "+02:00"),
        ("2026-03-02T00:30:00+0530", "+05:30"),
        ("2026-03-01T20:30:00-04:30", "-04:30"),
        ("Mon, 02 Mar 2026 00:30:00 +0200", "+02:00"),
        ("2026-03-02T00:30:00Z", ""),
        ("2026-03-02T00:30:00", ""),
        ("2026-03-02", ""),
        ("soon", ""),
    ],
)
def test_the_zone_of_an_outlet(published: str, zone: str) -> None:
    """The offset of its publication stamp; UTC says nothing of where the outlet is."""
    body = page().replace(b"2026-03-02T08:00:00Z", published.encode())
    assert zone == extract(body, "https://courier.example/bridge").zone
