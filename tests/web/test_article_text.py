"""The text of the article page: sentences with their marks and numbers, folds, bounds, and why each edit is what it is."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from facts.model import Change, Document, Edit
from ingest.blocks import blocks_to_json
from ingest.model import Block
from store.views.versions import Kept
from tests.parts.values import change
from web.article.difference import judged_alike
from web.article.explaining import WHOLE_MAX, explained
from web.article.marks import Effort, Pair, paired
from web.article.pieces import Anchor, Span, echoed, pieces
from web.article.placing import HEADLINE, Texts, Wanted, anchors
from web.article.reading import BYTES_MAX, FOLDED_MAX, LONG_LINE, Fold, Reading, Row, broken, laid


def marked(text: Sequence[Any]) -> str:
    """Pieces as text: [-gone-] {+new+} ^number."""
    frames = {"same": "{}", "del": "[-{}-]", "ins": "{{+{}+}}"}
    spans = [span for piece in text for span in piece.spans]
    return "".join(frames[s.kind].format(s.text) + "".join(f"^{t.number}" for t in s.ties) for s in spans)


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        pytest.param("A came. B went.", "A came. C ran. B went.", "A came. {+C ran. +}B went.", id="a sentence comes"),
        pytest.param(
            "The ministry denied it. A man was held. He lives in Bor.", "The ministry confirmed it. He lives in Bor.",
            "The ministry [-denied-]{+confirmed+} it. [-A man was held. -]He lives in Bor.", id="one changes, one goes",
        ),
        pytest.param(
            "It rained and the roads were closed all day long.", "It rained. The roads were closed all day long.",
            "It rained[- and the-]{+. The+} roads were closed all day long.", id="a split keeps its parts together",
        ),
        pytest.param("Old.", "", "[-Old.-]", id="a paragraph goes"),
    ],
)  # fmt: skip
def test_pieces(before: str, after: str, read: str) -> None:
    """A changed paragraph is read sentence by sentence, words marked within the sentence that changed."""
    pair = Pair(before, after, 0 if before else None, 0 if after else None)
    assert read == marked(pieces(pair, (), "en", Effort()))


def test_numbers_stand_after_their_values() -> None:
    """A number follows the very value; where the same exchange is shown again it is repeated without being a home."""
    pair = Pair("Police say 12 died. In all 12 died.", "Police say 15 died. In all 15 died.", 0, 0)
    told = pieces(pair, [Anchor(1, "new", 0, 11, 13)], "en", Effort())
    again = [replace(piece, spans=echoed(piece.spans, [(1, "12", "15")])) for piece in told]
    assert "Police say [-12-]{+15+}^1 died. In all [-12-]{+15+}^1 died." == marked(again)
    homes = [tie.home for piece in again for span in piece.spans for tie in span.ties]
    assert [True, False] == homes


def test_a_value_inside_of_what_stayed_is_marked() -> None:
    """An attribution that moved ties its unchanged words too."""
    pair = Pair("He lied, a friend said.", "He lied, police said.", 0, 0)
    (piece,) = pieces(pair, [Anchor(2, "new", 0, 9, 20)], "en", Effort())
    assert piece.spans[-2:] == (Span("same", " said", fact=True, ties=piece.spans[-2].ties), Span("same", "."))
    assert [2] == [tie.number for tie in piece.spans[-2].ties]


@pytest.mark.parametrize(
    ("changed", "exact", "found"),
    [
        pytest.param(change("12", "15", offset_after=(20, 22)), True, ("new", 1, 9, 11), id="by its offsets"),
        pytest.param(change("12", "15", offset_after=(0, 2)), True, ("new", 1, 9, 11), id="offsets that do not hold"),
        pytest.param(change("12", "15", offset_after=(20, 22)), False, ("new", 1, 9, 11), id="by its sentence"),
        pytest.param(change("12", None, sentence_after=""), True, ("old", 0, 9, 11), id="gone"),
        pytest.param(change("12", "15", position="headline", sentence_after="15 dead"), True, ("new", HEADLINE, 0, 2), id="headline"),
        pytest.param(
            change("“No”", "“Wet”", type="quote", offset_after=(43, 49), sentence_after="“Wet,” he said."), True,
            ("new", 2, 0, 6), id="a quotation by its offsets",
        ),
        pytest.param(
            change("“No”", "“Wet”", type="quote", sentence_after="“Wet,” he said."), False, ("new", 2, 0, 6),
            id="a quotation by its sentence",
        ),
        pytest.param(change("1", "2", sentence_before="x", sentence_after="y"), True, None, id="nowhere"),
    ],
)  # fmt: skip
def test_places_of_changes(changed: Change, exact: bool, found: tuple[str, int, int, int] | None) -> None:
    """A change is found in the newer text by its offsets, else by its sentence, else in the older text."""
    old = Texts("12 dead", "At least 12 people were killed.")
    new = Texts("15 dead", "It rained.\nAt least 15 people were killed.\n“Wet,” he said.")
    places = anchors([Wanted(1, changed, exact)], old, new)
    assert ([found] if found else []) == [(each.side, each.line, each.start, each.end) for each in places]


def reading(before: str, after: str, *, whole: bool = False) -> Reading:
    """Two texts to be laid out, without facts."""
    return Reading(paired(before, after), (), (), "en", whole)


def test_unchanged_sentences_are_folded() -> None:
    """A changed sentence stands with its neighbours; what lies further away is counted and kept at hand."""
    before = "One is so. Two is so.\nThree is so. Four is 12. Five is so.\nSix is so.\nSeven is so. Eight is so."
    page = laid(reading(before, before.replace("12", "15")))
    shown = [[piece.text.strip() for piece in each.pieces] for each in page.rows if isinstance(each, Row)]
    assert [["Three is so.", "Four is 15.", "Five is so."]] == shown
    assert [2, 3] == [each.sentences for each in page.rows if isinstance(each, Fold)]
    assert ("Six is so.", "Seven is so. Eight is so.") == [each for each in page.rows if isinstance(each, Fold)][
        1
    ].texts
    assert not any(isinstance(each, Fold) for each in laid(reading(before, before, whole=True)).rows)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("\n".join(f"Line {n} says 12." for n in range(5_000)), "\n".join(f"Line {n} says 15." for n in range(5_000)), id="many lines"),
        pytest.param("It rained. " * 20_000, "It rained. " * 19_999 + "It snowed.", id="one long line"),
        pytest.param("橋" * 200_000, "橋" * 199_999 + "口", id="no sentence and no space"),
        pytest.param("a b c d e f g h " * 12_000, "h g f e d c b a " * 12_000, id="words shuffled"),
        pytest.param("", "<&>" * 60_000, id="all of it new"),
    ],
)  # fmt: skip
def test_no_page_outgrows_its_bounds(before: str, after: str) -> None:
    """200 kB of any text are pages of a bounded size that together hold every paragraph, each once."""
    text = reading(broken(before), broken(after), whole=True)
    start: int | None = 0
    seen: list[int] = []
    for _ in range(3):
        if start is None:
            break
        page = laid(text, start)
        rows = [each for each in page.rows if isinstance(each, Row)]
        seen += [each.paragraph for each in rows]
        size = sum(len(span.text.encode()) for each in rows for piece in each.pieces for span in piece.spans)
        assert size <= 2 * BYTES_MAX
        start = page.next
    assert sorted(set(seen)) == seen
    assert seen == [*range(len(seen))]


def test_folded_text_is_bounded() -> None:
    """Unchanged text that is at hand outweighs no page; beyond that it is counted."""
    before = "\n".join([*(f"Sentence {n} goes on and on." for n in range(2_000)), "It is 12."])
    (fold, *_) = laid(reading(before, before.replace("12.", "15."))).rows
    assert isinstance(fold, Fold)
    assert (1_999, ()) == (fold.sentences, fold.texts)
    assert FOLDED_MAX < len(before)


def test_breaking_keeps_offsets() -> None:
    """A very long paragraph is read as several, and every character stays where it was."""
    text = "It rained in Bor. " * 500
    cut = broken(text)
    assert (len(text), True) == (len(cut), "\n" in cut)
    assert text == cut.replace("\n", " ")
    assert max(map(len, cut.split("\n"))) < LONG_LINE


def test_many_rewritten_paragraphs_are_paired() -> None:
    """A long text with a number changed in each paragraph is paired paragraph by paragraph, around new ones."""
    old = [
        f"In town {n} the mayor of district {n} said that 12 of the houses on road {n} had burnt." for n in range(300)
    ]
    new = [line.replace(" 12 ", f" {n} ") for n, line in enumerate(old)]
    new.insert(150, "A fund was set up by the council.")
    pairs = paired("\n".join(old), "\n".join(new))
    assert 301 == len(pairs)
    assert ["A fund was set up by the council."] == [pair.after for pair in pairs if pair.old is None]
    assert not [pair for pair in pairs if pair.new is None]


def test_edits_are_explained() -> None:
    """Each edit says why it is a fact or style, and what was decided when it was read where that differs."""
    before = Document("At least 12 people were killed, police said.\nIt rained in the north of Bor.")
    after = Document("At least 15 people were killed, police said.\nRain fell in the north of Bor.")
    kept = [Edit("edit", "fact", "It rained in the north of Bor.", "Rain fell in the north of Bor.")]
    toll, rain = explained(before, after, kept).edits
    assert ("fact", "") == (toll.intention, toll.kept)
    assert toll.verdict.startswith("fact: the count of people killed moved from “12” to “15”")
    assert rain.verdict.startswith("style: ")
    assert "fact" == rain.kept


def test_a_long_article_is_explained_edit_by_edit() -> None:
    """Where both texts are long, the stored edits are read by themselves, and so many of them."""
    long = Document("It rained. " * (WHOLE_MAX // 10))
    edits = [
        Edit("edit", "fact", f"Town {n}: 12 people were killed.", f"Town {n}: 15 people were killed.")
        for n in range(30)
    ]
    told = explained(long, long, edits)
    assert (False, 20, 10) == (told.whole, len(told.edits), told.left)
    assert all(each.verdict.startswith("fact: the count of people killed moved") for each in told.edits)


def test_what_became_furniture_is_no_change() -> None:
    """A line that one version took for text and the other for furniture stood on both pages: it neither went nor came."""
    out = [
        kept_page(lines, furniture)
        for lines, furniture in (
            (("It rained.", "Our standards."), ()),
            (("It snowed.", "A note."), ("Our standards.",)),
        )
    ]
    old, new = out[0], out[1]
    pairs = judged_alike(paired(old.text, new.text), old, new)
    assert [("It rained.", "It snowed."), ("", "A note.")] == [(pair.before, pair.after) for pair in pairs]
    back = judged_alike(paired("It snowed.", "It snowed.\nOur standards."), new, old)
    assert [False, False] == [pair.changed for pair in back]


def kept_page(lines: Sequence[str], furniture: Sequence[str]) -> Kept:
    """What a version keeps of a page with these lines of text and of furniture."""
    blocks = [*(Block(line, "p") for line in lines), *(Block(line, "aside", "site") for line in furniture)]
    return Kept("\n".join(lines), blocks_to_json(blocks))
