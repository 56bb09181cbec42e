"""Word marks hold for any two texts."""

from hypothesis import given
from hypothesis import strategies as st

from web.article.marks import Paragraph, marked, paired, paragraphs

words = st.sampled_from(["12", "15", "people", "were", "killed", ",", ".", "F-16", "don’t", "1,200", "the", "«"])
lines = st.lists(words, max_size=8).map(" ".join)
texts = st.lists(lines, max_size=8).map("\n".join)


def without(kind: str, shown: tuple[Paragraph, ...]) -> list[str]:
    """The words of one side."""
    return " ".join("".join(m.text for m in p.marks if m.kind != kind) for p in shown).split()


@given(texts, texts)
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    """No word is lost, invented or moved, whatever became of it."""
    shown = paragraphs(paired(before, after))
    assert "".join(before.split()) == "".join(without("ins", shown))
    assert "".join(after.split()) == "".join(without("del", shown))


@given(texts)
def test_the_same_text_has_no_marks(text: str) -> None:
    """A text compared with itself is unmarked."""
    assert not any(paragraph.changed for paragraph in paragraphs(paired(text, text)))


@given(st.text(), st.text())
def test_any_characters(before: str, after: str) -> None:
    """Control characters, scripts and emoji are marked like words and break nothing."""
    marks = marked(before, after)
    assert "".join(before.split()) == "".join("".join(m.text for m in marks if m.kind != "ins").split())


def test_a_word_repeated_without_end_is_no_trap() -> None:
    """Where exact marks would cost too much the stretch counts as replaced, and nothing is lost."""
    before, after = "a b c d e f g h " * 3000, "h g f e d c b a " * 3000
    shown = paragraphs(paired(before, after))
    assert (before.split(), after.split()) == (without("ins", shown), without("del", shown))


def test_marks_read_as_both_texts() -> None:
    """Marks without what came give the old words, without what went the new ones."""
    before, after = "At least 12 people were killed here.", "At least 15 people, two of them children, were killed."
    marks = marked(before, after)
    assert before.split() == "".join(m.text for m in marks if m.kind != "ins").split()
    assert after.split() == "".join(m.text for m in marks if m.kind != "del").split()


def test_paragraphs_pair_with_what_they_became() -> None:
    """A new paragraph between two rewritten ones does not shift the pairing."""
    old = "The ministry denied that inspectors had been warned.\nThe bridge opened in 1987."
    new = "The ministry confirmed that inspectors had been warned.\nA fund was set up.\nThe bridge opened in 1988."
    shown = [
        "".join({"del": f"[{m.text}]", "ins": f"({m.text})", "same": m.text}[m.kind] for m in p.marks)
        for p in paragraphs(paired(old, new))
    ]
    assert [
        "The ministry [denied](confirmed) that inspectors had been warned.",
        "(A fund was set up.)",
        "The bridge opened in [1987](1988).",
    ] == shown
