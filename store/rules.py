"""What an endpoint wants to be told, and when: a rule over alerts. Pure; the same decision tells and back-tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from facts.model import SEVERITIES
from store.hours import Digest, Quiet
from store.thresholds import Threshold, moved
from store.words import names

TYPES = (
    "article.facts_changed",
    "article.corrected",
    "article.settled",
    "article.withdrawn",
    "article.restored",
    "article.variants",
    "article.version_created",
    "alert.retracted",
    "feed.failing",
    "feed.recovered",
)
"""What an endpoint may ask for. ``endpoint.test`` is not among them: it goes to the endpoint under test alone; nor is
``alerts.digest``, which comes of a rule's digest."""
OPT_IN = frozenset({"article.version_created"})
"""Types that are sent only where they are asked for by name."""
CHANGED = frozenset({"article.facts_changed", "article.corrected", "article.variants", "article.version_created"})
"""Types that carry fact changes."""

_LOUDNESS: Mapping[str, int] = {name: loudness for loudness, name in enumerate(SEVERITIES)}
Change = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """What an endpoint wants to be told; empty fields ask for nothing. *types*: webhook types (empty: all that are not
    opt-in); *change_types*: types of fact changes; *feeds*: ids; *rises* and *falls*: by at least so much; *urgent*:
    from this severity on, quiet hours and digest do not hold it up ("" = nothing is urgent)."""

    types: tuple[str, ...] = ()
    min_severity: str = ""
    change_types: tuple[str, ...] = ()
    feeds: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    rises: Threshold | None = None
    falls: Threshold | None = None
    stealth: bool = False
    quiet: Quiet | None = None
    digest: Digest | None = None
    urgent: str = ""

    def is_urgent(self, severity: str) -> bool:
        """Whether an alert of this severity waits for nothing."""
        return severity in self.urgent_severities

    @property
    def urgent_severities(self) -> tuple[str, ...]:
        """The severities that wait for nothing."""
        return SEVERITIES[_LOUDNESS[self.urgent] :] if self.urgent else ()

    def free_at(self, moment: datetime, severity: str) -> datetime:
        """The first moment from *moment* on at which such an alert may be sent."""
        if self.quiet is None or self.is_urgent(severity):
            return moment
        return self.quiet.end_after(moment) or moment

    def digest_due(self, first: datetime) -> datetime:
        """When a digest that began with an alert of *first* is sent: at once where there is no digest any more."""
        return self.free_at(self.digest.due_after(first) if self.digest else first, "")


EVERYTHING = Rule()
"""The rule of an endpoint that asks for nothing in particular."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a rule looks at in an alert. *changes* are as in the webhook, *feeds* the ids of those that listed it."""

    type: str
    severity: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    feeds: frozenset[int] = frozenset()
    changes: Sequence[Change] = field(default=())
    stealth: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it is told, and why not in a few words (empty where it is)."""

    told: bool
    reason: str = ""


TOLD = Verdict(True)


def event_of(type: str, severity: str, body: Mapping[str, Any], feeds: frozenset[int]) -> Event:  # noqa: A002
    """An alert as a rule sees it; *body* is what its ``data`` holds."""
    about = body.get("article") or body.get("feed") or {}
    return Event(
        type,
        severity,
        str(about.get("title") or ""),
        tuple(about.get("tags") or ()),
        feeds,
        tuple(body.get("changes") or ()),
        bool(body.get("stealth")),
    )


def tells(rule: Rule, event: Event) -> Verdict:
    """Whether a rule lets an event pass, and else which of its conditions did not hold, in their order.

    One without a severity passes every least severity. What is asked of a change must hold of one and the same; an
    event that carries no changes passes where its type is named. A retraction follows what it retracts: it passes all
    but the types.
    """
    if event.type not in rule.types and (rule.types or event.type in OPT_IN):
        return Verdict(False, f"{event.type} is not asked for")
    if event.type == "alert.retracted":
        return TOLD
    for holds, reason in _of_the_event(rule, event):
        if not holds:
            return Verdict(False, reason)
    if event.type in CHANGED:
        return _of_a_change(rule, event)
    if rule.words and not names(rule.words, event.title):
        return Verdict(False, "none of the words is in its title")
    asks = rule.change_types or rule.rises or rule.falls or rule.stealth
    if asks and event.type not in rule.types:
        return Verdict(False, "it carries no fact change")
    return TOLD


def _of_the_event(rule: Rule, event: Event) -> Sequence[tuple[bool, str]]:
    wanted = {tag.casefold() for tag in rule.tags}
    return (
        (not rule.feeds or bool(event.feeds & {*rule.feeds}), "it is of another feed"),
        (not wanted or any(tag.casefold() in wanted for tag in event.tags), "it has none of the tags"),
        (_loud(event.severity, rule), f"{event.severity} is quieter than {rule.min_severity}"),
        (not rule.stealth or event.stealth or event.type not in CHANGED, "it was announced"),
    )


def _loud(severity: str, rule: Rule) -> bool:
    return not rule.min_severity or not severity or _LOUDNESS[severity] >= _LOUDNESS[rule.min_severity]


def _of_a_change(rule: Rule, event: Event) -> Verdict:
    """Narrows the changes condition by condition; the first one that leaves none is the reason."""
    left = list(event.changes)
    asked = [each for each in _asked_of_changes(rule, event) if each is not None]
    if rule.words and not left and not names(rule.words, event.title):
        return Verdict(False, "none of the words is in its title")
    for holds, reason in asked:
        left = [change for change in left if holds(change)]
        if not left:
            return Verdict(False, reason)
    return TOLD


def _asked_of_changes(rule: Rule, event: Event) -> Sequence[tuple[Callable[[Change], bool], str] | None]:
    heard = names(rule.words, event.title) if rule.words else True
    kinds = ", ".join(rule.change_types)
    more = kinds or not heard or rule.rises or rule.falls
    return (
        ((lambda c: c.get("type") in rule.change_types), f"no change of type {kinds}") if kinds else None,
        ((lambda c: _loud(str(c.get("severity") or ""), rule)), f"no such change from {rule.min_severity}")
        if more and rule.min_severity and event.severity
        else None,
        ((lambda c: names(rule.words, _text(c))), "none of the words is in subject or text") if not heard else None,
        ((lambda c: moved(c, rule.rises, rule.falls)), _threshold_reason(rule)) if rule.rises or rule.falls else None,
    )


def _text(change: Change) -> str:
    kept = ("subject", "before", "after", "sentence_before", "sentence_after")
    return "\n".join(str(change.get(name) or "") for name in kept)


def _threshold_reason(rule: Rule) -> str:
    ways = [f"{way} by {by.spelt}" for way, by in (("rises", rule.rises), ("falls", rule.falls)) if by]
    return f"no number {' or '.join(ways)}"
