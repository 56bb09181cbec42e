"""A story as it develops: its first text, then steps that say what the newsroom does to it and when.

The truth lies beside the data: each step names the fact changes that a reader should be told about.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from demo.noise import NOISES

STORIES = Path(__file__).parent / "stories"
_DAY = re.compile(r"\{(weekday|date):([+-]?\d+)\}")  # {weekday:-1} is yesterday, {date:11} as in 4 December


@dataclass(frozen=True, slots=True)
class Expected:
    """One fact change that a step makes. *subject* is empty where the type alone says what it is about."""

    type: str
    before: str | None
    after: str | None
    subject: str = ""
    op: str = "updated"


@dataclass(frozen=True, slots=True)
class Copy:
    """What the newsroom shows of a story at one stage. *status* is the page's HTTP status, *moved* whether the visible
    "Updated" stamp and dateModified are those of this stage rather than of the one before."""

    headline: str
    paragraphs: tuple[str, ...]
    notices: tuple[str, ...] = ()
    developing: bool = False
    status: int = 200
    noises: frozenset[str] = frozenset()
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done to a story. *at* is in seconds at speed 1; *makes* is ``version`` or what else it should bring
    about: ``settled``, ``withdrawn``, ``restored``, ``nothing``."""

    at: float
    copy: Copy
    makes: str
    changes: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One article of one outlet. *kind* says in a few words what it shows; the first step is its publication."""

    slug: str
    outlet: str
    kind: str
    section: str
    byline: str
    caption: str
    other_headline: str
    published: datetime
    steps: tuple[Step, ...]

    @property
    def guid(self) -> str:
        """What its feed entry is known by, whatever the link."""
        return f"{self.outlet}-{self.slug}"


def load_stories(opening: datetime, folder: Path = STORIES) -> tuple[Story, ...]:
    """Every story of *folder* by file name, published a little before *opening*, its days named accordingly.
    Raises ValueError where a step edits words that do not stand there exactly once."""
    return tuple(_story(path, opening) for path in sorted(folder.glob("*.toml")))


def _story(path: Path, opening: datetime) -> Story:
    written = tomllib.loads(_dated(path.read_text("utf-8"), opening))
    try:
        return Story(
            slug=path.stem,
            outlet=written["outlet"],
            kind=written["kind"],
            section=written["section"],
            byline=written["byline"],
            caption=written.get("caption", ""),
            other_headline=written.get("other_headline", ""),
            published=opening - timedelta(minutes=written["minutes_old"]),
            steps=tuple(_steps(written)),
        )
    except (KeyError, ValueError) as wrong:
        raise ValueError(f"{path.name}: {wrong}") from wrong


def _dated(text: str, opening: datetime) -> str:
    def day(found: re.Match[str]) -> str:
        moment = opening + timedelta(days=int(found[2]))
        return f"{moment:%A}" if found[1] == "weekday" else f"{moment.day} {moment:%B}"

    return _DAY.sub(day, text)


def _steps(written: Mapping[str, Any]) -> Iterator[Step]:
    copy = Copy(
        written["headline"],
        tuple(written["paragraphs"]),
        developing=written.get("developing", False),
        noises=_noises(written.get("noises", ())),
    )
    yield Step(0, copy, "version", ())
    for step in written.get("step", ()):
        copy = _after(copy, step)
        changes = tuple(Expected(**{"before": None, "after": None} | change) for change in step.get("change", ()))
        yield Step(step["at"], copy, step.get("makes", "version"), changes)


def _after(copy: Copy, step: Mapping[str, Any]) -> Copy:
    for edit in step.get("edit", ()):
        copy = _edited(copy, edit["before"], edit["after"])
    paragraphs = list(copy.paragraphs)
    for added in step.get("add", ()):
        paragraphs.insert(added["paragraph"] - 1, added["text"])
    return replace(
        copy,
        paragraphs=tuple(paragraphs),
        notices=copy.notices + tuple(step.get("notices", ())),
        developing=step.get("developing", copy.developing),
        status=step.get("status", copy.status),
        noises=_noises(step["noises"]) if "noises" in step else copy.noises,
        moved=step.get("moved", False),
    )


def _edited(copy: Copy, before: str, after: str) -> Copy:
    found = sum(text.count(before) for text in (copy.headline, *copy.paragraphs))
    if found != 1:
        raise ValueError(f"{before!r} stands there {found} times, not once")
    return replace(
        copy,
        headline=copy.headline.replace(before, after),
        paragraphs=tuple(text.replace(before, after) for text in copy.paragraphs),
    )


def _noises(names: object) -> frozenset[str]:
    chosen = frozenset(names) if isinstance(names, list | tuple) else frozenset()
    if unknown := chosen - set(NOISES):
        raise ValueError(f"no such noise: {', '.join(sorted(unknown))}")
    return chosen
