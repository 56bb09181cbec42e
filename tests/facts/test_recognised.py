"""The second opinion on names: what a recogniser that is handed in adds and rejects."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from config.lexicon import load
from facts.compare import compare
from facts.lexicon import lexicon_for
from facts.model import Document, Entity, EntityKind, Recognise

ENGLISH = lexicon_for(load("en"))
Told = list[tuple[str, str, str | None, str | None]]


def knowing(**known: EntityKind) -> Recognise:
    """A recogniser that knows these names, an underscore for each space, and no other."""

    def recognise(text: str) -> Sequence[Entity]:
        found = [(m, kind) for name, kind in known.items() for m in re.finditer(name.replace("_", " "), text)]
        return sorted(Entity(*match.span(), kind) for match, kind in found)

    return recognise


def told(before: str, after: str, recognise: Recognise | None) -> Told:
    """The changes of two texts by type, op, before and after."""
    found = compare(Document(before), Document(after), replace(ENGLISH, recognise=recognise))
    return [(change.type, change.op, change.before, change.after) for change in found.changes]


BEFORE = "Rain fell.\nThe harbour was closed after the fire."
AFTER = "Rain fell.\nThe harbour was closed by Overtime after the fire."


def test_a_lone_word_that_nobody_knows_is_no_name() -> None:
    """A capital letter alone makes a name by rule; a recogniser that sees none there rejects it."""
    assert ("name", "added", None, "Overtime") in told(BEFORE, AFTER, None)
    assert "name" not in {kind for kind, *_ in told(BEFORE, AFTER, knowing())}


@pytest.mark.parametrize("kind", ["person", "organisation", "place", "other"])
def test_a_lone_word_that_is_known_stays(kind: EntityKind) -> None:
    """Whatever kind of name it is."""
    assert told(BEFORE, AFTER, None) == told(BEFORE, AFTER, knowing(Overtime=kind))


def test_what_the_rules_are_sure_of_stays() -> None:
    """Names of several words, titles and the gazetteer need no second opinion."""
    after = "Rain fell.\nThe harbour was closed by Ms Arla Venn in Kyiv after the fire."
    assert {"name", "place"} <= {kind for kind, *_ in told(BEFORE, after, None)}
    assert told(BEFORE, after, None) == told(BEFORE, after, knowing())


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        pytest.param("place", "place", id="place"),
        pytest.param("organisation", "name", id="organisation"),
        pytest.param("person", "name", id="person"),
    ],
)
def test_a_name_that_the_rules_miss_is_added(kind: EntityKind, type_: str) -> None:
    """A word that stands in the list of common words is no name by rule; the recogniser knows better, but for "the"."""
    after = "Rain fell.\nThe harbour was closed with Will after the fire."
    assert not [name for name in told(BEFORE, after, None) if "Will" == name[3]]
    assert (type_, "added", None, "Will") in told(BEFORE, after, knowing(Will=kind))


def test_other_names_confirm_but_add_nothing() -> None:
    """A book, a law or a nationality is no person, organisation or place."""
    after = "Rain fell.\nThe harbour was closed with Will after the fire."
    assert told(BEFORE, after, None) == told(BEFORE, after, knowing(Will="other"))


def test_only_what_was_edited_is_read() -> None:
    """The recogniser is slow, so it sees the sentences that changed, and those only."""
    seen: list[str] = []

    def recognise(text: str) -> Sequence[Entity]:
        seen.append(text)
        return ()

    told(BEFORE, AFTER, recognise)
    assert [BEFORE.split("\n")[1], AFTER.split("\n")[1]] == seen


@pytest.mark.parametrize("text", ["", "\ud800", "Ünion \u202eof Überlingen", "A" * 3000])
def test_any_span_is_taken(text: str) -> None:
    """A recogniser that calls the whole text one name does no harm."""
    found = told(f"One. {text}", f"Two. {text} {text}.", lambda read: [Entity(0, len(read), "organisation")])
    assert all(before is not None or after is not None for _, _, before, after in found)
