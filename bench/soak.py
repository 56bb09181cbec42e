"""The whole service at work for as long as you like, without faults: what it holds, and whether that grows."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

Row = Mapping[str, object]
COUNTS = 40
"""Censuses in a run."""


def run(minutes: float, seed: int | None, postgres: bool) -> Iterator[Row]:  # noqa: ARG001 - nothing is drawn
    """Rows: what is held at first, half-way and at the end; then what was done, and what grew."""
    from tests.chaos.census import Census, census, grown
    from tests.chaos.run import running
    from tests.parts.postgres import cluster

    counts: list[Census] = []
    with ExitStack() as stack:
        server = stack.enter_context(cluster()) if postgres else None
        soak = stack.enter_context(running(articles=12, hosts=4, patches="", cluster=server))
        for _ in range(COUNTS):
            time.sleep(minutes * 60 / COUNTS)
            counts.append(census(soak.house))
            print(f"writethru: {soak.stages} texts", file=sys.stderr)
        broken = soak.end(60)
        texts, told = soak.stages, len(soak.hook.taken)
    for name in counts[0]:
        yield {"measure": name, "first": counts[0][name], "half": counts[COUNTS // 2][name], "last": counts[-1][name]}
    yield {"measure": "in all", "minutes": minutes, "texts": texts, "alerts": told}
    yield from ({"measure": "BROKEN", "value": each} for each in [*broken, *grown(counts)])
