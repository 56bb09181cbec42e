"""The demo's own score is honest: what was not told, told twice or told otherwise is said."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from config.clock import now
from demo import score
from demo.newsroom import Newsroom
from demo.sink import Received

TOLL = "terminal-explosion"
KILLED = {"type": "casualty", "op": "updated", "subject": "people killed", "before": "12", "after": "15"}
INJURED = {"type": "casualty", "op": "updated", "subject": "people injured", "before": "34", "after": "41"}


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A newsroom whose toll rose once, and was looked at since."""
    with Newsroom() as newsroom, httpx.Client(trust_env=False) as web:
        newsroom.advance(TOLL)
        web.get(newsroom.article_url(TOLL))
        yield newsroom


def webhook(
    room: Newsroom, slug: str, event: str, changes: Any = (), later: float = 5, before: int | None = 1
) -> Received:
    """A genuine webhook about a story, received so many seconds from now."""
    version = {"from": before, "to": (before or 0) + 1}
    data = {"article": {"url": room.article_url(slug)}, "version": version, "changes": list(changes)}
    return Received(now() + timedelta(seconds=later), "a", {"type": event, "data": data}, b"", again=False)


def test_a_told_step_is_recognised(room: Newsroom) -> None:
    """The alert about the step that was made is that step's, with its latency in three parts."""
    received = [webhook(room, TOLL, "article.facts_changed", [KILLED, INJURED])]
    [told] = score.told_steps(room, received)
    assert (told.slug, told.stage) == (TOLL, 1)
    assert told.latency > 4
    seen, believed = told.made + timedelta(seconds=1), told.made + timedelta(seconds=3)
    assert told.shares(lambda _: (seen, believed)) == pytest.approx((1, 2, told.latency - 3))
    assert told.shares(lambda _: None) == (0, 0, told.latency)
    assert score.untold_steps(room, [told]) == []
    assert score.differences(room, received) == []
    assert score.verdict(room, received, 0, lambda _: None).startswith(
        "1 of 1 things that the stories did were told, and 0 facts alerts that no story gave cause for.\n"
        "1 webhooks came, 0 refused for their signature: 1 article.facts_changed."
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param([KILLED], ["missing casualty updated: 34 → 41"], id="one missing"),
        pytest.param(
            [KILLED, INJURED, KILLED | {"type": "number", "op": "added", "before": None}],
            ["also told number added: – → 15"],
            id="one too many",
        ),
    ],
)
def test_other_changes_are_said(room: Newsroom, changes: list[Any], said: list[str]) -> None:
    """A change that the story does not have, or that was not told, is named."""
    received = [webhook(room, TOLL, "article.facts_changed", changes)]
    assert score.differences(room, received) == [f"{TOLL}, step 1: {each}" for each in said]


@pytest.mark.parametrize(
    ("slug", "event", "before"),
    [
        pytest.param("bridge-reopens", "article.facts_changed", 1, id="a story that stood still"),
        pytest.param("rail-strike", "article.facts_changed", 1, id="a step that was not made"),
    ],
)
def test_an_alert_without_a_step_is_said(room: Newsroom, slug: str, event: str, before: int) -> None:
    """A false alarm shows in the last word."""
    received = [webhook(room, slug, event, [KILLED], before=before)]
    assert score.told_steps(room, received) == []
    assert f"{slug}: 1 without a step of its own" in score.differences(room, received)
    assert "1 facts alerts that no story" in score.verdict(room, received, 0, lambda _: None)


def test_an_untold_step_is_said(room: Newsroom) -> None:
    """What was made and not told is named, a first version notwithstanding."""
    received = [webhook(room, TOLL, "article.version_created", before=None)]
    assert score.is_first(received[0])
    assert score.untold_steps(room, score.told_steps(room, received)) == [(TOLL, 1)]
    assert score.differences(room, received) == [f"{TOLL}, step 1: not told"]


def test_an_alert_before_the_look_is_not_the_steps(room: Newsroom) -> None:
    """Nobody can tell what nobody has seen."""
    received = [webhook(room, TOLL, "article.facts_changed", [KILLED, INJURED], later=-60)]
    assert score.told_steps(room, received) == []


@pytest.mark.parametrize(
    ("values", "share", "value"),
    [
        pytest.param([3.0, 1.0, 2.0], 50, 2.0, id="median"),
        pytest.param([float(n) for n in range(1, 21)], 95, 19.0, id="95 of twenty"),
        pytest.param([1.0, 9.0], 95, 9.0, id="few"),
    ],
)
def test_percentile(values: list[float], share: int, value: float) -> None:
    """The smallest value that enough of them do not exceed."""
    assert score.percentile(values, share) == value
