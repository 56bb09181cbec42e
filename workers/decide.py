"""What a page that was read means for its article. Pure: everything known comes in, a decision comes out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from facts.compare import compare
from facts.disclosure import disclose, is_stealth
from facts.fold import fingerprint, fold
from facts.lexicon import Lexicon
from facts.model import Comparison, Document
from ingest.blocks import blocks_from_json, blocks_to_json
from ingest.extraction.verdict import shows, stub_of
from ingest.judging.judge import Judgement, judge
from ingest.memory import heading_key, sighted_as_furniture
from ingest.model import Page, SiteMemory
from ingest.phrases import spoken
from store.articles import Known
from store.versions import Latest

LATE = 300.0
"""Seconds between publication and its modified stamp after which a first sight is not the first version."""

CHANGING = ("developing", "live")
"""Markers that announce changes."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known when a page has been read. *earlier* gives the number of the version that showed a fingerprint
    first, *seen_at* is when the page was fetched, *restamps* whether this site moves its stamp over equal text."""

    article: Known
    latest: Latest | None
    page: Page
    memory: SiteMemory
    earlier: Callable[[str], int | None]
    seen_at: datetime
    restamps: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing that may be kept: we could not see the article, which says nothing about it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Same:
    """The latest version's text. *restamped*: its modified stamp moved all the same."""

    slots: Any
    restamped: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A surprising text, to be seen once more before it is believed."""

    reason: str
    slots: Any
    pending: Mapping[str, Any]

    @property
    def is_doubtful(self) -> bool:
        """Whether the page may have failed to show its article, or shows another one."""
        return self.reason in ("collapse", "replaced")


@dataclass(frozen=True, slots=True)
class New:
    """A new version. *seen_at* is when its text was first seen; *pending* is what of the page still waits;
    *comparison* is with the version before, None for the first one."""

    headline: str
    text: str
    fingerprint: str
    same_text_as: int | None
    blocks: bytes
    slots: Any
    pending: Mapping[str, Any] | None
    seen_at: datetime
    late: bool
    comparison: Comparison | None
    disclosure: Mapping[str, str]
    stealth: bool


Decision = Refused | Same | Waiting | New


def decide(scene: Scene, lexicon: Lexicon) -> Decision:
    """Refuse what is no article, wait for what surprises, and compare what is believed."""
    page, latest = scene.page, scene.latest
    known = blocks_from_json(latest.blocks) if latest else ()
    if page.verdict == "truncated" or (page.verdict != "article" and not shows(known, page.blocks)):
        return Refused(page.verdict)
    if latest is None:
        return _first(scene)
    if wall := stub_of(known, page.blocks):
        return Refused(wall)
    judgement = _judged(scene, latest)
    if judgement.outcome == "same":
        return _unchanged(scene, latest, judgement, lexicon)
    if judgement.outcome == "wait":
        return Waiting(judgement.reason, judgement.slots, _pending(scene, judgement.reason, judgement))
    shown = fingerprint(f"{judgement.headline}\n{judgement.text_after}")
    earlier = scene.earlier(shown)
    if earlier is not None and not _stood(scene, latest, judgement):
        return Waiting("earlier-text", judgement.slots, _pending(scene, "earlier-text", judgement))
    return _changed(scene, latest, judgement, lexicon, shown, earlier)


def _unchanged(scene: Scene, latest: Latest, judgement: Judgement, lexicon: Lexicon) -> Decision:
    """The text stands. A notice that came up beside it is a version all the same, once it was seen twice."""
    notices = _fresh_notices(scene, latest)
    if notices and judgement.reason != "other-page":
        pending = scene.article.pending or {}
        if not notices <= {fingerprint(notice) for notice in pending.get("notices", ())}:
            return Waiting("notice", judgement.slots, _pending(scene, "notice", judgement))
        shown = fingerprint(f"{judgement.headline}\n{judgement.text_after}")
        return _changed(scene, latest, judgement, lexicon, shown, latest.number)
    if _settles(scene) and (scene.article.pending or {}).get("marker") != "none":
        return Waiting("marker", judgement.slots, _pending(scene, "marker", judgement))
    restamped = scene.page.modified is not None and scene.page.modified != latest.modified
    return Same(judgement.slots, restamped)


def _settles(scene: Scene) -> bool:
    """Whether a page no longer announces changes. Its AMP copy may never have: that it went has to be seen twice."""
    return scene.article.marker in CHANGING and scene.page.marker == "none"


def _fresh_notices(scene: Scene, latest: Latest) -> set[str]:
    """The fingerprints of notices that the latest version did not have, without those of the site's other articles."""
    headline = heading_key(scene.page.headline)
    own = (n for n in scene.page.signals.notices if not sighted_as_furniture(spoken(n), headline, scene.memory))
    return {fingerprint(each) for each in own} - {fingerprint(each) for each in latest.signals.get("notices", ())}


def _judged(scene: Scene, latest: Latest) -> Judgement:
    pending = scene.article.pending
    return judge(
        blocks_from_json(latest.blocks),
        blocks_from_json(pending["blocks"].encode()) if pending else None,
        scene.page.blocks,
        scene.article.slots,
        scene.memory,
        headline_before=latest.headline,
        headline_pending=pending["headline"] if pending else None,
        headline_after=scene.page.headline,
        stood=scene.article.stood,
        announced=_announces(scene, latest),
    )


def _announces(scene: Scene, latest: Latest) -> bool:
    """Whether the page's modified stamp says that it was edited: it stood while the text stood, and moves now."""
    before, after = latest.modified, scene.page.modified
    telling = scene.article.stood > 0 and not scene.restamps
    return telling and before is not None and after is not None and after > before


def _shown(page: Page) -> str:
    """A fingerprint of all that the page shows as its article, rotating places included."""
    return fingerprint(f"{page.headline}\n{page.text}")


def _seen_twice(scene: Scene) -> bool:
    pending = scene.article.pending
    return pending is not None and pending["shown"] == _shown(scene.page)


def _waits(scene: Scene) -> int:
    """On how many looks in a row something had to wait before this one."""
    return int((scene.article.pending or {}).get("waits", 0))


def _stood(scene: Scene, latest: Latest, judgement: Judgement) -> bool:
    """Whether the look before showed what is believed now: all that is new in it and nothing of what went, whatever
    stood in the rotating places."""
    pending = scene.article.pending
    if pending is None or pending["headline"] != scene.page.headline:
        return False
    if judgement.text_before == judgement.text_after and judgement.headline == latest.headline:
        return _seen_twice(scene)
    before, after = (set(fold(text).split("\n")) for text in (judgement.text_before, judgement.text_after))
    shown = {fold(block.text) for block in blocks_from_json(pending["blocks"].encode())}
    return after - before <= shown and shown.isdisjoint(before - after)


def _pending(scene: Scene, reason: str, judgement: Judgement) -> dict[str, Any]:
    blocks = scene.page.blocks if judgement.pending is None else judgement.pending
    return {
        "reason": reason,
        "headline": scene.page.headline,
        "blocks": blocks_to_json(blocks).decode(),
        "shown": _shown(scene.page),
        "notices": list(scene.page.signals.notices),
        "marker": scene.page.marker,
        "waits": _waits(scene) + 1,
        "first_at": _first_seen(scene, _seen_twice(scene)).isoformat(),
    }


def _first_seen(scene: Scene, stood: bool) -> datetime:
    """When this very text came up: polling twice to be sure does not make a change younger."""
    pending = scene.article.pending
    return datetime.fromisoformat(pending["first_at"]) if pending and stood else scene.seen_at


def _first(scene: Scene) -> New:
    page = scene.page
    moved = page.published and page.modified and (page.modified - page.published).total_seconds() > LATE
    return New(
        headline=page.headline,
        text=page.text,
        fingerprint=_shown(page),
        same_text_as=None,
        blocks=blocks_to_json(page.blocks),
        slots=scene.article.slots,
        pending=None,
        seen_at=scene.seen_at,
        late=bool(moved or page.signals.notices),
        comparison=None,
        disclosure={},
        stealth=False,
    )


def _changed(
    scene: Scene, latest: Latest, judgement: Judgement, lexicon: Lexicon, shown: str, earlier: int | None
) -> New:
    page = scene.page
    before, after = _documents(page, latest, judgement)
    comparison = compare(before, after, lexicon)
    disclosure = disclose(
        tuple(latest.signals.get("notices", ())),
        page.signals.notices,
        latest.signals.get("stamp"),
        page.signals.stamp,
        latest.modified,
        page.modified,
        uninformative=scene.restamps,
    )
    return New(
        headline=judgement.headline,
        text=judgement.text_after,
        fingerprint=shown,
        same_text_as=earlier,
        blocks=blocks_to_json(judgement.blocks),
        slots=judgement.slots,
        pending=_pending(scene, judgement.reason, judgement) if judgement.pending else None,
        seen_at=_first_seen(scene, _stood(scene, latest, judgement)),
        late=False,
        comparison=comparison,
        disclosure=disclosure,
        stealth=not judgement.foreign and is_stealth(comparison.changes, disclosure, _announced(scene)),
    )


def _documents(page: Page, latest: Latest, judgement: Judgement) -> tuple[Document, Document]:
    """The two texts as they are compared, with what their pages say beside them."""
    notices = tuple(latest.signals.get("notices", ()))
    before = Document(
        text=judgement.text_before,
        headline=latest.headline,
        published=latest.published,
        language=latest.language or "en",
        zone=latest.signals.get("zone") or page.zone or "UTC",
        notices=_outside(notices, judgement.text_before),
    )
    after = replace(
        before,
        text=judgement.text_after,
        headline=judgement.headline,
        published=page.published,
        zone=page.zone or before.zone,
        notices=_outside(page.signals.notices, f"{judgement.text_after}\n{page.text}"),
    )
    return before, after


def _announced(scene: Scene) -> str:
    """The marker under which the change was made: one that goes with the change still announced it."""
    return scene.page.marker if scene.page.marker in CHANGING else scene.article.marker


def _outside(notices: Sequence[str], text: str) -> tuple[str, ...]:
    """The notices that the page shows beside its text; those within it are compared with it, once they are believed."""
    return tuple(notice for notice in notices if notice not in text)


def reread(latest: Latest, page: Page) -> Latest:
    """The latest version as today's extractor reads its snapshot, so that learning alone never makes a version."""
    if page.verdict != "article":
        return latest  # what is refused now was believed then, and is no empty text
    return replace(latest, blocks=blocks_to_json(page.blocks), headline=page.headline or latest.headline)
