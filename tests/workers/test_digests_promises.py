"""P3 under rules: whatever comes when, under quiet hours and digests, each alert is told once, in full, with no gap."""

import json
import shutil
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from hypothesis import Phase, example, given, settings, strategies

from config.settings import Deliver
from store.engine import engine_for, reading
from store.tables import delivery
from tests.parts.delivering import Clock, add_endpoint, tell
from tests.workers.test_deliver_promises import Line
from workers.deliverer import Deliverer
from workers.digests import send_due

RULES = strategies.fixed_dictionaries(
    {},
    optional={
        "digest": strategies.sampled_from(["1m", "45m", "08:00 Europe/Kyiv"]),
        "quiet": strategies.sampled_from(["22:00-07:00 Europe/Kyiv", "09:30-09:31"]),
        "urgent": strategies.sampled_from(["high", "critical"]),
    },
)
TOLD = strategies.lists(
    strategies.tuples(strategies.integers(0, 40_000), strategies.sampled_from(["", "high", "critical"])), max_size=12
)


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate], derandomize=True)
@example(rule={"digest": "1m", "quiet": "22:00-07:00 Europe/Kyiv", "urgent": "critical"}, told=[(0, "high")] * 3)
@given(rule=RULES, told=TOLD)
def test_each_alert_is_told_once(sqlite_template: Path, rule: dict[str, str], told: list[tuple[int, str]]) -> None:
    """By itself or in one digest; the endpoint's numbers have no gap, and all of it arrives."""
    clock = Clock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    line = Line([])
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, f"{folder}/writethru.db")
        engine = engine_for(f"sqlite+pysqlite:///{folder}/writethru.db")
        add_endpoint(engine, "http://a.example/", clock(), **rule)
        sender = Deliverer(engine, Deliver(), line, "d1", clock)
        ids = []
        for number, (gap, severity) in enumerate(told):
            clock.forward(seconds=gap)
            ids.append(tell(engine, clock(), number, severity=severity))
            send_due(engine, clock())
            sender.due()
        for _ in range(3 * 8):
            clock.forward(hours=3)
            send_due(engine, clock())
            sender.due()
        with reading(engine) as connection:
            sent = connection.execute(sa.select(delivery.c.sequence, delivery.c.body, delivery.c.state)).all()
        engine.dispose()
    bodies = [json.loads(row.body)["data"] for row in sent]
    named = Counter(each for body in bodies for each in [a["id"] for a in body.get("alerts", [])] or [body["alert_id"]])
    assert named == Counter(ids)
    assert sorted(row.sequence for row in sent) == [*range(1, len(sent) + 1)]
    assert {row.state for row in sent} <= {"delivered"}
    assert sorted(line.taken) == sorted(body["alert_id"] for body in bodies)
