"""Stories advance when their time has come and the version before was read."""

import time
from collections.abc import Callable

import httpx
import pytest

from config.clock import now
from demo.newsroom import Newsroom
from demo.story import load_stories
from demo.timeline import Timeline, is_due

TOLL = next(story for story in load_stories(now()) if story.slug == "terminal-explosion")


def within(seconds: float, happened: Callable[[], bool]) -> bool:
    """Whether it happened before so many seconds had passed."""
    last = time.monotonic() + seconds
    while not happened() and time.monotonic() < last:
        time.sleep(0.01)
    return happened()


@pytest.mark.parametrize(
    ("stage", "elapsed", "speed", "looks", "due"),
    [
        pytest.param(0, 2.9, 1, 9, False, id="too early"),
        pytest.param(0, 3.0, 1, 2, True, id="in time"),
        pytest.param(0, 99, 1, 1, False, id="not read often enough"),
        pytest.param(0, 0.75, 4, 2, True, id="four times as fast"),
        pytest.param(1, 3.0, 1, 2, False, id="the next one is later"),
        pytest.param(len(TOLL.steps) - 1, 999, 1, 99, False, id="ended"),
    ],
)
def test_is_due(stage: int, elapsed: float, speed: float, looks: int, due: bool) -> None:
    """A step waits for its time and for two looks at what it replaces."""
    assert is_due(TOLL, stage, elapsed, speed, looks) is due


def test_stories_play_to_their_end() -> None:
    """A reader who keeps looking sees every story through, each at its own pace."""
    with Newsroom() as room, Timeline(room, speed=1000) as timeline, httpx.Client(trust_env=False) as web:

        def read_all() -> bool:
            for slug in room.stories:
                web.get(room.article_url(slug))
            return timeline.ended

        assert within(30, read_all)
        assert {slug: len(story.steps) - 1 for slug, story in room.stories.items()} == {
            slug: room.stage(slug) for slug in room.stories
        }


def test_unread_story_waits() -> None:
    """However late it is, a version that nobody looked at is not replaced."""
    with Newsroom() as room, Timeline(room, speed=1000), httpx.Client(trust_env=False) as web:
        for _ in range(2):
            web.get(room.article_url("rail-strike"))
        assert within(30, lambda: room.stage("rail-strike") == 1)
        assert room.stage("terminal-explosion") == 0
