"""A claim is told once, and never is another one taken for it."""

import pytest

from bench.corpus import Case, cases
from config.lexicon import load
from facts.compare import compare
from facts.lexicon import lexicon_for

ONCE = [case for case in cases() if "once-" in case.name]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in ONCE])
def test_a_claim_is_told_once(case: Case) -> None:
    """Headline and text that tell the same change make one; other figures, subjects, places and turns stay apart."""
    found = compare(case.before, case.after, lexicon_for(load(case.before.language))).changes
    assert sorted((c.type, c.before, c.after) for c in found) == sorted(case.changes)


def test_the_one_kept_says_most() -> None:
    """It stands in the headline, is as loud, and has the fuller subject and the claimant of the text."""
    (case,) = (case for case in ONCE if case.name == "once-at-least")
    (change,) = compare(case.before, case.after, lexicon_for(load("en"))).changes
    assert ("headline", "critical", "miners killed", "officials") == (
        change.position, change.severity, change.subject, change.claimant_after
    )  # fmt: skip


def test_a_stance_takes_the_full_name() -> None:
    """Whom a headline names in short is told in full."""
    (case,) = (case for case in ONCE if case.name == "once-stance")
    (change,) = compare(case.before, case.after, lexicon_for(load("en"))).changes
    assert ("Valemark's Foreign Ministry", {"stance": "deny"}, {"stance": "confirm"}) == (
        change.subject, change.value_before, change.value_after
    )  # fmt: skip
