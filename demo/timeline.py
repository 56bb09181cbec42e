"""Advances the newsroom's stories by the clock, and never past a version that nobody has read yet."""

from threading import Event, Thread
from time import monotonic
from typing import Self

from demo.newsroom import Newsroom
from demo.story import Story

LOOKS_BEFORE_NEXT = 2  # a real newsroom does not publish faster than its readers read either
_TICK = 0.02  # seconds


def is_due(story: Story, stage: int, elapsed: float, speed: float, looks: int) -> bool:
    """Whether the step after *stage* is to be made, *elapsed* seconds after the play began."""
    if stage + 1 >= len(story.steps):
        return False
    return elapsed * speed >= story.steps[stage + 1].at and looks >= LOOKS_BEFORE_NEXT


class Timeline:
    """Plays every story of *newsroom*, *speed* times as fast as written, between ``with`` and its end."""

    def __init__(self, newsroom: Newsroom, speed: float = 1) -> None:
        self._newsroom = newsroom
        self._speed = speed
        self._stop = Event()
        self._thread = Thread(target=self._play, name="timeline", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def ended(self) -> bool:
        """Whether every story has made its last step."""
        return all(self._newsroom.ended(slug) for slug in self._newsroom.stories)

    def _play(self) -> None:
        began = monotonic()
        while not self._stop.wait(_TICK):
            for slug, story in self._newsroom.stories.items():
                stage, looks = self._newsroom.stage(slug), self._newsroom.looks(slug)
                if is_due(story, stage, monotonic() - began, self._speed, looks):
                    self._newsroom.advance(slug)
