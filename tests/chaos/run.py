"""One chaos run: a house, its outlets and its receiver; an editor who advances what was stored; faults in between."""

import random
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from store.engine import reading
from store.tables import alert, article, delivery, outbox
from tests.chaos.history import stories
from tests.chaos.hook import Hook, hook
from tests.chaos.house import House
from tests.chaos.invariants import broken
from tests.chaos.source import Outlet, outlets
from tests.parts.postgres import Cluster, database

LOOK = 0.1
"""Seconds between two looks of the editor at what was stored."""


@dataclass
class Run:
    """*killed* counts the senders that ended or stalled in the middle; *recoveries* are seconds from the last fault of
    an episode until all that existed then was done."""

    house: House
    outlets: Sequence[Outlet]
    hook: Hook
    rng: random.Random
    haste: bool
    cluster: Cluster | None = None
    killed: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    recoveries: list[float] = field(default_factory=list)
    last_waited_for: str = ""
    unfired: set[str] = field(default_factory=set)
    writing: threading.Event = field(default_factory=threading.Event)
    _end: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.editor = threading.Thread(target=self.edit, daemon=True)

    # ── The editor ──

    def edit(self) -> None:
        """Advances each article once its version is stored, until the end, and keeps the service running."""
        while not self._end.wait(LOOK):
            if self.house.revive():
                self.faults["gave up by itself"] += 1
            if self.writing.is_set():
                try:
                    self._advance()
                except DBAPIError:
                    continue  # the database is being hurt just now

    def _advance(self) -> None:
        with reading(self.house.engine) as connection:
            stored = {
                row.url: row for row in connection.execute(sa.select(article.c.url, article.c.versions, article.c.id))
            }
            gone = self._told(connection)
        for outlet in self.outlets:
            for path, at in outlet.standings.items():
                row = stored.get(outlet.origin + path)
                if row is None or row.versions != at.stage + 1:
                    continue
                if at.gone and gone[row.id] < at.was_gone:
                    continue  # not yet known to be withdrawn
                if self.writing.is_set():
                    outlet.advance(path)

    def _told(self, connection: sa.Connection) -> Counter[int]:
        went = sa.select(alert.c.subject).where(alert.c.type == "article.withdrawn")
        return Counter(int(subject.partition(":")[2]) for subject in connection.execute(went).scalars())

    # ── Waiting ──

    def until(self, true: Callable[[], bool], within: float) -> bool:
        """Whether *true* becomes so; asked again and again, also of a database that is away."""
        last = time.monotonic() + within
        while time.monotonic() < last:
            try:
                if true():
                    return True
            except DBAPIError:
                pass
            time.sleep(LOOK)
        return False

    def is_drained(self) -> bool:
        """Whether everything that the outlets show is stored and told, and nothing is owed."""
        with reading(self.house.engine) as connection:
            stored = {row[0]: row[1] for row in connection.execute(sa.select(article.c.url, article.c.versions))}
            gone = self._told(connection)
            ids = {row[0]: row[1] for row in connection.execute(sa.select(article.c.url, article.c.id))}
            owed = _count(connection, outbox, outbox.c.state == "owed")
            owed += _count(connection, delivery, delivery.c.state == "owed")
            back = _count(connection, alert, alert.c.type == "article.restored")
        standings = [(outlet.origin + path, at) for outlet in self.outlets for path, at in outlet.standings.items()]
        shown = all(stored.get(url) == at.stage + 1 for url, at in standings)
        left = all(gone[ids.get(url, 0)] >= at.was_gone for url, at in standings)
        return shown and left and not owed and back >= sum(at.came_back for _, at in standings)

    def recover(self, within: float) -> bool:
        """Waits until all that exists now is done, whatever comes after; keeps how long that took, and for what."""
        began = time.monotonic()
        shown = {(outlet, path): at.stage + 1 for outlet in self.outlets for path, at in outlet.standings.items()}
        newest: list[int] = []

        def done() -> bool:
            with reading(self.house.engine) as connection:
                if not newest:
                    newest.extend(_newest(connection))
                stored = {row[0]: row[1] for row in connection.execute(sa.select(article.c.url, article.c.versions))}
                owed = _first(connection, outbox, outbox.c.state == "owed", outbox.c.id <= newest[0])
                owed = owed or _first(connection, delivery, delivery.c.state == "owed", delivery.c.id <= newest[1])
            behind = [path for (outlet, path), number in shown.items() if stored.get(outlet.origin + path, 0) < number]
            self.last_waited_for = owed or (f"a version of {behind[0]}" if behind else self.last_waited_for)
            return not owed and not behind

        self.last_waited_for = ""
        ended = self.until(done, within)
        self.recoveries.append(time.monotonic() - began)
        return ended

    # ── The end ──

    def end(self, within: float) -> list[str]:
        """Lets everything come to rest, ends the service and says which promises are broken."""
        self.writing.clear()
        drained = self.until(self.is_drained, within)
        self._end.set()
        self.editor.join()
        codes = self.house.stop()
        found = [f"the end: exit codes {codes}"] if any(codes) else []
        found += [f"crash point {point} never fired" for point in sorted(self.unfired & self.house.armed())]
        if not drained:
            found.append(f"not at rest after {within:.0f} s")
        return found + broken(self.house.engine, self.outlets, self.hook, self.killed, stopped=True)

    def broken_after(self, seconds: float) -> list[str]:
        """The promises that do not hold when everything had so long to come to rest; the service goes on."""
        self.writing.clear()
        self.until(self.is_drained, seconds)
        return broken(self.house.engine, self.outlets, self.hook, self.killed, stopped=False)

    @property
    def stages(self) -> int:
        """How many texts were shown in all."""
        return sum(at.stage + 1 for outlet in self.outlets for at in outlet.standings.values())


def _count(connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())


def _first(connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> str:
    """The oldest row that answers, in words; empty where none does."""
    row = connection.execute(sa.select(table).where(*where).order_by(table.c.id).limit(1)).first()
    if row is None:
        return ""
    shown = ("id", "kind", "subject", "attempts", "charges", "lease_until", "rung_at", "not_before", "next_at")
    return f"{table.name} " + ", ".join(f"{name}={row._mapping[name]}" for name in shown if name in row._mapping)


def _newest(connection: sa.Connection) -> list[int]:
    return [int(connection.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0) for table in (outbox, delivery)]


@contextmanager
def running(
    *,
    seed: int = 0,
    articles: int = 6,
    hosts: int = 3,
    patches: str = "haste",
    cluster: Cluster | None = None,
    workers: int = 2,
    verbs: Sequence[str] = ("up",),
) -> Iterator[Run]:
    """A run that has begun: the first versions are stored, and the editor is at work."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wtchaos-", ignore_cleanup_errors=True)))
        opened = [stack.enter_context(each) for each in outlets(stories(articles), hosts)]
        heard = stack.enter_context(hook())
        database_url = stack.enter_context(database(cluster.url, f"chaos{uuid.uuid4().hex}")) if cluster else ""
        house = House(folder, patches=patches, database_url=database_url, workers=workers, verbs=verbs)
        stack.callback(house.close)
        house.prepare(heard.receiver.url, [outlet.feed_url for outlet in opened])
        run = Run(house, opened, heard, random.Random(seed), haste="haste" in patches, cluster=cluster)
        house.start()
        if not run.until(run.is_drained, 60):
            raise RuntimeError(f"the house did not start:\n{house.logged()}")
        run.writing.set()
        run.editor.start()
        try:
            yield run
        finally:
            run._end.set()
            run.editor.join()
