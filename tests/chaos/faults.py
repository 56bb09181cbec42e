"""What may go wrong in a chaos run: each fault by its name, and the schedules that a seed gives."""

import random
import resource
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import sqlalchemy as sa
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from config.crash import POINTS
from store.engine import reading
from store.tables import endpoint, outbox
from tests.chaos.run import Run
from tests.chaos.source import FAULTS
from workers.valkey import url_of

Fault = Callable[[Run], None]
SENDS = frozenset({"deliver-leased", "before-post", "after-post", "deliver-in-transaction", "after-mark"})
"""Points at which it is a sender that dies."""


@dataclass(frozen=True, slots=True)
class Step:
    """A fault, and the seconds to wait before it."""

    wait: float
    fault: str


def lease(run: Run) -> float:
    """Seconds that the longest lease lasts."""
    return 4.0 if run.haste else 47.0


def inject(run: Run, name: str) -> None:
    """Lets a fault happen, and counts it."""
    run.faults[name] += 1
    if name.startswith("crash:"):
        point = name.removeprefix("crash:")
        run.killed += point in SENDS
        run.unfired.add(point)
        run.house.arm(point)
    else:
        FAULTS_BY_NAME[name](run)


def settle(run: Run, within: float) -> None:
    """Waits until what was set up has happened: each crash point has fired, each odd answer was given."""

    def happened() -> bool:
        waiting = any(outlet.faults for outlet in run.outlets) or run.hook.receiver.replies
        return not waiting and not run.house.armed() & run.unfired

    run.until(happened, within)
    run.unfired &= run.house.armed()


# ── Processes ──


def _kill(role: str) -> Fault:
    def fault(run: Run) -> None:
        found = run.house.kill(role)
        run.killed += found if role == "work deliver" else 0

    return fault


def _kill_a_horse(run: Run) -> None:
    """One lives for a tenth of a second."""
    last = time.monotonic() + 5
    while not run.house.kill("horse") and time.monotonic() < last:
        time.sleep(0.002)


def _kill_everything(run: Run) -> None:
    run.killed += len(run.house.pids("work deliver"))
    run.house.restart()


def _stall(role: str) -> Fault:
    """Longer than any lease lasts: others take the work over, and who wakes up must not write."""

    def fault(run: Run) -> None:
        found = run.house.stall(role, lease(run) + 1)
        run.killed += found if role == "work deliver" else 0

    return fault


def _stall_the_sender(run: Run) -> None:
    """The one that has just posted: its acknowledgement is lost, another sender takes over, then it wakes up."""
    done: list[int] = []

    def stall() -> None:
        with reading(run.house.engine) as connection:
            holder = connection.execute(sa.select(endpoint.c.lease_owner)).scalar_one()
        run.house.stall_one(int(holder.split(":")[1]), lease(run) + 0.6)
        done.append(1)

    run.hook.lose(1, stall)
    run.until(lambda: bool(done), 10)


# ── The queue ──


def _flush(run: Run) -> None:
    with suppress(RedisError), Redis.from_url(url_of(run.house.folder / "d" / "valkey")) as client:
        client.flushall()


def _without_valkey(run: Run) -> None:
    run.house.without_valkey(2.0 if run.haste else 10.0)


def _ring_again(run: Run) -> None:
    """The same job a hundred times, for work that is being done and for work that is done."""
    from workers import queue

    ids: list[int] = []
    undone = sa.select(outbox.c.id).where(outbox.c.state == "owed", outbox.c.kind == "page").limit(1)
    last, owed = time.monotonic() + 3.0, False
    while not owed and time.monotonic() < last:  # an idle machine is done with everything most of the time
        time.sleep(0.01)
        with reading(run.house.engine) as connection:
            owed = connection.execute(undone).first() is not None
            ids = list(connection.scalars(sa.select(outbox.c.id).order_by(outbox.c.id.desc()).limit(5)))
    with suppress(RedisError), Redis.from_url(url_of(run.house.folder / "d" / "valkey")) as client:
        bell = queue.queue(queue.READ, client)
        for _ in range(100):
            queue.ring(bell, ids)


# ── The source and the receiver ──


def _source(fault: str) -> Fault:
    """In haste a few of them from each outlet; else one from one of them, for several in a row would have us measure
    how politely we leave a host alone that is not well."""

    def happen(run: Run) -> None:
        for outlet in run.outlets if run.haste else [run.rng.choice(run.outlets)]:
            outlet.faults.extend([fault] * (run.rng.randint(1, 4) if run.haste else 1))

    return happen


# ── The store ──


def _busy(run: Run) -> None:
    """Somebody holds SQLite's write lock for longer than a writer waits, or PostgreSQL's busiest tables."""
    url = sa.make_url(run.house.database_url)
    if url.get_backend_name() == "sqlite":
        line = sqlite3.connect(str(url.database), timeout=30, isolation_level=None)
        with suppress(sqlite3.OperationalError):
            line.execute("BEGIN IMMEDIATE")
            time.sleep(2.5 if run.haste else 32.0)
            line.execute("ROLLBACK")
        line.close()
        return
    with suppress(DBAPIError), run.house.engine.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE outbox, host, endpoint IN EXCLUSIVE MODE")
        time.sleep(2.5)


def _disk_full(run: Run) -> None:
    """No process may write beyond what its files hold now. SQLite, the log and Valkey's file all feel it."""
    names = ("poll", "work read", "work deliver", "valkey-server", "web")
    pids = [pid for name in names for pid in run.house.pids(name)]
    with limited(pids, 4096):
        time.sleep(2.0)


@contextmanager
def limited(pids: list[int], size: int) -> Iterator[None]:
    """Lets these processes, and what they fork, write no file beyond *size* bytes for a while."""
    for pid in pids:
        _limit(pid, size)
    yield
    for pid in pids:
        _limit(pid, resource.RLIM_INFINITY)


def _limit(pid: int, size: int) -> None:
    with suppress(OSError):
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


def _terminate(run: Run) -> None:
    """Ends every backend but ours."""
    with suppress(DBAPIError), run.house.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )


def _restart_postgres(run: Run) -> None:
    """As after a crash, and some time later."""
    assert run.cluster is not None
    run.cluster.stop(signal.SIGQUIT)
    time.sleep(0.5 if run.haste else 10.0)
    run.cluster.start()


FAULTS_BY_NAME: Mapping[str, Fault] = {
    **{f"kill:{role}": _kill(role) for role in ("poll", "work read", "work deliver", "valkey-server")},
    **{f"stall:{role}": _stall(role) for role in ("poll", "work read", "work deliver")},
    **{f"source:{fault}": _source(fault) for fault in FAULTS},
    "kill:horse": _kill_a_horse,
    "kill:everything": _kill_everything,
    "stall:the sender": _stall_the_sender,
    "valkey:flushall": _flush,
    "valkey:away": _without_valkey,
    "valkey:the same job 100 times": _ring_again,
    "receiver:500": lambda run: run.hook.refuse(run.rng.randint(1, 5)),
    "receiver:acknowledgement lost": lambda run: run.hook.lose(run.rng.randint(1, 3)),
    "store:busy": _busy,
    "store:disk full": _disk_full,
    "postgres:terminate": _terminate,
    "postgres:restart": _restart_postgres,
}

ON_SQLITE = [*(f"crash:{point}" for point in POINTS), *(each for each in FAULTS_BY_NAME if "postgres" not in each)]
ON_POSTGRES = [*(f"crash:{point}" for point in POINTS), *(each for each in FAULTS_BY_NAME if "disk" not in each)]


def episodes(seed: int, names: list[str], size: int) -> Iterator[list[Step]]:
    """For ever, so many faults at a time: all of *names* in an order drawn anew each time around."""
    rng = random.Random(seed)
    bag: list[str] = []
    while True:
        while len(bag) < size:
            bag += rng.sample(names, len(names))
        yield [Step(round(rng.uniform(0.1, 1.0), 2), bag.pop(0)) for _ in range(size)]
