"""The whole service under faults that a seed draws, with real leases: what was lost, doubled, and how long it took.

The harness lies with the tests (``tests/chaos``), which run it for a minute with leases of seconds.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.chaos.faults import Step
    from tests.chaos.run import Run

AT_ONCE = 8
"""Faults in an episode; then all that exists must be done before the next one."""
PATIENCE = 180.0
"""Seconds after which an episode counts as never recovered."""
Row = Mapping[str, object]


def run(minutes: float, seed: int | None, postgres: bool) -> Iterator[Row]:
    """Rows: one an episode, with its faults, as it ends; then the sum. Prints the seed first, on stderr."""
    from tests.chaos import faults

    drawn = random.SystemRandom().randrange(10_000) if seed is None else seed
    print(f"writethru: bench chaos --seed {drawn}{' --postgres' if postgres else ''}", file=sys.stderr, flush=True)
    names = faults.ON_POSTGRES if postgres else faults.ON_SQLITE
    end = time.monotonic() + minutes * 60
    with _begun(drawn, postgres) as chaos:
        for number, episode in enumerate(faults.episodes(drawn, names, AT_ONCE), 1):
            yield _suffered(chaos, number, episode)
            if time.monotonic() > end:
                break
        broken = chaos.end(PATIENCE)
        yield _sum(chaos, drawn, broken)
        yield from ({"measure": "BROKEN", "value": each} for each in broken)


@contextmanager
def _begun(seed: int, postgres: bool) -> "Iterator[Run]":
    from tests.chaos.run import running
    from tests.parts.postgres import cluster

    with ExitStack() as stack:
        server = stack.enter_context(cluster()) if postgres else None
        yield stack.enter_context(running(seed=seed, articles=12, hosts=4, patches="", cluster=server))


def _suffered(chaos: "Run", number: int, episode: "list[Step]") -> Row:
    from tests.chaos import faults

    for step in episode:
        time.sleep(step.wait)
        faults.inject(chaos, step.fault)
    faults.settle(chaos, PATIENCE)
    recovered = chaos.recover(PATIENCE)
    return {
        "measure": f"episode {number}",
        "value": ", ".join(step.fault for step in episode),
        "recovered_s": round(chaos.recoveries[-1], 1) if recovered else None,
        "last_waited_for": chaos.last_waited_for,
        "texts": chaos.stages,
    }


def _sum(chaos: "Run", seed: int, broken: list[str]) -> Row:
    taken = Counter(chaos.hook.taken)
    return {
        "measure": "in all",
        "value": f"seed {seed}: {sum(chaos.faults.values())} faults of {len(chaos.faults)} kinds, "
        f"{chaos.stages} versions expected, {len(taken)} alerts received, {len(broken)} promises broken, "
        f"{sum(taken.values()) - len(taken)} duplicates of {chaos.hook.lost + chaos.killed} allowed",
        "recovered_s": round(max(chaos.recoveries), 1),
        "texts": chaos.stages,
    }
