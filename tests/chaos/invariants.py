"""What must hold after whatever happened, each broken promise as one sentence (P1–P6 of docs/promises.md)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store import versions
from store.engine import reading
from store.tables import alert, article, attempt, delivery, endpoint, host, outbox, snapshot, version
from tests.chaos.history import owed_alerts
from tests.chaos.hook import Hook
from tests.chaos.source import Outlet, Standing

ABOUT_FEEDS = ("feed.failing", "feed.recovered")
"""What the source's faults may give rise to; when exactly, no history says."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the store holds, read in one view."""

    articles: dict[str, Any]
    versions: dict[int, list[Any]]
    alerts: list[Any]
    deliveries: list[Any]
    attempts: int


def read(connection: sa.Connection) -> Written:
    """Everything that a run is judged by."""
    rows = connection.execute(
        sa.select(version, snapshot.c.sha256.label("bytes")).outerjoin(snapshot).order_by(version.c.number)
    )
    by_article: dict[int, list[Any]] = {}
    for row in rows:
        by_article.setdefault(row.article_id, []).append(row)
    return Written(
        articles={row.url: row for row in connection.execute(sa.select(article))},
        versions=by_article,
        alerts=list(connection.execute(sa.select(alert))),
        deliveries=list(connection.execute(sa.select(delivery).order_by(delivery.c.endpoint_id, delivery.c.sequence))),
        attempts=int(connection.execute(sa.select(sa.func.count()).select_from(attempt)).scalar_one()),
    )


def broken(engine: sa.Engine, outlets: Sequence[Outlet], hook: Hook, killed: int, *, stopped: bool) -> list[str]:
    """The promises that do not hold. *killed*: senders that were killed or stopped beyond their lease; *stopped*: the
    service was ended in good order, so nothing may be held any more."""
    with reading(engine) as connection:
        kept = read(connection)
        held = list(_held(connection)) if stopped else []
        whole = list(_integrity(connection))
    found: list[str] = []
    for outlet in outlets:
        for path, at in outlet.standings.items():
            row = kept.articles.get(outlet.origin + path)
            if row is None:
                found.append(f"P1: no article {path}")
                continue
            mine = kept.versions.get(row.id, [])
            found += _history(at, mine, row.url)
            found += _alerts(at, row, mine, kept.alerts)
    strangers = kept.articles.keys() - {outlet.origin + path for outlet in outlets for path in outlet.standings}
    found += [f"P1: an article that nobody wrote: {url}" for url in strangers]
    return [*found, *_delivered(kept, hook, killed), *held, *whole]


def _history(at: Standing, mine: Sequence[Any], url: str) -> Iterator[str]:
    """Versions equal the history, in order, without a gap, and the chain verifies."""
    expected = [at.story.text(stage) for stage in range(at.stage + 1)]
    texts = [versions.unpack_text(row.text) for row in mine]
    if texts != expected:
        yield f"P1: {at.story.place}: {len(texts)} versions for {len(expected)} texts, {_first_wrong(texts, expected)}"
    if [row.number for row in mine] != list(range(1, len(mine) + 1)):
        yield f"P1: {at.story.place}: numbers {[row.number for row in mine]}"
    chain = ""
    for row in mine:
        chain = versions.chain(chain, _draft(row, url))
        if chain != row.chain:
            yield f"P1: {at.story.place}: the chain breaks at version {row.number}"
            break


def _first_wrong(texts: Sequence[str], expected: Sequence[str]) -> str:
    wrong = next((n for n, (a, b) in enumerate(zip(texts, expected, strict=False)) if a != b), None)
    return "the first ones alike" if wrong is None else f"version {wrong + 1} is {texts[wrong][-60:]!r}"


def _draft(row: Any, url: str) -> versions.Draft:
    return versions.Draft(
        article_id=row.article_id,
        article_url=url,
        number=row.number,
        fingerprint=row.fingerprint,
        headline=row.headline,
        text=versions.unpack_text(row.text),
        published=row.published,
        modified=row.modified,
        seen_new_at=row.seen_new_at,
        snapshot_id=row.snapshot_id,
        snapshot_sha256=row.bytes,
        blocks=b"",
        columns={},
    )


def _alerts(at: Standing, row: Any, mine: Sequence[Any], told: Sequence[Any]) -> Iterator[str]:
    """Each pair that differs in a fact was told exactly once, each version and transition too, and nothing else."""
    numbers = {f"version:{each.id}": each.number for each in mine}
    about = [each for each in told if each.subject == f"article:{row.id}"]
    found = Counter((each.type, numbers.get(each.cause, 0)) for each in about)
    back = at.came_back
    owed = Counter(owed_alerts(at.story, at.stage + 1, at.was_gone, back))
    for (kind, number), times in sorted((owed - found).items()):
        yield f"P2: {at.story.place}: {kind} of version {number} was not told ({times})"
    for (kind, number), times in sorted((found - owed).items()):
        yield f"P2: {at.story.place}: {kind} of version {number} was told {times} times too often"


def _delivered(kept: Written, hook: Hook, killed: int) -> Iterator[str]:
    """Every alert arrived, with the same bytes each time, and what came twice has a cause."""
    told, taken = {each.id for each in kept.alerts}, Counter(hook.taken)
    yield from (f"P3: alert {each} never arrived" for each in sorted(told - taken.keys()))
    yield from (f"P3: {each} arrived and was never told" for each in sorted(taken.keys() - told))
    yield from (f"P3: {each} came with different bytes" for each, bodies in hook.bodies().items() if len(bodies) > 1)
    for row in kept.deliveries:
        if row.state != "delivered":
            yield f"P3: delivery {row.id} is {row.state}"
        if hook.bodies().get(row.alert_id, {row.body}) != {row.body}:
            yield f"P3: delivery {row.id} is not what arrived"
    numbers = [row.sequence for row in kept.deliveries]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"P3: sequence numbers have a gap: {numbers}"
    twice = sum(taken.values()) - len(taken)
    if twice > hook.lost + killed:
        yield f"P4: {twice} duplicates, but {hook.lost} acknowledgements lost and {killed} senders killed"


def _held(connection: sa.Connection) -> Iterator[str]:
    for table in (host, outbox, endpoint):
        mine = sa.select(sa.func.count()).select_from(table).where(table.c.lease_until.is_not(None))
        held = connection.execute(mine).scalar_one()
        if held:
            yield f"{held} leases left in {table.name}"


def _integrity(connection: sa.Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
        if said != "ok":
            yield f"integrity: {said}"
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            yield "integrity: a row refers to one that is not there"
    parked = connection.execute(sa.select(outbox.c.id, outbox.c.reason).where(outbox.c.state == "parked")).all()
    yield from (f"P7: work {row.id} was parked: {row.reason}" for row in parked)
