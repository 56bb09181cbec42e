"""What suppresses noise never eats a fact: every real addition is told at most one look later, however it looks."""

from collections.abc import Sequence

import pytest

from tests.pages.newspaper import STORY, TEASERS, Reader, page, paragraphs

ARREST = "Police have arrested a 43-year-old man."
ADDED = {
    "an arrest": ARREST,
    "a toll": "The death toll has risen to 15.",
    "a name": "She was named as Ada Quill, 31.",
    "a correction": "Correction: an earlier version of this article gave the wrong year.",
    "a short correction": "Correction: it was 14, not 12.",
    "an update": "UPDATE 14:20: Two more bodies were found.",
    "an update without a verb": "UPDATE: 15 dead, 31 injured.",
    "an update in capitals": "UPDATE 14:20 – TOLL RISES TO 15",
    "a time and a sentence": "14:20 – The tunnel is open again.",
    "a time and a toll": "Revised toll at 14:20: 15 dead.",
    "an update of a day": "Updated: The toll rose to 15 on Monday.",
    "an update in French": "Mis à jour à 14h20 : quinze morts.",
    "an update in Ukrainian": "Оновлено о 14:20: загинули 15 людей.",
    "a date at its end": "Edited footage was released on 3 March 2026.",
    "a marker and a fact": "A 43-year-old man is in custody; more details soon.",
    "another story's words": "Trains between Lisbrook and Eastgate are cancelled until Thursday, the operator said.",
    "a quotation": "“We will not comment,” a spokesman said.",
    "a question": "Who is to blame?",
    "in another language": "Das Gericht hat die Klage am Dienstag abgewiesen.",
    "in Ukrainian": "Поліція затримала 43-річного чоловіка.",
    "in Chinese": "警方已逮捕一名四十三岁的男子。",
    "in Arabic": "أوقفت الشرطة رجلا يبلغ من العمر 43 عاما.",
    "without a full stop": "Police have arrested a 43-year-old man",
}
PLACES = {"first": 0, "in the middle": 4, "before the last": len(STORY) - 1, "last": len(STORY)}
SHORT = ("The bridge is closed.", "Two people fell.", "One is dead.", "Divers are at work.", "The mayor is on her way.",
         "Buses go round by the mill.", "The school will stay shut.", "Rain is forecast.", "The river is high.")  # fmt: skip


def told_after(before: bytes, after: bytes, said: str, *, stood: int = 1) -> int:
    """How many looks later than at once a text was in the latest version; 9 for never within five."""
    reader = Reader()
    for _ in range(1 + stood):
        reader.look(before)
    for looks in range(5):
        reader.look(after)
        if said in reader.text.split("\n"):
            return looks
    return 9


def added(texts: Sequence[str], at: int, said: str) -> list[str]:
    """The texts with one more."""
    return [*texts[:at], said, *texts[at:]]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ADDED)
def test_a_paragraph_that_is_added(kind: str, place: str) -> None:
    """Anywhere in the article, though it share no word with the story."""
    said = ADDED[kind]
    assert 1 >= told_after(page(), page(added(STORY, PLACES[place], said)), said)


@pytest.mark.parametrize("kind", ADDED)
def test_a_paragraph_before_the_comments(kind: str) -> None:
    """At the end of the article's element, before a label of comments and the comments themselves."""
    said = ADDED[kind]

    def shown(texts: Sequence[str], count: int) -> bytes:
        talk = paragraphs(f"What a night, {text}" for _, text in TEASERS[:count])
        return page(f"{paragraphs(texts)}<h3>Comments ({count})</h3><div>{talk}</div>")

    assert 1 >= told_after(shown(STORY, 2), shown([*STORY, said], 3), said)


@pytest.mark.parametrize("kind", ADDED)
def test_a_paragraph_of_an_article_of_short_ones(kind: str) -> None:
    """Every paragraph is a short sentence."""
    said = ADDED[kind]
    for at in (1, 4, len(SHORT)):
        assert 1 >= told_after(page(SHORT), page(added(SHORT, at, said)), said), at


@pytest.mark.parametrize("kind", ADDED)
def test_an_item_of_a_list(kind: str) -> None:
    """What is known, as a list below two paragraphs."""
    said = ADDED[kind]

    def shown(items: Sequence[str]) -> bytes:
        listed = "".join(f"<li>{text}</li>" for text in items)
        return page(f"{paragraphs(STORY[:3])}<ul>{listed}</ul>{paragraphs(STORY[6:])}")

    assert 1 >= told_after(shown(STORY[3:6]), shown([STORY[3], said, *STORY[4:6]]), said)
    assert 1 >= told_after(shown(STORY[3:6]), shown([*STORY[3:6], said]), said)


@pytest.mark.parametrize("said", ["Who was in the building?", "Nobody knows yet. The search goes on at first light."])
def test_questions_and_answers(said: str) -> None:
    """An article of questions and answers gets one more of either."""
    asked = [text for n, answer in enumerate(STORY) for text in (f"What about number {n} on the list?", answer)]
    assert 1 >= told_after(page(asked), page(added(asked, 6, said)), said)


@pytest.mark.parametrize("kind", ADDED)
def test_a_ticker_of_times(kind: str) -> None:
    """A live page without JSON-LD: the newest entry on top, under its time."""
    said, entries = ADDED[kind], [text for n, entry in enumerate(STORY) for text in (f"{20 - n}:40", entry)]
    assert 1 >= told_after(page(entries), page([f"{21}:05", said, *entries]), said)


@pytest.mark.parametrize("kind", ADDED)
def test_an_addition_while_the_template_changes(kind: str) -> None:
    """The paragraphs stand under other paths from now on, and one more is among them, or last."""
    said = ADDED[kind]
    for at in (4, len(STORY)):
        after = page(added(STORY, at, said), wrapper="prose longread", aside="<p>New design</p>")
        assert 1 >= told_after(page(), after, said), at


@pytest.mark.parametrize("kind", ADDED)
def test_an_addition_beside_a_teaser_that_turns(kind: str) -> None:
    """Right beside a place where another article's headline and paragraph stand at every look."""
    said = ADDED[kind]
    for at, gap in ((4, 0), (4, 1)):
        reader = Reader()
        for look in range(3):
            reader.look(page([*STORY[:4], *TEASERS[look], *STORY[4:]]))
        for look in range(3, 6):
            mine = [said, *TEASERS[look]] if not gap else [*TEASERS[look], said]
            reader.look(page([*STORY[:at], *mine, *STORY[at:]]))
        assert said in reader.text.split("\n"), gap


def test_one_place_rewritten_again_and_again() -> None:
    """A last paragraph that shares no word with the story is replaced several times, and each time stands."""
    said = [ARREST, "The suspect was released on bail.", "Officers charged a second suspect.", "Neither will appear."]
    said = [*said, "Both pleaded guilty at dawn.", "A verdict is due in autumn."]
    reader = Reader()
    for text in said:
        for _ in range(9):
            reader.look(page([*STORY, text]))
        assert text in reader.text.split("\n")
