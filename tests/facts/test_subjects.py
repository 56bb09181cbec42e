"""Subjects and values as a newcomer reads them on a chip: ``type before → after subject``."""

import pytest

from config.lexicon import load
from facts.compare import compare
from facts.lexicon import lexicon_for
from facts.model import Change, Document


def _found(language: str, before: str, after: str) -> tuple[Change, ...]:
    old, new = (Document(f"{text}\n", language=language) for text in (before, after))
    return compare(old, new, lexicon_for(load(language))).changes


@pytest.mark.parametrize(
    ("language", "before", "after", "claimant"),
    [
        (
            "en",
            "Valemark's Foreign Ministry on Monday {}.",
            ("denied it", "confirmed it"),
            "Valemark's Foreign Ministry",
        ),
        ("en", "The defence ministry late on Tuesday {}.", ("denied it", "confirmed it"), "The defence ministry"),
        ("en", "On 3 May the council also {}.", ("denied it", "confirmed it"), "the council"),
        ("en", "President Dunn last week {}.", ("denied it", "confirmed it"), "President Dunn"),
        ("en", "The Orla-led alliance {}.", ("denied it", "confirmed it"), "The Orla-led alliance"),
        ("de", "Das Ministerium am Montag {}.", ("dementierte es", "bestätigte es"), "Das Ministerium"),
        ("fr", "Le ministère lundi {}.", ("a démenti la rumeur", "a confirmé la rumeur"), "Le ministère"),
        ("es", "El ministerio el lunes {}.", ("negó el pacto", "confirmó el pacto"), "El ministerio"),
        ("ru", "Министерство в понедельник {}.", ("опровергло сделку", "подтвердило сделку"), "Министерство"),
        ("uk", "Міністерство у понеділок {}.", ("спростувало угоду", "підтвердило угоду"), "Міністерство"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) == 2 else "",
)
def test_claimants_carry_no_day(language: str, before: str, after: tuple[str, str], claimant: str) -> None:
    """Days, hours and the words that lead to them are no part of who says something."""
    (change,) = _found(language, before.format(after[0]), before.format(after[1]))
    assert (claimant, claimant, claimant) == (change.subject, change.claimant_before, change.claimant_after)


def test_a_day_before_a_german_verb_is_no_claimant() -> None:
    """Where the verb comes second, who speaks stands behind it."""
    texts = (f"Am Montagabend teilte die Polizei mit, {n} Schüler seien verletzt worden." for n in (12, 15))
    (change,) = _found("de", *texts)
    assert ("Schüler verletzt", "die Polizei") == (change.subject, change.claimant_after)


@pytest.mark.parametrize(
    ("language", "text", "subject"),
    [
        ("en", "A total of {} soldiers were killed.", "soldiers killed"),
        ("de", "Bei dem Brand wurden {} Menschen getötet.", "Menschen getötet"),
        ("fr", "Au moins {} personnes ont été blessées.", "personnes blessées"),
        ("fr", "Au moins {} policiers ont été blessés.", "policiers blessés"),
        ("es", "Al menos {} personas murieron.", "personas muertas"),
        ("es", "Al menos {} policías resultaron heridos.", "policías heridos"),
        ("ru", "Ранены {} полицейских.", "полицейских ранено"),
        ("uk", "12 серпня зникли безвісти {} людей.", "людей зникло"),
        ("en", "The fleet has {} rescue boats.", "rescue boats"),
        ("en", "It fell by {} percent.", ""),
        ("en", "It takes {} days.", ""),
    ],
)
def test_counts_say_what_they_count(language: str, text: str, subject: str) -> None:
    """In the words and the language of the text; a unit is part of the value, and no subject."""
    (change,) = _found(language, text.format(14), text.format(19))
    assert subject == change.subject


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Police said the road was shut.", "The road was shut.", id="attribution"),
        pytest.param("It opens on 4 May.", "It opens on 9 May.", id="date"),
        pytest.param("It went to Mayor Anna Holt.", "It went to Mayor Eva Lunt.", id="name"),
        pytest.param("It sank off Lisbon.", "It sank off Naples.", id="place"),
        pytest.param("A van hit the wall.", "A truck hit the wall.", id="event"),
        pytest.param("He allegedly took bribes.", "He took bribes.", id="hedge"),
    ],
)
def test_a_subject_that_says_nothing_more_is_empty(before: str, after: str) -> None:
    """What type or values say already is not said again, and the kind of a name is not guessed."""
    (change,) = _found("en", before, after)
    assert "" == change.subject


def test_quotations_are_shown_without_their_comma() -> None:
    """The comma that leads on to the speaker is no word of the quotation; the offsets still cover it."""
    before, after = (f"“We {word} have told people sooner,” said Mayor Dunn." for word in ("should", "never should"))
    (change,) = _found("en", before, after)
    assert ("“We should have told people sooner”", "“We never should have told people sooner”") == (
        change.before, change.after
    )  # fmt: skip
    assert change.offset_before is not None
    assert "sooner,”" in before[slice(*change.offset_before)]
