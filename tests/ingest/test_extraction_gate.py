"""The score on pages written for this project. A floor is raised when extraction gets better, never lowered silently."""

from pathlib import Path

import pytest

from bench.extract import Tally, plain
from ingest.extraction.page import extract

FOLDER = Path(__file__).parents[1] / "pages/layouts"
PAGES = sorted(path.stem for path in FOLDER.glob("*.html"))
FLOOR = {"P": 0.99, "R": 0.99, "F1": 0.99}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_its_article(name: str) -> None:
    """Each page gives exactly the lines beside it."""
    found = extract((FOLDER / f"{name}.html").read_bytes(), f"https://{name}.example/2026/story")
    assert "article" == found.verdict
    assert (FOLDER / f"{name}.txt").read_text("utf-8").split("\n")[:-1] == found.text.split("\n")


def test_the_score_is_above_its_floor_and_above_plain_extraction() -> None:
    """Precision, recall and F1 over all pages stand above their floors, and no junk line is left."""
    ours, theirs = Tally(), Tally()
    for name in PAGES:
        body = (FOLDER / f"{name}.html").read_bytes()
        truth = (FOLDER / f"{name}.txt").read_text("utf-8")
        ours.add(extract(body, f"https://{name}.example/2026/story").text, truth)
        theirs.add(plain(body), truth)
    score, rival = ours.row("ours"), theirs.row("plain")
    assert all(float(str(score[key])) >= floor for key, floor in FLOOR.items()), score
    assert float(str(score["F1"])) > float(str(rival["F1"]))
    assert 0 == score["junk_lines"]
