"""A rule as a form and as JSON: what was typed, what is wrong with it, and what it would have told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import QueryParams

from facts.model import SEVERITIES as LEVELS
from facts.model import ChangeType, Severity
from store.backtest import Backtest, Tried
from store.rules import TYPES, Rule
from store.ruling import CHANGE_TYPES, KEYS, LONGEST, MOST, rule_of, spelt
from web.answers import RefusalError
from web.chips import Chip, chip_of_told
from web.forms import Form
from web.shapes import BodyId

CHIPS = 3
SHOWN = 60
"""Alerts of a back-test that a page lists; the API gives all of them."""
LISTS = ("types", "change_types", "feeds")
"""The parts of a rule that a form asks by boxes."""


EventType = Literal[TYPES]  # type: ignore[valid-type]
Short = Annotated[str, Field(max_length=LONGEST)]
Moved = Annotated[str, Field(pattern=r"^([0-9]{1,15}(\.[0-9]{1,6})? ?%?)?$", description="`10%` or `5`")]
_HOUR, _ZONE = "([01][0-9]|2[0-3]):[0-5][0-9]", "( [A-Za-z0-9_+/-]{1,60})?"


class Ruling(BaseModel):
    """An endpoint's rule; what is left out asks for nothing. docs/webhooks.md says what each part means."""

    model_config = ConfigDict(extra="forbid")

    types: list[EventType] = Field([], max_length=MOST)
    min_severity: Severity | Literal[""] = ""
    change_types: list[ChangeType] = Field([], max_length=MOST)
    feeds: list[BodyId] = Field([], max_length=MOST)
    tags: list[Short] = Field([], max_length=MOST)
    words: list[Short] = Field([], max_length=MOST)
    rises: Moved = ""
    falls: Moved = ""
    stealth: bool = False
    quiet: str = Field(
        "", max_length=100, pattern=f"^({_HOUR}-{_HOUR}{_ZONE})?$", description="`22:00-07:00 Europe/Kyiv`"
    )
    digest: str = Field(
        "", max_length=100, pattern=f"^(([0-9]+[smhd])+|{_HOUR}{_ZONE})?$", description="`30m`, `2h` or `08:00 UTC`"
    )
    urgent: Severity | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A rule as it was typed: *fields* fill the form again, *rule* is None where *wrong* says what is wrong."""

    fields: Mapping[str, Any]
    rule: Rule | None
    wrong: str = ""


def read(written: Mapping[str, Any]) -> Rule:
    """Raises RefusalError 400 with what is wrong."""
    try:
        return rule_of(written)
    except ValueError as wrong:
        raise RefusalError(400, f"{str(wrong)[:1].upper()}{str(wrong)[1:]}.") from None


def typed(written: Mapping[str, Any]) -> Typed:
    """What was typed, right or wrong."""
    fields = {key: written.get(key, "") for key in KEYS}
    try:
        return Typed(fields, rule_of(written))
    except ValueError as wrong:
        return Typed(fields, None, str(wrong))


def from_form(form: Form) -> dict[str, Any]:
    """The parts of a rule that a form brought."""
    return {key: form.many(key) if key in LISTS else form.text(key) for key in KEYS}


def from_query(asked: QueryParams) -> dict[str, Any]:
    """The same out of an address, where a back-test stands."""
    return {key: asked.getlist(key) if key in LISTS else asked.get(key, "").strip()[:2_000] for key in KEYS}


def fields_of(rule: Rule) -> dict[str, Any]:
    """A rule as a form shows it: lists that are typed stand in one field."""
    shown = spelt(rule)
    return {key: ", ".join(map(str, v)) if isinstance(v, list) and key not in LISTS else v for key, v in shown.items()}


def ids_of(feeds: object) -> list[int]:
    """The feeds that a rule or a form names; what is no id is left to the rule, which refuses it."""
    listed = feeds if isinstance(feeds, list) else []
    return [int(each) for each in map(str, listed[:MOST]) if each.isascii() and each.isdigit() and len(each) < 19]


def choices() -> dict[str, Sequence[str]]:
    """What a form of a rule offers."""
    return {"event_types": TYPES, "kinds": CHANGE_TYPES, "severities": LEVELS}


def tried_of(found: Backtest) -> dict[str, Any]:
    """A back-test as the API gives it."""
    return {
        "since": found.since,
        "told": found.told,
        "of": len(found.rows),
        "cut": found.cut,
        "alerts": [_row(row) for row in found.rows],
    }


def lines_of(found: Backtest) -> list[tuple[Tried, list[Chip]]]:
    """A back-test's first alerts with the chips of their changes."""
    return [(row, [chip_of_told(change) for change in row.changes[:CHIPS]]) for row in found.rows[:SHOWN]]


def _row(row: Tried) -> dict[str, Any]:
    said = ("alert_id", "type", "severity", "title", "article_id", "version", "at", "told", "reason", "sent_at")
    return {name: getattr(row, name) for name in said} | {"changes": [str(each.get("id")) for each in row.changes]}
