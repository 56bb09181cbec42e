"""What a work-horse gives up before it parses what strangers wrote: new privileges on any Linux; with Landlock (Linux
5.13 and later) starting programs and writing outside of the data; from 6.7 on TCP but to the ports of SQL and Redis.

Landlock rather than a network namespace: a namespace would cost 3 ms a job, needs user namespaces, which containers and
distributions forbid, and knows no way to a database on another machine. What the kernel does not know is left out.
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_NO_NEW_PRIVS = 38
_CREATE, _ADD, _RESTRICT = 444, 445, 446  # landlock_create_ruleset(2) and so on; the same on every architecture
_VERSION = 1
_PATH, _PORT = 1, 2
# linux/landlock.h: what is handled is forbidden wherever no rule allows it. Reading stays as it is.
_EXECUTE = 1 << 0
_WRITE = 1 << 1 | sum(1 << bit for bit in range(4, 13))  # and remove, and make whatever kind of file
_TRUNCATE = 1 << 14  # from ABI 3 on
_BIND, _CONNECT = 1 << 0, 1 << 1  # from ABI 4 on
_ABSTRACT_SOCKETS, _SIGNALS = 1 << 0, 1 << 1  # from ABI 6 on: to those outside


@dataclass(frozen=True, slots=True)
class Needs:
    """What is left: *ports* for TCP (None: any, since it cannot be told which), *folders* to write below."""

    ports: frozenset[int] | None
    folders: tuple[Path, ...]


NOTHING = Needs(frozenset(), ())
"""What a child needs that only computes."""
ANY_PORT = Needs(None, ())
"""What one needs that fetches."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


class _Port(ctypes.Structure):
    _fields_ = (("allowed", ctypes.c_uint64), ("port", ctypes.c_uint64))


def confine(needs: Needs) -> int:
    """Gives up everything else, for this process and what it forks, for good. Returns the Landlock ABI that did it; 0
    where there is none."""
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    abi = int(libc.syscall(_CREATE, None, 0, _VERSION))
    if abi < 1:
        return 0
    write = _WRITE | (_TRUNCATE if abi >= 3 else 0)
    dials = _BIND | _CONNECT if abi >= 4 and needs.ports is not None else 0
    scoped = _ABSTRACT_SOCKETS | _SIGNALS if abi >= 6 else 0
    asked = _Ruleset(_EXECUTE | write, dials, scoped)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    rules = int(libc.syscall(_CREATE, ctypes.byref(asked), size, 0))
    if rules < 0:
        return 0
    try:
        _allow_folders(libc, rules, needs.folders, write)
        for port in needs.ports or () if dials else ():
            libc.syscall(_ADD, rules, _PORT, ctypes.byref(_Port(_CONNECT, port)), 0)
        return abi if libc.syscall(_RESTRICT, rules, 0) == 0 else 0
    finally:
        os.close(rules)


def _allow_folders(libc: ctypes.CDLL, rules: int, folders: Iterable[Path], write: int) -> None:
    for folder in folders:
        with suppress(OSError):  # a folder that is not there needs no rule
            parent = os.open(folder, os.O_PATH | os.O_CLOEXEC)
            of_a_file = 1 << 1 | (write & _TRUNCATE)  # what makes and removes files is not for a file
            allowed = write if folder.is_dir() else of_a_file
            libc.syscall(_ADD, rules, _PATH, ctypes.byref(_Beneath(allowed, parent)), 0)
            os.close(parent)
