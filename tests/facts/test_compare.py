"""What must hold of any two texts whatever."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.lexicon import load
from facts.compare import compare
from facts.lexicon import lexicon_for
from facts.model import Comparison, Document

ENGLISH = lexicon_for(load("en"))
SENTENCES = [
    "At least 12 people were killed in the blast near Orla.",
    "Police arrested two men on Monday.",
    "The mayor denied the report.",
    '"We are ready for the winter," said Ms Ortega.',
    "Inflation rose to 6.1% in May.",
    "The bridge was opened by the king in 1987.",
    "Rescuers searched the valley through the night.",
    "The court convicted Arlo Venn of fraud.",
    "Farmers blocked the road to the harbour.",
    "The ship carried 212 passengers.",
]
articles = st.lists(st.sampled_from(SENTENCES), unique=True, min_size=1, max_size=8)
anything = st.text(max_size=300)


def _compare(before: str, after: str, **fields: object) -> Comparison:
    return compare(Document(before, **fields), Document(after, **fields), ENGLISH)  # type: ignore[arg-type]


@given(anything)
def test_a_text_equals_itself(text: str) -> None:
    """Comparing a text with itself finds neither edit nor change."""
    found = _compare(text, text)
    assert ((), ()) == (found.edits, found.changes)


@settings(max_examples=300)
@given(anything, anything)
def test_no_text_raises(before: str, after: str) -> None:
    """Two arbitrary texts give a result, whose offsets lie inside the texts."""
    for change in _compare(before, after, headline="").changes:
        for text, span in ((before, change.offset_before), (after, change.offset_after)):
            assert span is None or 0 <= span[0] < span[1] <= len(text)


@given(articles, st.sampled_from(SENTENCES))
def test_swapping_turns_added_into_removed(sentences: list[str], extra: str) -> None:
    """A whole sentence that comes is told as added, the same one that goes as removed."""
    short = [s for s in sentences if s != extra] or ["Nothing else happened."]
    longer = [*short, extra]
    there, back = _compare("\n".join(short), "\n".join(longer)), _compare("\n".join(longer), "\n".join(short))
    assert {"added"} == {change.op for change in there.changes}
    assert {"removed"} == {change.op for change in back.changes}


@given(articles, articles)
def test_swapping_swaps_updates(before: list[str], after: list[str]) -> None:
    """A value that was updated is updated back."""
    there, back = _compare("\n".join(before), "\n".join(after)), _compare("\n".join(after), "\n".join(before))
    turned = {(c.type, c.after, c.before) for c in back.changes if c.op == "updated" and c.type in ("number", "date")}
    assert turned == {
        (c.type, c.before, c.after) for c in there.changes if c.op == "updated" and c.type in ("number", "date")
    }


@given(articles.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_reordering_is_no_fact(orders: tuple[list[str], list[str]]) -> None:
    """The same sentences in another order are style."""
    before, after = orders
    assert not _compare("\n".join(before), "\n".join(after)).factual


@given(articles, st.sampled_from([("\u2019", "'"), ("“", '"'), ("\u00a0", " "), ("\u200b", ""), ("—", "-")]))
def test_typography_is_no_fact(sentences: list[str], signs: tuple[str, str]) -> None:
    """Marks, dashes, spaces and invisible characters never make a fact."""
    fancy, plain = signs
    text = "\n".join(sentences)
    assert not _compare(text, text.replace(" ", f" {fancy}" if plain == "" else " ")).factual
    assert not _compare(text.replace(plain, fancy) if plain else text, text).factual


@given(articles)
def test_whitespace_is_no_fact(sentences: list[str]) -> None:
    """Double spaces, tabs and empty lines are nothing."""
    assert not _compare("\n".join(sentences), "\n\n".join(s.replace(" ", "  ") + "\t" for s in sentences)).factual


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "", id="both empty"),
        pytest.param("", "Four people died.", id="first empty"),
        pytest.param("Four people died.", "", id="last empty"),
        pytest.param("12 15 17", "12 16 17", id="only numbers"),
        pytest.param("\ud800 died", "\udfff died", id="lone surrogates"),
        pytest.param("\u202eFour\u202c died.", "Four\u200b died.", id="bidi and zero width"),
        pytest.param("Київ Kyiv كييف 基輔 died 4", "Київ Kyiv كييف 基輔 died 5", id="mixed scripts"),
        pytest.param("word " * 5000, "word " * 5001, id="no sentence ends"),
        pytest.param("x" * 200_000, "y" * 200_000, id="one long word"),
        pytest.param('"' * 3000, "'" * 3000, id="only marks"),
        pytest.param("one " + "trillion " * 60, "two " + "trillion " * 60, id="one endless number in words"),
        pytest.param("9" * 5000, "8" * 5000, id="one long number"),
        pytest.param("1,1,1,1," * 500, "1.1.1.1." * 500, id="grouped nonsense"),
    ],
)
def test_odd_texts_give_a_result(before: str, after: str) -> None:
    """Texts that no newsroom writes are compared all the same."""
    found = _compare(before, after)
    assert found == _compare(before, after)


def test_a_huge_text_without_equals_is_compared() -> None:
    """A long text rewritten from end to end is compared in the time of its length, not of its square."""
    lines = [f"In village {n} the number of cattle was {n * 3}." for n in range(4_000)]
    assert _compare("\n".join(lines), "\n".join(line.replace("cattle", "sheep") for line in lines)).edits


def test_a_headline_change_is_told_though_the_body_is_equal() -> None:
    """Headline facts stand one level higher and carry offsets into the headline."""
    body = "Rain fell.\nThe river rose."
    before, after = (Document(body, headline=f"Profits at Orla Bank grow by {n} percent") for n in ("four", "nine"))
    (change,) = compare(before, after, ENGLISH).changes
    assert ("headline", "number", "four percent", "nine percent") == (
        change.position, change.type, change.before, change.after
    )  # fmt: skip
    assert "critical" == change.severity
    assert change.offset_after is not None
    assert after.headline[slice(*change.offset_after)] == "nine percent"


@pytest.mark.parametrize(
    ("hour", "zone", "today"),
    [(12, "Europe/Kyiv", 23), (23, "UTC", 23), (23, "+02:00", 24), (20, "+05:30", 24), (1, "-05:00", 22)],
)
def test_a_day_is_the_date_it_names_where_the_outlet_is(hour: int, zone: str, today: int) -> None:
    """ "Today" and the date it names are one, as seen from the outlet: late on Monday in UTC it is Tuesday to its east,
    early on Monday it is Sunday to its west."""
    published = datetime(2026, 11, 23, hour, tzinfo=UTC)
    named = [
        _compare("The bridge fell today.", f"The bridge fell on {day} November.", published=published, zone=zone)
        for day in (today, today - 1)
    ]
    assert [False, True] == [found.factual for found in named]


def test_without_a_publication_date_equal_words_are_equal() -> None:
    """Nothing resolves a weekday then, but nothing needs to."""
    assert not _compare("It fell on Sunday in the rain.", "It fell in the rain on Sunday.").factual


def test_an_unknown_language_is_read_by_digits_and_says_so() -> None:
    """Numbers are found without a lexicon, at a lower confidence."""
    lexicon = lexicon_for(load("pl"))
    (change,) = compare(Document("Zginęło 12 osób."), Document("Zginęło 15 osób."), lexicon).changes
    assert ("number", "12", "15") == (change.type, change.before, change.after)
    assert change.confidence < 0.8


def test_notices_beside_the_text_are_corrections() -> None:
    """A notice that the page shows outside of its text is a critical correction."""
    found = compare(Document("Rain fell."), Document("Rain fell.", notices=("Correction: it was snow.",)), ENGLISH)
    (change,) = found.changes
    assert ("correction", "critical", "added") == (change.type, change.severity, change.op)
