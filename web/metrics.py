"""The gauges, read from SQL when they are asked for: workers fork, so a counter in a process would lie."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from store.engine import reading
from store.views.works import Works, changes_by_kind, works

GAUGES: Mapping[str, str] = {
    "writethru_outbox_owed": "Work that is owed and due",
    "writethru_outbox_oldest_seconds": "How long the oldest due work has waited",
    "writethru_outbox_parked": "Work that was parked after it cost its worker the life too often",
    "writethru_articles": "Articles known",
    "writethru_versions": "Versions stored",
    "writethru_fact_changes": "Fact changes stored, by type and severity",
    "writethru_deliveries": "Deliveries by state",
    "writethru_feeds": "Feeds by state",
    "writethru_failing": "Feeds and articles whose last look failed, by reason",
    "writethru_looks_due": "Looks that are due and not taken yet",
    "writethru_lateness_seconds": "How long the look that waits longest is overdue",
    "writethru_roles_alive": "Processes seen lately, by role",
}
"""Every metric and what it counts; docs/web.md lists the same."""


def exposition(engine: sa.Engine, now: datetime) -> tuple[bytes, str]:
    """The gauges at *now* in Prometheus' text format, and its media type."""
    with reading(engine) as connection:
        seen, kinds = works(connection, now), changes_by_kind(connection)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Once(tuple(_families(seen, kinds, now))))
    return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4


class _Once(Collector):
    def __init__(self, families: tuple[Metric, ...]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _families(seen: Works, kinds: Mapping[tuple[str, str], int], now: datetime) -> Iterable[Metric]:
    yield _plain("writethru_outbox_owed", seen.owed)
    yield _plain("writethru_outbox_oldest_seconds", _since(seen.oldest_owed, now))
    yield _plain("writethru_outbox_parked", seen.parked)
    yield _plain("writethru_articles", seen.articles)
    yield _plain("writethru_versions", seen.versions)
    yield _labelled("writethru_fact_changes", ("type", "severity"), kinds)
    yield _labelled("writethru_deliveries", ("state",), {(state,): n for state, n in seen.deliveries.items()})
    yield _labelled("writethru_feeds", ("state",), {(state,): n for state, n in seen.feeds.items()})
    yield _labelled("writethru_failing", ("reason",), {(reason,): n for reason, n in seen.failing.items()})
    due = {("feed",): seen.lateness.feeds, ("article",): seen.lateness.articles}
    yield _labelled("writethru_looks_due", ("of",), due)
    yield _plain("writethru_lateness_seconds", _since(seen.lateness.oldest_due, now))
    names = sorted({role.name for role in seen.roles})
    alive = {(name,): sum(role.name == name for role in seen.roles) for name in names}
    yield _labelled("writethru_roles_alive", ("role",), alive)


def _since(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def _plain(name: str, value: float) -> Metric:
    return GaugeMetricFamily(name, GAUGES[name], value=value)


def _labelled(name: str, labels: tuple[str, ...], values: Mapping[Any, int]) -> Metric:
    family = GaugeMetricFamily(name, GAUGES[name], labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
