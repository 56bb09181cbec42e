"""Named crash points: where a test may kill the process, free when none is armed."""

import os
import signal

_armed: dict[str, int] = {}


def arm(points: dict[str, int]) -> None:
    """Arms crash points: name → how many more passes before this process kills itself (1 = the next one)."""
    _armed.update(points)


def crash_here(name: str) -> None:
    """Ends this process by SIGKILL when the point *name* is armed and its passes are used up."""
    if name not in _armed:
        return
    _armed[name] -= 1
    if _armed[name] <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
