"""Ctrl-C and SIGTERM, counted instead of raised, so that nothing is left half undone."""

import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Self

_TICK = 0.05  # seconds
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Owns the signals that mean "stop" between ``with`` and its end. Main thread only."""

    def __init__(self) -> None:
        self.asked = 0

    def __enter__(self) -> Self:
        self._before = {each: signal.signal(each, self._count) for each in _STOPS}
        return self

    def __exit__(self, *_: object) -> None:
        for each, before in self._before.items():
            signal.signal(each, before)

    def wait_for(self, ready: Callable[[], bool]) -> bool:
        """Whether *ready* came true before anybody asked to stop."""
        while not self.asked:
            if ready():
                return True
            time.sleep(_TICK)
        return False

    def _count(self, _number: int, _frame: FrameType | None) -> None:
        self.asked += 1
