"""Compares what the sink heard with what the newsroom did: is each step told, nothing else, and how soon?"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import mean, median
from typing import Any

from demo.newsroom import Newsroom
from demo.sink import Received
from demo.story import Step

_EVENT_OF = {"settled": "article.settled", "withdrawn": "article.withdrawn", "restored": "article.restored"}


Moments = Callable[[Received], tuple[datetime, datetime] | None]
"""When the text that a webhook tells of was first seen, and when the look was fetched that made it believed."""


@dataclass(frozen=True, slots=True)
class Told:
    """One step of a story, when it was made, and the webhook that told it."""

    slug: str
    stage: int
    step: Step
    made: datetime
    received: Received

    @property
    def latency(self) -> float:
        """Seconds from the edit to the webhook."""
        return (self.received.at - self.made).total_seconds()

    def shares(self, moments: Moments) -> tuple[float, float, float]:
        """The latency's three parts, in seconds: until somebody looked, until a later look confirmed what was seen (0
        where it was believed at once), and until it was read, compared, signed and delivered."""
        seen, believed = moments(self.received) or (self.made, self.made)
        marks = (self.made, max(seen, self.made), max(believed, self.made), self.received.at)
        waiting, confirming, working = ((b - a).total_seconds() for a, b in pairwise(marks))
        return waiting, confirming, working


def event_of(step: Step) -> str:
    """The webhook type that a step must bring about; empty for a step that nobody should hear of."""
    if step.makes == "version":
        return "article.facts_changed" if step.changes else "article.version_created"
    return _EVENT_OF.get(step.makes, "")


def is_first(received: Received) -> bool:
    """Whether it tells of an article's first version."""
    version = received.body["data"].get("version")
    return received.body["type"] == "article.version_created" and version is not None and version["from"] is None


def told_steps(newsroom: Newsroom, received: Sequence[Received]) -> list[Told]:
    """Each step that was made and told, in the order of the telling."""
    waiting = {slug: list(_made(newsroom, slug)) for slug in newsroom.stories}
    told = []
    for one in received:
        slug = _slug_of(newsroom, one)
        if slug is None or one.again or is_first(one):
            continue
        for stage in waiting[slug]:
            step = newsroom.stories[slug].steps[stage]
            look = newsroom.first_look_at(slug, stage)
            if look and look <= one.at and _tells(one, step):
                told.append(Told(slug, stage, step, newsroom.entered_at(slug, stage), one))
                waiting[slug].remove(stage)
                break
    return told


def untold_steps(newsroom: Newsroom, told: Sequence[Told]) -> list[tuple[str, int]]:
    """Slug and stage of each step that was made and that no webhook has told yet."""
    known = {(one.slug, one.stage) for one in told}
    return [(slug, stage) for slug in newsroom.stories for stage in _made(newsroom, slug) if (slug, stage) not in known]


def differences(newsroom: Newsroom, received: Sequence[Received]) -> list[str]:
    """Steps that were not told, alerts that no step gave rise to, and changes told otherwise; one line each."""
    told = told_steps(newsroom, received)
    ours = {id(one.received) for one in told}
    lines = [f"{slug}, step {stage}: not told" for slug, stage in untold_steps(newsroom, told)]
    beside = Counter(
        _slug_of(newsroom, one)
        for one in received
        if one.body["type"] == "article.facts_changed" and id(one) not in ours and not one.again
    )
    lines += [f"{slug}: {count} without a step of its own" for slug, count in beside.items()]
    lines += [f"{one.slug}, step {one.stage}: {each}" for one in told for each in _other_changes(one)]
    return lines


def verdict(newsroom: Newsroom, received: Sequence[Received], refused: int, moments: Moments) -> str:
    """The demo's last word: what was told, how soon, and where the time went."""
    told = told_steps(newsroom, received)
    made = sum(1 for slug in newsroom.stories for _ in _made(newsroom, slug))
    alerts = sum(one.body["type"] == "article.facts_changed" and not one.again for one in received)
    due = sum(one.received.body["type"] == "article.facts_changed" for one in told)
    lines = [
        f"{len(told)} of {made} things that the stories did were told, and {alerts - due} facts alerts that no story "
        f"gave cause for.",
        f"{len(received)} webhooks came, {refused} refused for their signature: {_counted(received)}.",
    ]
    edits = [one for one in told if one.step.makes == "version"]
    if edits:
        lines.append(_latency(edits, moments))
    lines += [
        f"Withdrawn → told: {one.latency:.1f} s; a page is only gone when it is still gone on a later look."
        for one in told
        if one.step.makes == "withdrawn"
    ]
    return "\n".join(lines)


def _counted(received: Sequence[Received]) -> str:
    """Webhooks by what they tell: one edit makes several of different types."""
    kinds = Counter(
        "sent again" if one.again else "first version" if is_first(one) else one.body["type"] for one in received
    )
    return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())


def _latency(edits: Sequence[Told], moments: Moments) -> str:
    whole = [one.latency for one in edits]
    waiting, confirming, working = (mean(share) for share in zip(*(one.shares(moments) for one in edits), strict=True))
    return (
        f"{len(edits)} of these things were edits of a text. From an edit to its webhook: half within "
        f"{median(whole):.1f} s, 95 % within {percentile(whole, 95):.1f} s. "
        f"On average {waiting:.1f} s until the page was looked at, {confirming:.1f} s until another look "
        f"confirmed what surprised, {working:.1f} s to read, compare, sign and deliver."
    )


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that at least *share* per cent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def _other_changes(told: Told) -> Iterator[str]:
    wanted = [(one.type, one.op, one.before, one.after) for one in told.step.changes]
    heard = [(one["type"], one["op"], one["before"], one["after"]) for one in _changes(told.received)]
    yield from (f"missing {_spelt(*one)}" for one in wanted if one not in heard)
    yield from (f"also told {_spelt(*one)}" for one in dict.fromkeys(heard) if one not in wanted)


def _tells(received: Received, step: Step) -> bool:
    """Whether it is of the type that the step brings about and, where that tells of facts, names a fact of such a type,
    though perhaps in other words."""
    if event_of(step) != received.body["type"]:
        return False
    heard = {(one["type"], one["op"]) for one in _changes(received)}
    return not step.changes or any((one.type, one.op) in heard for one in step.changes)


def _changes(received: Received) -> Sequence[Mapping[str, Any]]:
    return received.body["data"].get("changes") or ()


def _made(newsroom: Newsroom, slug: str) -> Iterator[int]:
    steps = newsroom.stories[slug].steps
    return (stage for stage in range(1, newsroom.stage(slug) + 1) if event_of(steps[stage]))


def _slug_of(newsroom: Newsroom, received: Received) -> str | None:
    article = received.body["data"].get("article") or {}
    story = newsroom.story_at(article.get("url", ""))
    return story.slug if story else None


def _spelt(kind: str, op: str, before: str | None, after: str | None) -> str:
    return f"{kind} {op}: {before or '–'} → {after or '–'}"
