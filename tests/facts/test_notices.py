"""Correction notices that come, change and stay."""

import pytest

from config.lexicon import load
from facts.compare import compare
from facts.lexicon import lexicon_for
from facts.model import Change, Document

ENGLISH = lexicon_for(load("en"))
BODY = "Fire tore through the harbour warehouse.\nCrews worked overnight.\n"
MISQUOTED = "Correction: An earlier version of this article misquoted harbour master Elin Korr."
TOLL = "Correction: An earlier version of this article said that at least 17 people had been killed. The figure is 16."


def _changes(before: str, after: str) -> tuple[Change, ...]:
    return compare(Document(BODY + before), Document(BODY + after), ENGLISH).changes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(MISQUOTED, TOLL, id="another notice"),
        pytest.param(TOLL, MISQUOTED, id="a shorter notice"),
        pytest.param(TOLL, TOLL.replace("16", "15"), id="its second sentence"),
    ],
)
def test_a_notice_that_changes_is_one_change(before: str, after: str) -> None:
    """The words of a notice are no claims of the article; the change holds both notices whole."""
    (change,) = _changes(before, after)
    assert ("correction", "updated", before, after, "critical") == (
        change.type, change.op, change.before, change.after, change.severity
    )  # fmt: skip
    assert change.claimant_after is None


def test_a_notice_does_not_take_the_place_of_what_it_corrects() -> None:
    """A notice that comes with an edit leaves the edit to be told."""
    found = _changes("The port has 12 berths.", "The port has 14 berths.\n" + TOLL)
    assert {("number", "12", "14"), ("correction", None, TOLL)} == {(c.type, c.before, c.after) for c in found}


def test_a_notice_in_a_lone_paragraph_does_not_swallow_the_article() -> None:
    """Where all stands in one paragraph, what both versions say is no part of the notice."""
    text = "Correction: An earlier version of this article misquoted Elin Korr. The quay was shut. It has 12 berths."
    after = text.replace("Elin Korr", "Arlo Venn").replace("12", "14")
    found = compare(Document(text), Document(after), ENGLISH).changes
    assert {("correction", "updated"), ("number", "updated")} == {(c.type, c.op) for c in found}


def test_an_ordinary_sentence_with_a_word_of_corrections_is_read_as_ever() -> None:
    """ "Misidentified" alone makes no notice of a sentence that both versions have."""
    found = _changes("Police misidentified 12 men.", "Police misidentified 19 men.")
    assert [("number", "12", "19")] == [(c.type, c.before, c.after) for c in found]
