"""Keeps children running, and ends them in order.

    keep ─▶ spawn ─▶ running ─▶ ended ─▶ wait (doubling) ─▶ spawn …      `after` decides
    stop ─▶ SIGTERM ─▶ SIGTERM again ─▶ SIGKILL, stage by stage          `signals_due` decides

It sleeps until a signal or the next deadline; nothing is polled.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

import structlog

FIRST_WAIT = 0.5
"""Seconds before the first restart; each early end after it doubles the wait."""
LONGEST_WAIT = 30.0
"""Seconds: a database that is away for minutes is found again soon after it returns."""
HEALTHY = 30.0
"""A run of so many seconds forgives the early ends before it."""
SECOND_SIGNAL = 8.0
"""Seconds after the first SIGTERM; RQ and uvicorn take a second one as "now"."""
KILL = 9.5
"""Seconds after the first SIGTERM: a role is gone within 10."""
WRONG_CONFIGURATION = 2
"""The exit code of a command that cannot work as it is configured: trying again would not help."""
READY_TICK = 0.05
"""Seconds between two questions whether something has started."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Child:
    """A program to keep running, in a session of its own. *argv* starts with a path, *env* is all that it gets."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    stage: int = 1
    """The highest stage is stopped first: what the others stand on has the lowest."""
    when_orphaned: signal.Signals = signal.SIGKILL
    """What it gets when the supervisor is gone; nobody is left to insist, so a role is ended for good."""
    stdout: int = 2
    """Where what it prints goes: stderr, beside the log, or nowhere (``subprocess.DEVNULL``)."""


@dataclass(frozen=True, slots=True)
class Again:
    """Start it again after *wait* seconds, for the *restarts*-th time since it last worked."""

    wait: float
    restarts: int


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It never worked and cannot: everything ends with this exit code."""

    code: int


def after(code: int, ran: float, restarts: int) -> Again | GiveUp:
    """What to do about a child that ended unasked with *code* (negative: a signal), having run for *ran* seconds."""
    if ran >= HEALTHY:
        return Again(FIRST_WAIT, 1)
    if code == WRONG_CONFIGURATION and restarts == 0:
        return GiveUp(code)
    return Again(min(FIRST_WAIT * 2.0 ** min(restarts, 16), LONGEST_WAIT), restarts + 1)


def signals_due(stopping: float, asked: int) -> int:
    """How many signals a child should have got after *stopping* seconds: the third one is SIGKILL.

    *asked*: how often the supervisor itself was told to stop; who insists does not wait.
    """
    by_time = 3 if stopping >= KILL else 2 if stopping >= SECOND_SIGNAL else 1
    return max(by_time, min(asked, 3))


def spawn(child: Child, *, kernel_watches: bool = sys.platform == "linux") -> "subprocess.Popen[bytes]":
    """Starts it so that it dies with the calling thread."""
    lifeline = -1 if kernel_watches else _lifeline()
    leash = (str(Path(__file__).with_name("leash.py")), str(os.getpid()), str(int(child.when_orphaned)), str(lifeline))
    return subprocess.Popen(
        [sys.executable, "-I", "-S", *leash, *child.argv],
        env=dict(child.env),
        stdin=subprocess.DEVNULL,
        stdout=child.stdout,
        start_new_session=True,
        pass_fds=() if lifeline < 0 else (lifeline,),
    )


@cache
def _lifeline() -> int:
    reading, _writing = os.pipe()  # held open, and inherited by nobody, until this process ends
    return reading


@dataclass(slots=True)
class _Kept:
    """A child and where it stands: running, or due to be started."""

    child: Child
    due: float
    running: "subprocess.Popen[bytes] | None" = None
    since: float = 0.0
    restarts: int = 0
    signals: int = 0


class Supervisor:
    """Keeps children until SIGTERM, SIGINT or SIGHUP. It owns the signals of its process, and reaps whatever ends."""

    def __init__(self) -> None:
        self._kept: list[_Kept] = []
        self._asked = 0
        self._code = 0
        self._stage: int | None = None
        self._stage_since = 0.0

    def __enter__(self) -> Self:
        self._ear, self._bell = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)
        stops = [signal.SIGTERM, signal.SIGINT]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it is ignored, and stays so
            stops.append(signal.SIGHUP)
        self._before = {each: signal.signal(each, self._stop_asked) for each in stops}
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self._bell_before = signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self._asked += 1
            self.run()
        signal.set_wakeup_fd(self._bell_before)
        for each, handler in self._before.items():
            signal.signal(each, handler)
        self._ear.close()
        self._bell.close()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop, or gave up."""
        return self._asked > 0

    def keep(self, child: Child) -> None:
        """Starts a child and keeps it running."""
        self._kept.append(_Kept(child, due=time.monotonic()))
        self._start_due()

    def wait_for(self, ready: Callable[[], bool], within: float) -> bool:
        """Keeps the children until *ready* says so; false after *within* seconds, or when told to stop."""
        last = time.monotonic() + within
        while not self.stopping and time.monotonic() < last:
            if ready():
                return True
            self._sleep(READY_TICK)
            self._reap()
            self._start_due()
        return False

    def run(self) -> int:
        """Keeps the children until told to stop, ends them all, and returns the exit code: 0, or that of giving up."""
        while True:
            self._reap()
            if not self.stopping:
                self._start_due()
            elif not self._insist():
                return self._code
            self._sleep(None)

    def _stop_asked(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1

    def _sleep(self, longest: float | None) -> None:
        now = time.monotonic()
        waits = [max(0.0, each - now) for each in self._deadlines()]
        if longest is not None:
            waits.append(longest)
        if select.select([self._ear], [], [], min(waits, default=None))[0]:
            self._ear.recv(4096)

    def _deadlines(self) -> Iterator[float]:
        if self.stopping:
            yield from (self._stage_since + each for each in (SECOND_SIGNAL, KILL) if self._owes(each))
        else:
            yield from (kept.due for kept in self._kept if kept.running is None)

    def _owes(self, moment: float) -> bool:
        due = signals_due(moment, 0)
        return any(kept.running and kept.signals < due for kept in self._kept if kept.child.stage == self._stage)

    def _start_due(self) -> None:
        now = time.monotonic()
        for kept in self._kept:
            if kept.running is None and kept.due <= now and not self.stopping:
                kept.running, kept.since = spawn(kept.child), now
                log.debug("child started", child=kept.child.name, child_pid=kept.running.pid)

    def _reap(self) -> None:
        """Takes note of every child that ended. As process 1 of a container that includes strangers' orphans."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for kept in self._kept:
                if kept.running is not None and kept.running.pid == pid:
                    kept.running.returncode = os.waitstatus_to_exitcode(status)
                    self._ended(kept, kept.running.returncode)

    def _ended(self, kept: _Kept, code: int) -> None:
        kept.running = None
        if self.stopping:
            log.debug("child ended", child=kept.child.name, code=code)
            return
        now = time.monotonic()
        match after(code, now - kept.since, kept.restarts):
            case GiveUp(code):
                log.error("child cannot work as configured", child=kept.child.name, code=code)
                self._code = code
                self._asked += 1
            case Again(wait, restarts):
                log.warning("child ended", child=kept.child.name, code=code, again_in=wait)
                kept.restarts = restarts
                kept.due = now + wait

    def _insist(self) -> bool:
        """Sends the signals that are due to the highest stage still there; false when nobody is."""
        there = [kept for kept in self._kept if kept.running is not None]
        if not there:
            return False
        stage = max(kept.child.stage for kept in there)
        if stage != self._stage:
            self._stage, self._stage_since = stage, time.monotonic()
        due = signals_due(time.monotonic() - self._stage_since, self._asked)
        for kept in there:
            while kept.child.stage == stage and kept.signals < due:
                kept.signals += 1
                self._signal(kept)
        return True

    def _signal(self, kept: _Kept) -> None:
        assert kept.running is not None
        # Not yet reaped, so the pid and its group are still this child's.
        if kept.signals < 3:
            os.kill(kept.running.pid, signal.SIGTERM)
        else:
            log.warning("child killed", child=kept.child.name)
            os.killpg(kept.running.pid, signal.SIGKILL)
