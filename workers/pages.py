"""A page's snapshot: read, judged against the article's latest version, and written down with all that follows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from config.lexicon import load
from config.settings import Settings
from facts.lexicon import Lexicon, lexicon_for
from ingest.entities import sharpened
from ingest.extraction.page import EXTRACTOR, extract, extract_if_changed
from ingest.judging.slots import is_undecided
from ingest.memory import pins_digest
from ingest.memory import sightings as sighted
from ingest.model import Page, SiteMemory
from store import articles, sightings, snapshots, versions
from store.articles import Known
from store.outbox import Work
from store.snapshots import Kept
from store.versions import Latest
from workers import chronicle, identity, refusing
from workers.decide import Decision, New, Refused, Same, Scene, Waiting, decide, reread
from workers.prepared import Lost, Nothing, Prepared
from workers.returning import returned
from workers.sites import Sites
from workers.telling import Teller

PATIENT = 4
"""So many looks in a row wait for a quick next one; a page that is never twice the same is asked ever more seldom."""


@cache
def lexicon(language: str, *, ner: bool = False) -> Lexicon:
    """The lexicon of a language, built once a process. *ner*: a model reads names too. Raises NotInstalledError."""
    built = lexicon_for(load(language))
    return sharpened(built) if ner else built


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page, and what was decided about it."""

    work: Work
    scene: Scene
    decision: Decision
    kept: Kept
    settings: Settings

    @property
    def outcome(self) -> str:
        """``new``, ``same``, the reason to wait, or the reason why nothing was kept."""
        match self.decision:
            case Refused(reason) | Waiting(reason):
                return reason
            case Same():
                return "same"
            case New():
                return "new"

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Writes what was decided, if the article is still as it was when this was decided. Raises Lost."""
        article = articles.known(connection, self.scene.article.id, lock=True)
        if article is None or article.versions != self.scene.article.versions or identity.is_part(connection, article):
            raise Lost
        if isinstance(self.decision, Refused):
            refusing.article(connection, article, self.outcome, self.scene.seen_at, self.settings.schedule, now)
            return False
        waits = self.decision if isinstance(self.decision, Waiting) else None
        if waits and waits.reason == "replaced" and identity.parted(connection, article, self.scene.page, now):
            return False
        if waits and waits.is_doubtful:  # perhaps not this article at all: nothing else of the page is believed
            return self._write_decision(connection, article, now)
        if identity.joined(connection, article, self.scene.page, self.kept.url, now):
            return False
        back = returned(connection, article, self.kept, self.settings, now)
        articles.visible(connection, article.id)
        if isinstance(self.decision, New):
            sightings.teach(connection, article.site, article.id, sighted(self.scene.page), now)
        present = articles.known(connection, article.id)
        assert present is not None
        teller = Teller(connection, present, self.settings, now)
        settled = not waits and teller.marker(self.scene.page, self.kept.id)
        marked = articles.known(connection, article.id)
        assert marked is not None
        return self._write_decision(connection, marked, now) or settled or back

    @property
    def _gate(self) -> str:
        page = self.scene.page
        return f"{_revision(self.scene.memory)} {page.gate}" if page.gate else ""

    def _write_decision(self, connection: sa.Connection, article: Known, now: datetime) -> bool:
        seen_at, schedule = self.scene.seen_at, self.settings.schedule
        match self.decision:
            case Same(slots, restamped):
                restamped_by = article.restamped + restamped
                standing = {"pending": None, "same_at": seen_at, "stood": article.stood + 1}
                gate = "" if is_undecided(slots) else self._gate
                articles.note(connection, article.id, slots=slots, restamped=restamped_by, gate=gate, **standing)
            case Waiting(_, slots, pending):
                articles.note(connection, article.id, slots=slots, pending=dict(pending))
                patience = 2 ** min(max(int(pending["waits"]) - PATIENT, 0), 10)
                articles.look_by(connection, article.id, now + schedule.confirm_text * patience)
            case New() as new:
                written = chronicle.write(connection, article, self.scene, new, self.kept)
                soon = schedule.confirm_text if new.pending else schedule.article_min
                chronicle.follow(connection, article, self.scene, new, soon, now)
                articles.note(connection, article.id, gate="" if new.pending else self._gate)
                titled = replace(article, title=new.headline, language=self.scene.page.language or article.language)
                return Teller(connection, titled, self.settings, now).version(self.scene.page, new, written)
        return False


@dataclass(frozen=True, slots=True)
class Unmoved:
    """A page on which everything that can be the article's stands as when it was read last: not extracted at all."""

    work: Work
    article: Known
    kept: Kept
    settings: Settings
    outcome: str = "same"

    def write(self, connection: sa.Connection, now: datetime) -> bool:
        """Notes that the text stood. Raises Lost where the article is not as it was."""
        article = articles.known(connection, self.article.id, lock=True)
        if article is None or article.gate != self.article.gate or article.pending:
            raise Lost
        articles.visible(connection, article.id)
        articles.note(connection, article.id, same_at=self.kept.fetched_at, stood=article.stood + 1)
        return returned(connection, article, self.kept, self.settings, now)


def prepare(connection: sa.Connection, work: Work, settings: Settings, sites: Sites) -> Prepared:
    """Reads the page's snapshot and decides what it means."""
    kept = snapshots.load(connection, work.snapshot_id) if work.snapshot_id else None
    article = articles.known(connection, kept.article_id) if kept and kept.article_id else None
    if kept is None or article is None:
        return Nothing(work)
    if identity.is_part(connection, article):
        return Nothing(work, "merged")
    memory = sites.memory(connection, article.site)
    revision, _, gate = article.gate.rpartition(" ")
    known = gate if revision == _revision(memory) and not article.pending else ""
    restamps = sightings.restamps(connection, article.site)
    page = extract_if_changed(
        kept.body, kept.url, known, content_type=_content_type(kept), memory=memory, restamps=restamps
    )
    if page is None:
        return Unmoved(work, article, kept, settings)

    def read(snapshot: Kept) -> Page:
        return extract(snapshot.body, snapshot.url, content_type=_content_type(snapshot), memory=memory)

    scene = Scene(
        article=article,
        latest=_latest(connection, article, read),
        page=page,
        memory=memory,
        earlier=_earlier(connection, article.id),
        seen_at=kept.fetched_at,
        restamps=restamps,
    )
    language = scene.page.language or article.language
    return PageRead(work, scene, decide(scene, lexicon(language, ner=settings.facts.ner)), kept, settings)


def _revision(memory: SiteMemory) -> str:
    """What a gate was made under: it may not cover what other rules or pins keep."""
    return f"{EXTRACTOR} {pins_digest(memory)}".rstrip()


def _content_type(snapshot: Kept) -> str:
    return snapshot.headers.get("content-type", "")


def _earlier(connection: sa.Connection, article_id: int) -> Callable[[str], int | None]:
    return lambda fingerprint: versions.number_showing(connection, article_id, fingerprint)


def _latest(connection: sa.Connection, article: Known, read: Callable[[Kept], Page]) -> Latest | None:
    """The latest version; read anew from its snapshot where the extractor has learnt something since."""
    latest = versions.latest(connection, article.id)
    if latest is None or latest.extractor == EXTRACTOR or latest.snapshot_id is None:
        return latest
    snapshot = snapshots.load(connection, latest.snapshot_id)
    return latest if snapshot is None else reread(latest, read(snapshot))
