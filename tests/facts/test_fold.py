"""Typography folds; words and figures do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.fold import clean, fingerprint, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("“We—no”", '"We-no"', id="marks and dash"),
        pytest.param("a\u00a0b\t c", "a b c", id="spaces"),
        pytest.param("one…", "one...", id="ellipsis"),
        pytest.param("x\u200by\u202e", "xy", id="invisible"),
        pytest.param("ﬁve", "five", id="ligature"),
        pytest.param("e\u0301", "é", id="composed"),
        pytest.param("１２", "12", id="full width"),
        pytest.param("10² ½", "10² ½", id="superscript and fraction stay"),
        pytest.param("1,500 1.500", "1,500 1.500", id="figures stay"),
        pytest.param("a\r\n\r\n b ", "a\nb", id="lines"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    """Each kind of typography has one form."""
    assert folded == fold(text)


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    """A folded text is its own fold, and shares its fingerprint."""
    assert fold(text) == fold(fold(text))
    assert fingerprint(text) == fingerprint(fold(text))


@given(st.text(max_size=200))
def test_clean_knows_where_every_character_stood(text: str) -> None:
    """There is a place for each character, in order, inside the text."""
    cleaned, places = clean(text)
    if places is None:
        assert len(cleaned) == len(text)
    else:
        assert len(places) == len(cleaned) + 1
        assert list(places) == sorted(places)
