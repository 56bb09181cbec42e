"""Durations, as an operator writes them and as they are shown again."""

from datetime import timedelta

import pytest

from config.duration import duration, written


@pytest.mark.parametrize(
    ("spelt", "seconds"),
    [("90s", 90), ("5m", 300), ("2h", 7200), ("30d", 2592000), ("1h30m", 5400), ("250ms", 0.25), ("1.5h", 5400)],
)
def test_durations_are_read(spelt: str, seconds: float) -> None:
    """A number and a unit, or several of them, are a length of time."""
    assert timedelta(seconds=seconds) == duration(spelt)


@pytest.mark.parametrize("spelt", ["", "90", "s", "-5s", "5 s", "5s!", "1e3s", "2 weeks", "9999999999d", 90, None])
def test_other_spellings_are_refused(spelt: object) -> None:
    """A bare number could mean anything, so it is refused like every other spelling."""
    with pytest.raises(ValueError, match=r"is not a duration|is longer than"):
        duration(spelt)


@pytest.mark.parametrize("spelt", ["1s", "90s", "5m", "90m", "2h", "30d", "250ms", "0s", "1500ms"])
def test_what_is_written_is_read_again(spelt: str) -> None:
    """A duration is shown in the largest unit that divides it, as it would be written."""
    assert spelt == written(duration(spelt))
