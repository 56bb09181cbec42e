"""A rule as it is written: by a person, in JSON, in the store. One spelling everywhere. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, get_args

from facts.model import SEVERITIES, ChangeType
from store.hours import digest, quiet
from store.rules import TYPES, Rule
from store.thresholds import threshold

CHANGE_TYPES: tuple[str, ...] = get_args(ChangeType)
MOST = 50
"""Entries that a list in a rule may have."""
LONGEST = 100
"""Characters of a word or a tag."""
KEYS = tuple(each.name for each in fields(Rule))
"""What a written rule may hold."""
_ID_MAX = 2**63 - 1


def rule_of(written: Mapping[str, Any]) -> Rule:
    """Reads a rule: lists as lists or text with commas, hours, digest and thresholds as text. What is missing or empty
    asks for nothing. Raises ValueError, in one sentence, for what could never match."""
    unknown = [key for key in written if key not in KEYS]
    if unknown:
        raise ValueError(f"a rule has no {str(unknown[0])[:40]!r}; there are {', '.join(KEYS)}")
    return Rule(
        types=_of(TYPES, "event type", _listed(written.get("types"))),
        min_severity=_severity(written.get("min_severity")),
        change_types=_of(CHANGE_TYPES, "change type", _listed(written.get("change_types"))),
        feeds=tuple(_feed(each) for each in _listed(written.get("feeds"))),
        tags=_short("tag", _listed(written.get("tags"))),
        words=_short("word", _listed(written.get("words"))),
        rises=_read(threshold, written.get("rises")),
        falls=_read(threshold, written.get("falls")),
        stealth=written.get("stealth") in (True, "true", "on", "1"),
        quiet=_read(quiet, written.get("quiet")),
        digest=_read(digest, written.get("digest")),
        urgent=_severity(written.get("urgent")),
    )


def spelt(rule: Rule) -> dict[str, Any]:
    """The rule as ``rule_of`` reads it: every key, lists as lists, empty text for what is not asked."""
    plain: dict[str, Any] = {key: getattr(rule, key) for key in KEYS}
    for key in ("types", "change_types", "feeds", "tags", "words"):
        plain[key] = list(plain[key])
    for key in ("rises", "falls", "quiet", "digest"):
        plain[key] = plain[key].spelt if plain[key] else ""
    return plain


def in_words(rule: Rule) -> str:
    """The rule in a line for people; empty where it asks for nothing."""
    said = {key: value for key, value in spelt(rule).items() if value}
    if set(rule.types) == set(TYPES):
        said["types"] = ["every event"]
    stealthy = ["unannounced only"] if said.pop("stealth", False) else []
    parts = [f"{key.replace('_', ' ')}: {_spoken(value)}" for key, value in said.items()]
    return "; ".join([*parts, *stealthy])


def kept(types: Sequence[str] | None, min_severity: str, column: Mapping[str, Any] | None) -> Rule:
    """A rule out of the store. What this version cannot read of it asks for nothing: rather told than lost."""
    written = {"types": list(types or ()), "min_severity": min_severity, **(column or {})}
    try:
        return rule_of(written)
    except ValueError:
        return rule_of({key: value for key, value in written.items() if _readable(key, value)})


def columns(rule: Rule) -> dict[str, Any]:
    """The rule as the columns of an endpoint."""
    said = {key: value for key, value in spelt(rule).items() if value}
    types, least = said.pop("types", None), said.pop("min_severity", "")
    return {"types": types, "min_severity": least, "rule": said or None}


def _readable(key: str, value: Any) -> bool:
    try:
        rule_of({key: value})
    except ValueError:
        return False
    return True


def _listed(written: Any) -> list[str]:
    lines: Iterable[Any] = [written] if isinstance(written, str) else written or ()
    found = dict.fromkeys(" ".join(part.split()) for line in lines for part in str(line).split(","))
    listed = [each for each in found if each]
    if len(listed) > MOST:
        raise ValueError(f"a list in a rule may have {MOST} entries")
    return listed


def _of(known: Sequence[str], what: str, listed: Sequence[str]) -> tuple[str, ...]:
    unknown = [each for each in listed if each not in known]
    if unknown:
        raise ValueError(f"no {what} {unknown[0][:40]!r}; there are {', '.join(known)}")
    return tuple(listed)


def _severity(written: Any) -> str:
    said = str(written or "").strip()
    if said and said not in SEVERITIES:
        raise ValueError(f"no severity {said[:40]!r}; there are {', '.join(SEVERITIES)}")
    return said


def _feed(written: str) -> int:
    if not (written.isascii() and written.isdigit() and 0 < int(written[:20]) <= _ID_MAX):
        raise ValueError(f"no feed {written[:40]!r}; feeds are named by their ids, as `feeds` shows them")
    return int(written)


def _short(what: str, listed: Sequence[str]) -> tuple[str, ...]:
    if any(len(each) > LONGEST for each in listed):
        raise ValueError(f"a {what} may have {LONGEST} characters")
    return tuple(listed)


def _read(reader: Callable[[str], Any], written: Any) -> Any:
    said = str(written or "").strip()
    return reader(said) if said else None


def _spoken(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
