"""What one page may cost, and how the worker learns which page its work-horse died of."""

import mmap
import os
import resource
import struct
from datetime import timedelta
from pathlib import Path


class Hand:
    """What the work-horse has in hand: an outbox id in memory that both processes share. Make it before the fork."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 16)

    def take(self, work_id: int) -> None:
        """Says which work is begun; 0 for none."""
        struct.pack_into("q", self._shared, 0, work_id)

    @property
    def holds(self) -> int:
        """The outbox id that was begun last and not finished; 0 for none."""
        return int(struct.unpack_from("q", self._shared, 0)[0])

    def ask_to_stop(self) -> None:
        """Tells the work-horse to begin nothing more."""
        struct.pack_into("q", self._shared, 8, 1)

    @property
    def asked_to_stop(self) -> bool:
        """Whether the worker was told to stop."""
        return bool(struct.unpack_from("q", self._shared, 8)[0])


def grant(cpu: timedelta, memory: int) -> None:
    """Lets this process use so much more CPU time (then the kernel ends it) and bytes of memory (then MemoryError)."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(usage.ru_utime + usage.ru_stime + cpu.total_seconds()) + 1
    _lower(resource.RLIMIT_CPU, seconds)
    _lower(resource.RLIMIT_AS, _address_space() + memory)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(limit: int, soft: int) -> None:
    _, hard = resource.getrlimit(limit)
    resource.setrlimit(limit, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _address_space() -> int:
    """Bytes mapped now. Where the system does not say (macOS), nothing: the limit then counts from zero, generously."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 4 << 30
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
