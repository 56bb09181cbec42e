"""Starts a program that does not outlive the one that asked for it.

Run as a script by its path, isolated, so that it needs no package and starts in 15 ms:

    python -I -S leash.py PARENT SIGNAL LIFELINE PROGRAM [ARGUMENT…]

PARENT is the pid of whoever asks, SIGNAL what the program gets when PARENT is gone. Linux sends it itself (prctl(2),
PR_SET_PDEATHSIG, which survives exec) and LIFELINE is -1. Elsewhere LIFELINE is the reading end of a pipe that PARENT
holds open: this script then stays between the two and watches.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

_PR_SET_PDEATHSIG = 1


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Asks Linux to send this process a signal when the thread that forked it ends. Elsewhere nothing happens.

    A fork loses the wish, an exec keeps it. A parent that is gone already is not noticed: compare `os.getppid`.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def _main(parent: int, number: int, lifeline: int, program: list[str]) -> int:
    if lifeline >= 0:
        return _stay(number, lifeline, program)
    die_with_parent(number)
    if os.getppid() == parent:
        os.execv(program[0], program)
    return 1  # it went before the wish was heard


def _stay(number: int, lifeline: int, program: list[str]) -> int:
    started: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def pass_on(received: int, _frame: FrameType | None) -> None:
        if started:
            started[0].send_signal(received)
        else:
            early.append(received)

    def watch() -> None:
        os.read(lifeline, 1)  # nobody writes: it returns when the last writing end is closed
        started[0].send_signal(number)

    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, pass_on)
    started.append(subprocess.Popen(program))
    for received in early:
        started[0].send_signal(received)
    threading.Thread(target=watch, daemon=True).start()
    code = started[0].wait()
    return 128 - code if code < 0 else code


if __name__ == "__main__":
    sys.exit(_main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
