"""Whether the outlet said that it changed something."""

import pytest

from config.lexicon import load
from facts.compare import compare
from facts.disclosure import disclose, is_stealth
from facts.lexicon import lexicon_for
from facts.model import Document

CHANGED = compare(Document("Nine died."), Document("Ten died."), lexicon_for(load("en"))).changes


@pytest.mark.parametrize(
    ("before", "after", "notice"),
    [
        pytest.param((), (), "none_seen", id="none"),
        pytest.param((), ("Correction: ten.",), "new", id="new"),
        pytest.param(("Correction: ten.",), ("Correction:  ten.",), "existing", id="the same again"),
    ],
)
def test_notice(before: tuple[str, ...], after: tuple[str, ...], notice: str) -> None:
    """A notice is new when its folded text was not seen before."""
    assert notice == disclose(before, after, None, None, None, None, uninformative=False)["notice"]


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        pytest.param(None, None, "absent", id="none"),
        pytest.param("9:00", "9:00", "unmoved", id="stays"),
        pytest.param("9:00", "9:40", "moved", id="moves"),
    ],
)
def test_stamp(before: str | None, after: str | None, moved: str) -> None:
    """The visible stamp and the metadata are told apart, as evidence."""
    told = disclose((), (), before, after, before, after, uninformative=True)
    assert (moved, "uninformative") == (told["visible_stamp"], told["modified"])


@pytest.mark.parametrize(
    ("marker", "stamp", "stealth"),
    [
        pytest.param("none", "9:00", True, id="nothing said"),
        pytest.param("none", "9:40", False, id="the stamp moved"),
        pytest.param("developing", "9:00", False, id="developing"),
        pytest.param("live", "9:00", False, id="live"),
    ],
)
def test_stealth(marker: str, stamp: str, stealth: bool) -> None:
    """Stealth is an altered claim without any word or stamp, in an article that was not announced to change."""
    told = disclose((), (), "9:00", stamp, None, None, uninformative=False)
    assert stealth is is_stealth(CHANGED, told, marker)
