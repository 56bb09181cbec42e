"""What a page that was read means for its article. Pure: everything known comes in, a decision comes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from facts.compare import compare
from facts.disclosure import disclose, is_stealth
from facts.fold import fingerprint, fold
from facts.lexicon import Lexicon
from facts.model import Comparison, Document
from ingest.judge import judge
from ingest.memory import blocks_from_json, blocks_to_json
from ingest.model import Page, SiteMemory
from store.articles import Known
from store.versions import Latest

LATE = 300.0
"""Seconds between publication and its modified stamp after which a first sight is not the first version."""


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
    pending: Mapping[str, Any]
    slots: Any


@dataclass(frozen=True, slots=True)
class New:
    """A new version. *seen_at* is when its text was first seen; *comparison* is with the version before, None for the
    first one."""

    headline: str
    text: str
    fingerprint: str
    same_text_as: int | None
    blocks: Any
    slots: Any
    seen_at: datetime
    late: bool
    comparison: Comparison | None
    disclosure: Mapping[str, str]
    stealth: bool


Decision = Refused | Same | Waiting | New


def decide(scene: Scene, lexicon: Lexicon) -> Decision:
    """Refuse what is no article, wait for what surprises, and compare what is believed."""
    page = scene.page
    if page.verdict != "article":
        return Refused(page.verdict)
    if scene.latest is None:
        return _first(scene)
    pending = scene.article.pending
    judgement = judge(
        blocks_from_json(scene.latest.blocks),
        blocks_from_json(pending["blocks"]) if pending else None,
        page.blocks,
        scene.article.slots,
        scene.memory,
        looks=pending["looks"] if pending else 0,
    )
    renamed = fold(page.headline) != fold(scene.latest.headline)
    if judgement.outcome == "same" and not renamed:
        restamped = page.modified is not None and page.modified != scene.latest.modified
        return Same(judgement.slots, restamped)
    print_ = fingerprint(f"{page.headline}\n{judgement.text}")
    reason = judgement.reason if judgement.outcome == "wait" else _surprise(scene, judgement.outcome, print_)
    if reason:
        return Waiting(reason, _pending(scene, reason, print_), judgement.slots)
    return _changed(scene, judgement.text_before, judgement.text_after, judgement, print_, lexicon)


def _surprise(scene: Scene, outcome: str, print_: str) -> str:
    """A headline alone, or a text that was here before, may be an A/B test or a stale copy: seen twice, believed."""
    pending = scene.article.pending
    if pending and pending["fingerprint"] == print_:
        return ""
    if outcome == "same":
        return "headline-only"
    return "earlier-text" if scene.earlier(print_) is not None else ""


def _pending(scene: Scene, reason: str, print_: str) -> dict[str, Any]:
    before = scene.article.pending
    stands = before is not None and before["fingerprint"] == print_
    return {
        "reason": reason,
        "blocks": blocks_to_json(scene.page.blocks),
        "fingerprint": print_,
        "looks": (before["looks"] if before else 0) + 1,
        "first_at": before["first_at"] if before and stands else scene.seen_at.isoformat(),
    }


def _first(scene: Scene) -> New:
    page = scene.page
    moved = page.published and page.modified and (page.modified - page.published).total_seconds() > LATE
    return New(
        headline=page.headline,
        text=page.text,
        fingerprint=fingerprint(f"{page.headline}\n{page.text}"),
        same_text_as=None,
        blocks=blocks_to_json(page.blocks),
        slots=scene.article.slots,
        seen_at=scene.seen_at,
        late=bool(moved or page.signals.notices),
        comparison=None,
        disclosure={},
        stealth=False,
    )
