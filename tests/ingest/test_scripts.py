"""Scripts that set no spaces between words: their edits are edits, their sentences are sentences."""

import pytest

from ingest.judging.align import SIMILAR, similarity, ticks
from ingest.judging.judge import judge
from ingest.judging.sameness import sameness
from ingest.model import Block
from tests.pages.newspaper import Reader, page

HEADLINE = "化学工場の火災、消防が出動"
FIRE = (
    "2日午前、東湾市の化学工場で火災が発生し、消防によりますと、従業員{n}人が死亡しました。",
    "けが人は合わせて{m}人に上っています。",
    "火は約4時間後に消し止められましたが、工場の建物およそ1200平方メートルが焼けました。",
    "警察は、溶接作業中の火花が可燃物に引火した可能性があるとみて調べています。",
    "会社は「亡くなった方のご冥福をお祈りします」とコメントしています。",
    "この工場では去年も小規模な火災が起きていました。",
)
FLOOD = (
    "タイ南部で大雨による洪水が続き、政府は四つの県に非常事態を宣言しました。",
    "首相は記者会見で、避難所を増やすと述べました。",
)


def fire(n: int, m: int) -> list[str]:
    """The story with two figures."""
    return [text.format(n=n, m=m) for text in FIRE]


def test_a_toll_that_moves_at_every_look_is_told() -> None:
    """A sentence without a space is no ticker, whose figures differ at every look."""
    reader = Reader()
    looks = [reader.look(page(fire(2 + n, 8 + n), headline=HEADLINE)) for n in range(4)]
    assert looks == ["first", "changed", "changed", "changed"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("死者は{}人に増えました。", id="japanese"),
        pytest.param("मृतकों की संख्या {} हो गई।", id="hindi"),
        pytest.param("ہلاکتوں کی تعداد {} ہو گئی۔", id="urdu"),
    ],
)
def test_a_sentence_is_no_ticker(text: str) -> None:
    """A sentence ends by its own script's mark."""
    assert not ticks(text.format(2), text.format(3))


def test_an_edited_sentence_resembles_itself() -> None:
    """Its runs are compared by pairs of letters: alike where most stand, unlike where the sentence is another."""
    assert similarity(FIRE[3], FIRE[3].replace("溶接", "解体")) > 0.8
    assert max(similarity(a, b) for a in FIRE for b in FLOOD) < SIMILAR


def test_texts_of_one_article_are_one() -> None:
    """Two states of an article are one text, two articles are not."""
    assert sameness("\n".join(fire(2, 8)), "\n".join(fire(5, 12))).is_one
    assert not sameness("\n".join(fire(2, 8)), "\n".join(FLOOD)).is_one


def test_a_collapse_waits() -> None:
    """Less than half of the words is doubted in any script."""
    before = [Block(text, "body/p") for text in fire(2, 8)]
    assert judge(before, None, before[:1], None).reason == "collapse"
