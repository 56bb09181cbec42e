"""What ``--explain`` says is for people: sentences with the words that decided, and nothing of the rules' insides."""

import re

import pytest

from bench.corpus import cases
from config.lexicon import load
from facts.compare import compare
from facts.lexicon import lexicon_for
from facts.model import Comparison, Document

ENGLISH = lexicon_for(load("en"))
INNER = re.compile(
    r"[(\[{]['\"]|\b(?:True|False|None)\b|\\x|\\u|\b(?:lo|hi|approx|part_of|minute|weekday) -?\d"
    r"|\b(?:casualty|number|date|status|attribution|quote|name|place|event|correction)\.[a-z]|'[^' ]*' as "
)
HEAD = re.compile(r"edit (\d+) \([a-z]+\): (fact|style): (.+)")


def _explained(before: str, after: str) -> Comparison:
    return compare(Document(before), Document(after), ENGLISH, explain=True)


def test_no_note_shows_its_insides() -> None:
    """Over the whole corpus, no note holds a literal, a stem, a bracket around quotes or the name of a rule, and each
    edit has one sentence that agrees with its verdict."""
    for case in cases():
        found = compare(case.before, case.after, lexicon_for(load(case.before.language)), explain=True)
        assert [] == [note for note in found.explanations if INNER.search(note)], case.name
        heads = [head for note in found.explanations if (head := HEAD.fullmatch(note))]
        said = [(int(head[1]), head[2]) for head in heads]
        assert said == [(at, edit.intention) for at, edit in enumerate(found.edits, 1)], case.name


def test_every_note_cites_words_of_the_text() -> None:
    """What stands in a sentence's quotation marks stands so in one of the texts: whole words, as written."""
    for case in cases():
        found = compare(case.before, case.after, lexicon_for(load(case.before.language)), explain=True)
        texts = " ".join((case.before.headline, case.before.text, case.after.headline, case.after.text))
        flat = " ".join(texts.split())
        for note in found.explanations:
            for words in re.findall(r"“([^“”…]+)”", note):
                assert all(word in flat for word in words.split()), (case.name, note)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param(
            "At least 12 people were killed in the pit.",
            "At least 15 people were killed in the pit.",
            "fact: the count of people killed moved from “12” to “15”",
            id="toll",
        ),
        pytest.param(
            "It fell on Sunday in the rain.",
            "In the rain it fell on Sunday.",
            "style: the same words in another order",
            id="order",
        ),
        pytest.param(
            "General Syrsky spoke.",
            "General Syrskyi spoke.",
            "style: the same name, only spelt or shortened otherwise: “Syrsky” became “Syrskyi”",
            id="spelling",
        ),
        pytest.param(
            "The town of Orla held a rally.",
            "The town of Orla staged a rally.",
            "style: no checkable claim differs: “held” became “staged”",
            id="wording",
        ),
        pytest.param(
            "The mayor denied the report.",
            "The mayor confirmed the report.",
            "fact: The mayor took another stance: “denied” became “confirmed”",
            id="stance",
        ),
        pytest.param(
            "“It is safe”, he said.",
            '"It is safe", he said.',
            "style: the same words; at most marks, spaces or capitals differ",
            id="typography",
        ),
    ],
)
def test_a_sentence_says_why(before: str, after: str, said: str) -> None:
    """One plain sentence an edit names the words that decided."""
    head = HEAD.fullmatch(_explained(before, after).explanations[0])
    assert head is not None
    assert said == f"{head[2]}: {head[3]}"


def test_nothing_is_said_unasked() -> None:
    """Explanations cost time, and are empty without being asked for."""
    notice = Document("Rain fell.", notices=("Correction: it was snow.",))
    assert () == compare(Document("Rain fell."), notice, ENGLISH).explanations
