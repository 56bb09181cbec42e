"""How loud a change is where only its bound, its day of saying, or the wording of its figure moved."""

from datetime import UTC, datetime

import pytest

from config.lexicon import load
from facts.compare import compare
from facts.lexicon import lexicon_for
from facts.model import Comparison, Document

MORE = "\nThe council meets again next week."


def _found(before: str, after: str) -> Comparison:
    old, new = (Document(text + MORE, published=datetime(2026, 3, 2, tzinfo=UTC)) for text in (before, after))
    return compare(old, new, lexicon_for(load("en")))


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        pytest.param("Aid goes to 1,200 households.", "Aid goes to some 1200 homes.", "medium", id="about"),
        pytest.param("Aid goes to around 300 farms.", "Aid goes to 300 farms.", "medium", id="exactly"),
        pytest.param("At least 14 people died.", "Fourteen people died.", "medium", id="bound-of-a-toll"),
        pytest.param("At least 14 people died.", "Nineteen people died.", "critical", id="toll"),
        pytest.param(
            "Minister Ro denied on Sunday that she knew.", "Minister Ro denied on Monday that she knew.", "medium",
            id="day-of-a-denial",
        ),
        pytest.param(
            "The strike is on Sunday, Ms Ro said.", "The strike is on Monday, Ms Ro said.", "critical",
            id="day-of-what-is-said",
        ),
    ],
)  # fmt: skip
def test_a_first_paragraph_is_as_loud_as_what_changed_in_it(before: str, after: str, severity: str) -> None:
    """The same value in other bounds, and the day on which somebody spoke, never raise an alarm."""
    assert _found(before, after).severity == severity


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        pytest.param("€2.4 billion", "€2.4 million", "-99.9%", id="thousandth"),
        pytest.param("€2.4 million", "€2.4 billion", "×1000", id="thousandfold"),
        pytest.param("€400", "€4,000", "+900%", id="tenfold"),
        pytest.param("€500", "€400", "-20%", id="fifth"),
        pytest.param("€900 million", "€3", "-99.9%", id="next-to-nothing"),
    ],
)
def test_a_direction_is_no_absurd_percentage(before: str, after: str, direction: str) -> None:
    """Something left is never minus a hundred percent, and a thousandfold is no percentage."""
    found = _found(f"The repairs will cost {before}.", f"The repairs will cost {after}.").changes
    assert [change.direction for change in found] == [direction]


def test_intensive_care_is_no_death() -> None:
    """A figure takes the toll that its own clause says."""
    found = _found("Nine men were treated and went home.", "Nine men were treated and one remains in intensive care.")
    assert [c.subject for c in found.changes if c.type == "casualty"] in ([], ["people injured"])


@pytest.mark.parametrize(
    ("before", "after", "types"),
    [
        pytest.param(
            "Hundreds were stranded at the pier.", "Hundreds were left stranded at the pier.", [], id="left stranded"
        ),
        pytest.param("The town was without power.", "The town was left without power.", [], id="left without"),
        pytest.param("He broke his arm.", "He broke his left arm.", ["event"], id="left arm"),
    ],
)
def test_a_verb_is_no_side(before: str, after: str, types: list[str]) -> None:
    """The word "left" is one of two sides only where it describes what follows it."""
    assert [change.type for change in _found(before, after).changes] == types
