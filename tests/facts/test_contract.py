"""Claimants, severities and subjects as docs/architecture.md §4 promises them."""

import pytest

from config.lexicon import load
from facts.compare import compare
from facts.lexicon import lexicon_for
from facts.model import Change, Document

ENGLISH = lexicon_for(load("en"))
BODY = "Fire tore through the harbour warehouse.\nCrews worked overnight.\n"


def _only(before: str, after: str) -> Change:
    (change,) = compare(Document(BODY + before), Document(BODY + after), ENGLISH).changes
    return change


@pytest.mark.parametrize(
    ("before", "after", "claimant"),
    [
        pytest.param(
            "“We did everything we could,” said harbour master Elin Korr.",
            "“We did all that anyone could,” said harbour master Elin Korr.",
            "harbour master Elin Korr",
            id="a role in small letters",
        ),
        pytest.param(
            "“We should have told people sooner,” said Mayor Dunn.",
            "“We could not have told people sooner,” said Mayor Dunn.",
            "Mayor Dunn",
            id="a verb of saying inside the marks",
        ),
        pytest.param("“We told people,” Dunn said.", "“We never told people,” Dunn said.", "Dunn", id="speaker first"),
    ],
)
def test_who_speaks_stands_outside_of_the_marks(before: str, after: str, claimant: str) -> None:
    """Words inside quotation marks are never a claimant, and a reworded or negated quotation is high."""
    change = _only(before, after)
    assert ("quote", "high", claimant, claimant) == (
        change.type, change.severity, change.claimant_before, change.claimant_after
    )  # fmt: skip


def test_the_headline_takes_the_claimant_of_the_lede() -> None:
    """A claim told once names who says it, wherever that stood."""
    before, after = (
        Document(f"Police said {n} people were killed in Orla.\nCrews worked.", headline=f"Fire kills {n} people")
        for n in (12, 14)
    )
    (change,) = compare(before, after, ENGLISH).changes
    assert ("headline", "Police", "Police") == (change.position, change.claimant_before, change.claimant_after)


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        pytest.param("It went to Peter Hall.", "It went to Peter Hill.", "high", id="a surname that is a building"),
        pytest.param("They died in a Russian strike.", "They died in a strike.", "high", id="actor dropped"),
        pytest.param(
            "They died in a Russian strike. The Russian army is near.",
            "They died in a strike. The Russian army is near.",
            "high",
            id="actor dropped here, named elsewhere",
        ),
        pytest.param("The bill passed by 312 votes.", "The bill passed by 314 votes.", "high", id="votes"),
        pytest.param("Orla beat Dunmore 101 to 98.", "Orla beat Dunmore 102 to 98.", "high", id="score"),
        pytest.param("The birth rate rose to 102.", "The birth rate rose to 104.", "high", id="rate"),
        pytest.param("The magnitude 6.1 quake hit.", "The magnitude 6.2 quake hit.", "high", id="magnitude"),
        pytest.param("It carried 212 passengers.", "It carried 214 passengers.", "medium", id="plain count"),
        pytest.param("It rose from 212 to 240.", "It rose from 214 to 240.", "medium", id="a span is no score"),
    ],
)
def test_severities(before: str, after: str, severity: str) -> None:
    """The table of severities holds in the body of an article."""
    assert severity == _only(before, after).severity


@pytest.mark.parametrize(
    ("before", "after", "subject"),
    [
        pytest.param("12 people died and 34 injured.", "12 people died and 36 injured.", "people injured", id="toll"),
        pytest.param("The total is 300.", "The total is 340.", "total", id="a figure that counts nothing named"),
        pytest.param("The mayor denied the report.", "The mayor confirmed the report.", "The mayor", id="stance"),
        pytest.param("The bridge is open.", "The bridge is closed.", "bridge", id="state"),
    ],
)
def test_subjects_say_what_the_change_is_about(before: str, after: str, subject: str) -> None:
    """No subject is empty, doubled, or the name of a rule."""
    assert subject == _only(before, after).subject
