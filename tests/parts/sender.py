"""A deliverer in a process of its own, to be killed: DATABASE_URL CRASH_POINT PASSES (no point: it sends and ends)."""

import sys
from datetime import timedelta

from config import clock, crash
from store.engine import engine_for
from tests.parts.delivering import deliverer

if __name__ == "__main__":
    url, point, passes = sys.argv[1:]
    crash.arm({point: int(passes)} if point else {})
    sender = deliverer(engine_for(url), clock.now, f"sender-{point}", schedule=(timedelta(milliseconds=1),))
    while sender.due():
        pass
