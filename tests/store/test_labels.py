"""Reviews become labels that the benchmark reads: a pair once all of it is judged, the facts that are right."""

import json
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench import facts
from cli.precision import LABELS
from store.engine import reading, writing
from store.labels import labels
from store.reviews import Verdict, review
from tests.parts.rows import Newsroom


@pytest.mark.parametrize(
    ("words", "factual"),
    [
        pytest.param(("right", "right"), [True], id="both right"),
        pytest.param(("right", "wrong"), [True], id="one right"),
        pytest.param(("wrong", "wrong"), [False], id="both wrong"),
        pytest.param(("right", None), [], id="one not reviewed"),
        pytest.param(("right", "unsure"), [], id="one unsure"),
        pytest.param((None, None), [], id="none reviewed"),
    ],
)
def test_a_pair_is_labelled_when_all_of_it_is_judged(
    engine: sa.Engine, now: datetime, words: tuple[Verdict | None, ...], factual: list[bool]
) -> None:
    """Of two changes in one sentence, both must be right or wrong; the right ones are the facts."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article()
        newsroom.version(made, "12.")
        second = newsroom.version(made, "15.", language="de")
        ids = [newsroom.change(made, second, ordinal, after=str(ordinal)) for ordinal, _ in enumerate(words)]
        for change_id, word in zip(ids, words, strict=True):
            if word:
                review(connection, change_id, word, by="ana", now=now)
    with reading(engine) as connection:
        found = list(labels(connection))
    assert factual == [label["is_factual"] for label in found]
    for label in found:
        assert [str(n) for n, word in enumerate(words) if word == "right"] == [f["after"] for f in label["facts"]]
        assert ("de", "At least 12 people were killed.") == (label["lang"], label["before"])


def test_the_benchmark_reads_them(engine: sa.Engine, now: datetime, tmp_path: Path) -> None:
    """What was right counts as found, what was called wrong as a false alarm: the round trip through the files."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        newsroom.story("https://harbour.example/1")
        newsroom.story("https://harbour.example/2")
        for change_id, word in ((1, "right"), (2, "wrong")):
            review(connection, change_id, word, by="ana", now=now)  # type: ignore[arg-type]
    path = tmp_path / LABELS
    path.parent.mkdir()
    with reading(engine) as connection:
        path.write_text("".join(f"{json.dumps(label)}\n" for label in labels(connection)))
    rows = {row["measure"]: row for row in facts._pairs(facts._judged(path))}
    assert (0.5, 2) == (rows["typed fact F1, pairs"]["P"], rows["typed fact F1, pairs"]["n"])
    assert (1.0, 1) == (rows["false alarms, ≥ 80 % similar"]["value"], rows["false alarms, ≥ 80 % similar"]["n"])
