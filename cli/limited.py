"""Runs work on bytes from outside in a child of its own: what it costs is bounded, and what it breaks is the child."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import TypeVar

_T = TypeVar("_T")


class Died(Exception):  # noqa: N818 - an outcome, not a fault
    """The child ended without an answer: out of time, out of memory, or by a fault in a library."""


def limited(work: Callable[[], _T], cpu: timedelta, memory: int, *, dials: bool = False) -> _T:
    """What *work* returns, from a forked child that may use so much more CPU time and bytes of memory, and unless it
    *dials* has no network where the kernel knows how. Its answer must be picklable. Raises Died."""
    forking = multiprocessing.get_context("fork")
    here, there = forking.Pipe(duplex=False)
    child = forking.Process(target=_run, args=(work, cpu, memory, dials, there), daemon=True)
    child.start()
    there.close()
    try:
        answer: _T = here.recv()
    except EOFError:
        child.join()
        raise Died(_how(child.exitcode or 0)) from None
    finally:
        here.close()
    child.join()
    return answer


def _run(work: Callable[[], object], cpu: timedelta, memory: int, dials: bool, answer: Connection) -> None:
    from workers.confine import ANY_PORT, NOTHING, confine
    from workers.leash import die_with_parent
    from workers.limits import grant

    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    confine(ANY_PORT if dials else NOTHING)
    grant(cpu, memory)
    try:
        answer.send(work())
    except MemoryError:
        answer.close()  # the parent is told by the silence; there may be no memory left to say more
        os._exit(1)


def _how(exitcode: int) -> str:
    if exitcode == -signal.SIGXCPU:
        return "out of CPU time"
    return f"killed by {signal.Signals(-exitcode).name}" if exitcode < 0 else "out of memory"
