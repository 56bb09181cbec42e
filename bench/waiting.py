"""What waiting for one more look costs: edits of every kind on the newsroom's pages, with all the noise that its
outlets have anyway. How many are believed on the look that shows them, and how much later the others are told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.settings import Settings
from demo.outlets import OUTLETS, Outlet
from demo.page import View, path_of, render_page
from demo.story import Copy, Story, load_stories
from ingest.extraction.page import extract
from ingest.judging.judge import judge
from ingest.model import Page

STOOD = (0, 4)
"""Looks that an article stands still before its edit: just found, and known for a while."""

_NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_PATIENCE = 4  # looks after the edit
_QUICK = 2
Row = dict[str, object]


@dataclass(slots=True)
class _Reading:
    """One article as the service would follow it."""

    outlet: Outlet
    story: Story
    others: Sequence[Story]
    page: Page | None = None
    blocks: Sequence[Any] = ()
    headline: str = ""
    pending: Any = None
    pending_headline: str | None = None
    slots: list[dict[str, Any]] = field(default_factory=list)
    stood: int = 0
    looks: int = 0
    modified: datetime | None = None

    def shown(self, copy: Copy, *, edited: bool) -> Page:
        """The page of the next look, with the outlet's own noise."""
        linked = tuple((other.steps[0].copy.headline, path_of(other)) for other in self.others)
        view = View(
            outlet=self.outlet, origin="http://outlet.example", story=self.story, copy=copy, before=copy,
            look=self.looks, now=_NOW, others=linked,
            modified=_NOW if edited else self.story.published,
            following=self.others[0].steps[0].copy,
        )  # fmt: skip
        self.looks += 1
        return extract(render_page(view), f"http://outlet.example{path_of(self.story)}")

    def look(self, copy: Copy, *, edited: bool = False) -> str:
        """One look's outcome."""
        page = self.shown(copy, edited=edited)
        if not self.blocks:
            self.blocks, self.headline, self.modified = page.blocks, page.headline, page.modified
            return "first"
        announced = bool(self.stood and page.modified and self.modified and page.modified > self.modified)
        found = judge(
            self.blocks, self.pending, page.blocks, self.slots, headline_before=self.headline,
            headline_pending=self.pending_headline, headline_after=page.headline, stood=self.stood,
            announced=announced,
        )  # fmt: skip
        self.slots, self.pending = found.slots, found.pending
        self.pending_headline = page.headline if found.pending is not None else None
        self.stood = self.stood + 1 if found.outcome == "same" else 0 if found.outcome == "changed" else self.stood
        if found.outcome == "changed":
            self.blocks, self.headline, self.modified = found.blocks, found.headline, page.modified
        return found.outcome

    def believes(self, copy: Copy) -> bool:
        """Whether the version has the copy's headline and paragraphs, and no other paragraph of the story."""
        kept = {block.text for block in self.blocks if block.kept}
        every = set(self.story.steps[0].copy.paragraphs) - set(copy.paragraphs)
        return self.headline == copy.headline and kept.issuperset(copy.paragraphs) and not kept & every


def _without(copy: Copy, n: int) -> Copy:
    return replace(copy, paragraphs=tuple(text for at, text in enumerate(copy.paragraphs) if at != n))


def _word(text: str) -> str:
    words = text.split()
    return " ".join([*words[: len(words) // 2], "reportedly", *words[len(words) // 2 :]])


def _with(copy: Copy, n: int, text: str) -> Copy:
    return replace(copy, paragraphs=tuple(text if at == n else each for at, each in enumerate(copy.paragraphs)))


KINDS: dict[str, Callable[[Story, int], tuple[Copy, Copy]]] = {
    "a word": lambda story, n: (_first(story), _with(_first(story), n, _word(_first(story).paragraphs[n]))),
    "a figure": lambda story, n: (
        _with(_first(story), n, f"{_first(story).paragraphs[n]} There were 12 of them."),
        _with(_first(story), n, f"{_first(story).paragraphs[n]} There were 15 of them."),
    ),
    "a sentence": lambda story, n: (
        _first(story),
        _with(_first(story), n, f"{_first(story).paragraphs[n]} Nothing more was known by the evening."),
    ),
    "a paragraph added": lambda story, n: (_without(_first(story), n), _first(story)),
    "a paragraph removed": lambda story, n: (_first(story), _without(_first(story), n)),
    "a paragraph replaced": lambda story, n: (
        _without(_first(story), n + 1),
        _without(_first(story), n),
    ),
    "the headline alone": lambda story, _: (
        _first(story),
        replace(_first(story), headline=f"{_first(story).headline}, officials confirm"),
    ),
}  # fmt: skip
"""What was edited → the copy before and after."""


def _first(story: Story) -> Copy:
    return story.steps[0].copy


def run(data: Path, quick: bool) -> list[Row]:  # noqa: ARG001 - its pages are invented
    """One row a kind of edit: how many were told at once, one look later, later or never."""
    confirm = Settings().schedule.confirm_text.total_seconds()
    rows, silent = (
        [_row(kind, stood, confirm, quick, stamps=stamps) for stood in STOOD for kind in KINDS]
        for stamps in (True, False)
    )
    return [*rows, _all("all", rows, confirm), _all("all, where no modified stamp moves", silent, confirm)]


def _all(measure: str, rows: Sequence[Row], confirm: float) -> Row:
    told: list[int] = [delay for row in rows for delay in row.pop("delays")]  # type: ignore[attr-defined]
    share = round(sum(1 for delay in told if delay) / max(1, len(told)), 3)
    mean = round(confirm * sum(told) / max(1, len(told)), 1)
    return {"measure": measure, "n": len(told), "share that waits": share, "mean s later": mean}


def _row(kind: str, stood: int, confirm: float, quick: bool, *, stamps: bool) -> Row:
    delays: list[int] = []
    tried = false = 0
    for reading, before, after in _articles(kind, quick):
        for _ in range(stood + 2):  # its slots are learnt as far as they will be
            false += reading.look(before) == "changed"
        tried += 1
        for delay in range(_PATIENCE):
            reading.look(after, edited=stamps)
            if reading.believes(after):
                delays.append(delay)
                break
    return {
        "measure": f"{kind}, after {stood + 1} looks",
        "n": tried,
        "at once": delays.count(0),
        "one look later": delays.count(1),
        "later": len(delays) - delays.count(0) - delays.count(1),
        "missed": tried - len(delays),
        "mean s later": round(confirm * sum(delays) / max(1, len(delays)), 1),
        "versions": false,
        "delays": delays,
    }


def _articles(kind: str, quick: bool) -> Iterator[tuple[_Reading, Copy, Copy]]:
    stories = [replace(story, other_headline="") for story in load_stories(_NOW)]
    for number, story in enumerate(stories[:_QUICK] if quick else stories):
        others = [other for other in stories if other.slug != story.slug][:5]
        n = 1 + number % (len(_first(story).paragraphs) - 2)
        before, after = (replace(copy, noises=frozenset()) for copy in KINDS[kind](story, n))
        for outlet in OUTLETS:
            yield _Reading(outlet, story, others), before, after
