"""P3 and P4: whatever receivers and senders do, every alert arrives, and duplicates have a cause."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import Phase, example, given, settings, strategies

from config.settings import Deliver
from ingest.fetching.fetch import Posted
from ingest.model import FetchError
from store.engine import engine_for
from tests.parts.delivering import Clock, add_endpoint, drain, standing, states, tell
from workers.deliverer import Deliverer


class Killed(BaseException):
    """A signal that ends the sender between the POST and its note of it."""


@dataclass
class Line:
    """A receiver and the line to it, in memory: does what *fate* says, then answers 200. *taken* are the ids that the
    receiver took in; *unsaid* counts acknowledgements that never came back to a note."""

    fate: list[str]
    taken: list[str] = field(default_factory=list)
    bodies: dict[str, set[bytes]] = field(default_factory=dict)
    unsaid: int = 0

    def post_sync(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Posted:
        """One POST."""
        fate = self.fate.pop() if self.fate else "200"
        self.bodies.setdefault(headers["webhook-id"], set()).add(body)
        if fate == "unreachable":
            raise FetchError("unreachable")
        if fate.isdigit() and fate != "200":
            return Posted(int(fate), b"", 0.01, 30.0 if fate == "429" else None)
        self.taken.append(headers["webhook-id"])
        if fate == "200":
            return Posted(200, b"", 0.01, None)
        self.unsaid += 1
        if fate == "killed":
            raise Killed
        raise FetchError("deadline")


FATES = strategies.sampled_from(["200", "200", "400", "429", "500", "503", "unreachable", "lost", "killed"])


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate])
@example(fate=["400"] * 10, gaps=[])
@example(fate=["lost", "killed", "503"] * 5, gaps=[0, 900, 9000])
@given(fate=strategies.lists(FATES, max_size=60), gaps=strategies.lists(strategies.integers(0, 9000), max_size=8))
def test_every_alert_arrives_and_duplicates_have_a_cause(
    sqlite_template: Path, fate: list[str], gaps: list[int]
) -> None:
    """Each alert is taken in at least once unless it was refused ten times; the same id has the same bytes; there are
    no more duplicates than acknowledgements lost and senders killed; and the numbers have no gap."""
    clock = Clock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    line = Line(list(fate))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, f"{folder}/writethru.db")
        engine = engine_for(f"sqlite+pysqlite:///{folder}/writethru.db")
        endpoint = add_endpoint(engine, "http://a.example/", clock())
        sender = Deliverer(engine, Deliver(), line, "d1", clock)
        told: list[str] = []
        for gap in [0, *gaps]:
            clock.forward(seconds=gap)
            told.append(tell(engine, clock(), len(told)))
            with suppress(Killed):
                sender.due()
        while set(states(engine, told)) & {"owed"}:
            with suppress(Killed):
                drain(sender, clock, hours=1)
        ends = states(engine, told)
        last = standing(engine, endpoint.id)
        engine.dispose()
    taken = Counter(line.taken)
    assert {each for each, end in zip(told, ends, strict=True) if end == "delivered"} <= set(taken)
    assert sum(taken.values()) - len(taken) <= line.unsaid
    assert all(len(bodies) == 1 for bodies in line.bodies.values())
    assert (last.sequence, last.enabled) == (len(told), True)
    if "failed" in ends:
        assert len(fate) >= 10
