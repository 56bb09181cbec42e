"""The rule of an endpoint: which alerts it lets pass, when they are sent, and how it is written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.rules import EVERYTHING, Event, event_of, tells
from store.ruling import columns, in_words, kept, rule_of, spelt
from store.words import names

TOLL = {
    "type": "casualty",
    "subject": "people killed",
    "before": "12",
    "after": "15",
    "value_before": {"lo": 12, "hi": 12},
    "value_after": {"lo": 15, "hi": 15},
    "sentence_before": "At least 12 people were killed in Zürich.",
    "sentence_after": "At least 15 people were killed in Zürich.",
    "severity": "critical",
}
PLACE = {"type": "place", "subject": "pier", "before": "western", "after": "eastern", "severity": "high"}
FELL = TOLL | {"value_before": {"lo": 100, "unit": "EUR"}, "value_after": {"lo": 90, "unit": "EUR"}, "type": "number"}
FACTS = "article.facts_changed"


def event(*changes: dict[str, Any], **given: Any) -> Event:
    """A factual version of an article called Bridge collapse, tagged World, in feed 3."""
    known = {"title": "Bridge collapse", "tags": ("World",), "feeds": frozenset({3}), "severity": "critical"}
    return Event(**{"type": FACTS, "changes": changes or (TOLL, PLACE), **known, **given})


@pytest.mark.parametrize(
    ("rule", "given", "reason"),
    [
        pytest.param({}, event(), "", id="nothing asked"),
        pytest.param({}, event(type="article.version_created"), "article.version_created is not", id="opt-in"),
        pytest.param({"types": "article.version_created"}, event(type="article.version_created"), "", id="opted in"),
        pytest.param({"types": "article.settled"}, event(), "article.facts_changed is not asked", id="another type"),
        pytest.param({"min_severity": "high"}, event(PLACE, severity="medium"), "medium is quieter", id="too quiet"),
        pytest.param({"min_severity": "high"}, event(PLACE, severity="high"), "", id="just loud enough"),
        pytest.param({"min_severity": "critical"}, event(type="article.settled", severity=""), "", id="no severity"),
        pytest.param({"change_types": "place"}, event(), "", id="a change of that type"),
        pytest.param({"change_types": "date,quote"}, event(), "no change of type date, quote", id="no such change"),
        pytest.param(
            {"change_types": "place", "min_severity": "critical"}, event(), "no such change from", id="one and the same"
        ),
        pytest.param({"feeds": "3,4"}, event(), "", id="its feed"),
        pytest.param({"feeds": "4"}, event(), "it is of another feed", id="another feed"),
        pytest.param({"tags": "world"}, event(), "", id="tags have no case"),
        pytest.param({"tags": "sport"}, event(), "it has none of the tags", id="another tag"),
        pytest.param({"words": "zurich"}, event(), "", id="words are folded"),
        pytest.param({"words": "people killed"}, event(), "", id="a phrase of the subject"),
        pytest.param({"words": "collapse"}, event(), "", id="a word of the title"),
        pytest.param({"words": "kill"}, event(), "none of the words is in subject or text", id="no whole word"),
        pytest.param({"words": "pier", "change_types": "casualty"}, event(), "none of the words", id="another change's"),
        pytest.param({"rises": "25%"}, event(), "", id="rises by just that"),
        pytest.param({"rises": "25.1%"}, event(), "no number rises by 25.1%", id="rises by less"),
        pytest.param({"rises": "3"}, event(), "", id="absolute"),
        pytest.param({"falls": "1"}, event(), "no number falls by 1", id="it rose"),
        pytest.param({"rises": "50%", "falls": "10%"}, event(FELL), "", id="either way"),
        pytest.param({"rises": "1", "falls": "1"}, event(FELL | {"value_after": {"lo": 90, "unit": "USD"}}),
                     "no number rises by 1 or falls by 1", id="other units are no movement"),
        pytest.param({"rises": "1"}, event(TOLL | {"value_before": None}), "no number rises", id="a new claim"),
        pytest.param({"rises": "900%"}, event(TOLL | {"value_before": {"lo": 0}}), "", id="from zero"),
        pytest.param({"falls": "1"}, event(FELL | {"value_before": {"hi": 100, "unit": "EUR"}}), "no number falls",
                     id="at least 90 is no fall from up to 100"),
        pytest.param({"stealth": True}, event(), "it was announced", id="not stealthy"),
        pytest.param({"stealth": True}, event(stealth=True), "", id="stealthy"),
        pytest.param({"rises": "1"}, event(type="article.withdrawn"), "it carries no fact change", id="no changes"),
        pytest.param({"rises": "1", "types": "article.withdrawn"}, event(type="article.withdrawn"), "", id="named"),
        pytest.param({"words": "bridge"}, event(type="article.settled"), "", id="title of what has no changes"),
        pytest.param({"words": "ferry"}, event(type="article.settled"), "none of the words is in its", id="no word"),
        pytest.param({"change_types": "date"}, event(type="alert.retracted"), "", id="a retraction follows"),
    ],
)  # fmt: skip
def test_what_passes(rule: dict[str, Any], given: Event, reason: str) -> None:
    """An event passes when each condition holds, those of a change of one and the same; else the first is named."""
    verdict = tells(rule_of(rule), given)
    assert (verdict.told, verdict.reason[: len(reason)]) == (reason == "", reason)


def test_an_alert_as_a_rule_sees_it() -> None:
    """Title, tags and changes come out of the alert's body, a feed's title too."""
    body = {"article": {"title": "Bridge", "tags": ["world"]}, "changes": [TOLL], "stealth": True}
    seen = event_of(FACTS, "high", body, frozenset({1}))
    assert (seen.title, seen.tags, list(seen.changes), seen.stealth) == ("Bridge", ("world",), [TOLL], True)
    assert event_of("feed.failing", "", {"feed": {"title": "Wire"}}, frozenset()).title == "Wire"


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        pytest.param("toll", "Toll rises", True, id="case"),
        pytest.param("toll", "atoll", False, id="inside another word"),
        pytest.param("don't", "They don’t know", True, id="typography"),
        pytest.param("Київ", "у місті Київ.", True, id="Cyrillic"),
        pytest.param("東京", "今日の東京都", True, id="no spaces between words"),
        pytest.param("c++", "C++ is named", True, id="not a pattern"),
        pytest.param("", "anything", False, id="nothing"),
    ],
)
def test_words(words: str, text: str, found: bool) -> None:
    """Whole words, whatever their case, accents and typography."""
    assert found is names([words], text)


@pytest.mark.parametrize(
    ("quiet", "moment", "ends"),
    [
        pytest.param("22:00-07:00 UTC", "2026-03-02T21:59:59+00:00", None, id="not yet"),
        pytest.param("22:00-07:00 UTC", "2026-03-02T22:00:00+00:00", "2026-03-03T07:00:00+00:00", id="begins"),
        pytest.param("22:00-07:00 UTC", "2026-03-03T06:59:00+00:00", "2026-03-03T07:00:00+00:00", id="past midnight"),
        pytest.param("22:00-07:00 UTC", "2026-03-03T07:00:00+00:00", None, id="over"),
        pytest.param("12:00-13:00 UTC", "2026-03-03T12:30:00+00:00", "2026-03-03T13:00:00+00:00", id="by day"),
        pytest.param("22:00-07:00 Europe/Kyiv", "2026-03-02T20:30:00+00:00", "2026-03-03T05:00:00+00:00", id="zone"),
        pytest.param("22:00-02:30 Europe/Berlin", "2026-03-29T00:10:00+00:00", "2026-03-29T01:30:00+00:00", id="gap"),
        pytest.param("01:00-02:30 Europe/Berlin", "2026-10-25T01:10:00+00:00", "2026-10-25T01:30:00+00:00", id="twice"),
    ],
)
def test_quiet_hours(quiet: str, moment: str, ends: str | None) -> None:
    """They are hours of the wall clock of their zone, on days of 23 and 25 hours too."""
    at = datetime.fromisoformat(moment)
    expected = datetime.fromisoformat(ends) if ends else at
    rule = rule_of({"quiet": quiet, "urgent": "critical"})
    assert [expected, expected, at] == [rule.free_at(at, each) for each in ("", "high", "critical")]


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        pytest.param({"digest": "30m"}, "2026-03-02T21:30:00+00:00", id="every"),
        pytest.param({"digest": "08:00 Europe/Kyiv"}, "2026-03-03T06:00:00+00:00", id="at an hour"),
        pytest.param({"digest": "21:00"}, "2026-03-03T21:00:00+00:00", id="not at the same moment"),
        pytest.param({"digest": "2h", "quiet": "22:00-07:00"}, "2026-03-03T07:00:00+00:00", id="after quiet hours"),
        pytest.param({}, "2026-03-02T21:00:00+00:00", id="no digest any more"),
    ],
)
def test_digests(rule: dict[str, str], due: str) -> None:
    """A digest is sent so long after its first alert, or at the next such hour, and never in quiet hours."""
    first = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    assert datetime.fromisoformat(due) == rule_of(rule).digest_due(first)


WHOLE = {
    "types": [FACTS], "min_severity": "high", "change_types": ["casualty"], "feeds": [3], "tags": ["World"],
    "words": ["people killed", "toll"], "rises": "10%", "falls": "2.5", "stealth": True,
    "quiet": "22:00-07:00 Europe/Kyiv", "digest": "30m", "urgent": "critical",
}  # fmt: skip


def test_one_spelling() -> None:
    """What is written is read back the same, from text, from JSON and out of the store's columns."""
    rule = rule_of(WHOLE)
    assert spelt(rule) == WHOLE
    assert rule_of({key: ", ".join(map(str, v)) if isinstance(v, list) else v for key, v in WHOLE.items()}) == rule
    kept_ = columns(rule)
    assert kept(kept_["types"], kept_["min_severity"], kept_["rule"]) == rule
    assert columns(EVERYTHING) == {"types": None, "min_severity": "", "rule": None}
    assert in_words(rule_of({"words": "toll", "stealth": True})) == "words: toll; unannounced only"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        pytest.param({"types": "article.facts"}, "no event type 'article.facts'", id="type"),
        pytest.param({"types": ["endpoint.test"]}, "no event type 'endpoint.test'", id="test"),
        pytest.param({"min_severity": "loud"}, "no severity 'loud'", id="severity"),
        pytest.param({"change_types": "toll"}, "no change type 'toll'", id="change type"),
        pytest.param({"feeds": "wire"}, "no feed 'wire'", id="feed"),
        pytest.param({"rises": "a lot"}, "'a lot' is no threshold", id="threshold"),
        pytest.param({"quiet": "at night"}, "'at night' are no quiet hours", id="hours"),
        pytest.param({"quiet": "07:00-07:00"}, "quiet hours that begin when they end", id="no hours"),
        pytest.param({"quiet": "22:00-07:00 Mars/Base"}, "no time zone 'Mars/Base'", id="zone"),
        pytest.param({"quiet": "22:00-07:00 ../../etc"}, "no time zone", id="no way out"),
        pytest.param({"digest": "5"}, "'5' is no digest", id="digest"),
        pytest.param({"digest": "1s"}, "a digest comes every 1m to 7d", id="too often"),
        pytest.param({"words": ["x"] * 2 + [str(n) for n in range(60)]}, "a list in a rule may have 50", id="too many"),
        pytest.param({"words": "x" * 101}, "a word may have 100 characters", id="too long"),
        pytest.param({"colour": "red"}, "a rule has no 'colour'", id="unknown"),
    ],
)
def test_what_could_never_match_is_refused(written: dict[str, Any], says: str) -> None:
    """A rule with a mistake is a mistake, not an endpoint that stays silent."""
    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        rule_of(written)


def test_a_stored_rule_that_cannot_be_read_tells_more_not_less() -> None:
    """What this version does not know of a stored rule asks for nothing; the rest of it holds."""
    rule = kept(["article.facts_changed"], "high", {"quiet": "22:00-07:00 Mars/Base", "words": ["toll"], "new": 1})
    assert (rule.types, rule.min_severity, rule.words, rule.quiet) == ((FACTS,), "high", ("toll",), None)
    assert timedelta(0) == rule.free_at(datetime(2026, 3, 2, 23, tzinfo=UTC), "") - datetime(2026, 3, 2, 23, tzinfo=UTC)
