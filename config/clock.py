"""The one place that reads the clock. Everything else is handed the time."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""What tells the present moment: ``now``, or a test's own."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
