"""Whether two texts are one article's."""

import pytest

from ingest.judging.sameness import sameness
from tests.parts.pages import BODY

TEXT = "\n".join(BODY)
OTHER = (
    "The council of Marlow Bay voted on Tuesday to close 14 schools for the rest of the week after a storm tore off "
    "their roofs.\nSome 2,300 pupils will be taught in the town hall and in two churches, said Ida Brandt, who leads it."
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(TEXT, TEXT, True, id="equal"),
        pytest.param(TEXT, TEXT.replace("12", "15").replace("4,000", "4,100"), True, id="some facts changed"),
        pytest.param(TEXT, f"{TEXT}\n{OTHER}", True, id="written on"),
        pytest.param("\n".join(BODY[:3]), TEXT, True, id="the first half"),
        pytest.param(TEXT, OTHER, False, id="another story"),
        pytest.param(BODY[0], f"{TEXT}\n{OTHER}\n{OTHER[::-1]}", False, id="a brief within a round-up"),
        pytest.param(TEXT, "", False, id="nothing"),
        pytest.param("Storm.", "Storm.", True, id="one word"),
        pytest.param("Storm.", "Calm.", False, id="two words"),
    ],
)
def test_sameness(one: str, other: str, same: bool) -> None:
    """Two states of one story share most of their runs of words, two stories hardly any."""
    assert same == sameness(one, other).is_one
    assert same == sameness(other, one).is_one
