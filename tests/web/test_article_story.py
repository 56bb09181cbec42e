"""The story of an article: facts chained, numbers drawn, the rail, the evidence in words."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from facts.model import Change
from tests.parts.values import NOW, article, change, row, version
from web.article.chart import HEIGHT, WIDTH, Interval, chart, intervals
from web.article.evidence import HIDDEN, blind_looks, disclosed, shown_headers, window
from web.article.ledger import facts_of, ledger
from web.article.numbered import numbered
from web.article.timeline import Happening, timeline

PEOPLE = {"lo": 15, "hi": 15}


@pytest.mark.parametrize(
    ("one", "other", "facts"),
    [
        pytest.param(change("12", "15"), change("15", "19"), 1, id="goes on from its value"),
        pytest.param(change("12", "fifteen", value_after=PEOPLE), change("15", "19", value_before=PEOPLE), 1, id="reworded"),
        pytest.param(change("12", "15"), change("16", "19"), 1, id="a count corrected silently in between"),
        pytest.param(
            change("12", "15", claimant_after="police"), change("20", "21", claimant_before="the hospital"), 2,
            id="another claimant's count",
        ),
        pytest.param(change("12", "15"), change("15", "19", subject="people injured"), 2, id="another subject"),
        pytest.param(
            change("2%", "3%", type="number", subject="", value_after={"lo": 3, "hi": 3, "unit": "percent"}),
            change("€4", "€5", type="number", subject="", value_after={"lo": 5, "hi": 5, "unit": "euro"}), 2,
            id="another unit",
        ),
        pytest.param(change("a", "b", type="date"), change("c", "d", type="date"), 2, id="another date"),
        pytest.param(change("a", "b", type="quote"), change("b", "c", type="quote"), 1, id="the same quote again"),
        pytest.param(change("12", None), change(None, "12"), 1, id="gone and back"),
        pytest.param(change("12", "15"), change(None, "15"), 2, id="said once more"),
    ],
)  # fmt: skip
def test_fact_changes_are_chained(one: Change, other: Change, facts: int) -> None:
    """Two changes are of one fact when they are about the same claim and the second starts where the first ended."""
    assert facts == len(facts_of([row(2, one), row(3, other)]))


def test_changes_of_one_version_are_two_facts() -> None:
    """One version cannot move a fact twice."""
    assert 2 == len(facts_of([row(2, change("12", "15"), 1), row(2, change("15", "19"), 2)]))


def test_ledger() -> None:
    """The value in each version that moved something: held before, moved, held after, gone."""
    told = ledger(
        facts_of(
            [row(3, change("12", "15")), row(3, change("4", None, subject="ships"), 9), row(7, change("15", "19"))]
        ),
        lines=5,
        columns=4,
    )
    assert (2, 3, 7) == told.columns
    tolls, ships = told.lines
    assert [("12", "held"), ("15", "moved"), ("19", "moved")] == [(cell.value, cell.state) for cell in tolls.cells]
    assert ["held", "gone", "gone"] == [cell.state for cell in ships.cells]


def test_ledger_is_bounded() -> None:
    """The facts that moved last and the last versions stay; how many are left out is said."""
    rows = [row(n, change(str(n), str(n + 1), subject=f"subject {n % 20}"), n) for n in range(2, 200)]
    told = ledger(facts_of(rows), lines=12, columns=7)
    assert (12, 7, 8) == (len(told.lines), len(told.columns), told.left)
    assert told.columns[-1] == 199


def test_net_change_over_several_versions() -> None:
    """Several changes of one fact are one chip from its first value to its last, with the values on the way."""
    rows = [row(2, change("12", "15")), row(3, change("15", "19")), row(4, change("19", "12"))]
    first, back = numbered(rows[:2])[0], numbered(rows)[0]
    assert ("12", "19", ("15",)) == (first.chip.before, first.chip.after, first.passed)
    assert "(back to where it was)" == back.chip.note


@pytest.mark.parametrize(
    ("value", "opens", "approx"),
    [
        pytest.param(Interval(2, 12, 12, False, "12"), "", False, id="exact"),
        pytest.param(Interval(2, 12, None, False, "at least 12"), "up", False, id="at least"),
        pytest.param(Interval(2, None, 12, False, "up to 12"), "down", False, id="up to"),
        pytest.param(Interval(2, 10, 20, True, "10 to 20"), "", True, id="from to"),
    ],
)
def test_chart_draws_intervals(value: Interval, opens: str, approx: bool) -> None:
    """An open end is drawn open, a range as its two ends, and everything stays inside the drawing."""
    drawn = chart([Interval(1, 4, 4, False, "4"), value], "people killed")
    assert drawn is not None
    point = drawn.points[1]
    assert (opens, approx) == (point.opens, point.approx)
    assert all(0 <= p.x <= WIDTH and 0 <= p.top <= p.y <= p.bottom <= HEIGHT for p in drawn.points)
    assert f"people killed: v1: 4, v2: {value.words}" == drawn.words


def test_chart_needs_numbers() -> None:
    """A fact without numbers, or with one alone, has no chart; odd values do not break it."""
    quotes = facts_of([row(2, change("a", "b", type="quote", value_after={"words": "b"}))])[0]
    huge = facts_of(
        [row(2, change("a", "b", value_before={"lo": 10**400, "hi": None}, value_after={"lo": "x", "hi": 1}))]
    )[0]
    assert [] == [*intervals(quotes)]
    assert [1.0] == [each.hi for each in intervals(huge)]
    assert chart(intervals(huge), "x") is None
    same = chart([Interval(n, 5, 5, False, "5") for n in (1, 2)], "x")
    assert same is not None
    assert {HEIGHT / 2} == {point.y for point in same.points}


def kinds(nodes: Sequence[Any]) -> list[tuple[str, str]]:
    """What a rail shows, newest first."""
    return [(node.kind, node.name) for node in nodes]


def test_timeline() -> None:
    """Each version is a node by what it brought; what befell the page and blind times stand between them."""
    blind = {"from": "2026-03-02T13:10:00Z", "to": "2026-03-02T13:40:00Z", "count": 3, "reason": "timeout"}
    versions = [
        version(6, same_text_as=4),
        version(5, factual=True, blind=[blind, {"odd": 1}]),
        version(4, factual=True),
        version(3),
        version(1, late=True),
    ]
    changes = [row(4, change(None, "Correction: it was 12.", type="correction")), row(5, change("12", "15"))]
    happened = [Happening("article.withdrawn", NOW + timedelta(hours=7)), Happening("article.settled", NOW)]
    nodes = timeline(article(versions=6), versions, changes, happened, (4, 5))
    assert [
        ("withdrawn", ""), ("return", "v6"), ("fact", "v5"), ("blind", ""), ("correction", "v4"), ("style", "v3"),
        ("first", "v1"),
    ] == kinds(nodes)  # fmt: skip
    assert [False, False, True, False, False, False, False] == [node.here for node in nodes]
    assert "not seen: 3 failed looks over 30 min (timeout)" == nodes[3].words
    assert "first seen; it existed before" == nodes[-1].words


def test_timeline_folds_wording() -> None:
    """Wording-only versions in a row are one node that leads through all of them; those shown are not folded."""
    versions = [version(number) for number in range(9, 0, -1)]
    nodes = timeline(article(), versions, (), (), (8, 9))
    assert [("style", "v9"), ("style", "v2–v8"), ("first", "v1")] == kinds(nodes)
    assert (1, 8, "wording only, 7 versions") == (nodes[1].first, nodes[1].last, nodes[1].words)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        pytest.param({"failures": 2, "last_reason": "timeout"}, "blind", id="not seen now"),
        pytest.param({"availability": "withdrawn", "gone_since": NOW + timedelta(days=1)}, "withdrawn", id="gone"),
        pytest.param({}, "first", id="well"),
    ],
)
def test_timeline_ends_now(values: dict[str, Any], kind: str) -> None:
    """What holds at this moment stands on top, though nothing was told of it."""
    assert kind == timeline(article(versions=1, **values), [version(1)], (), (), (0, 1))[0].kind


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        pytest.param("Set-Cookie", "sid=canary", HIDDEN, id="cookie"),
        pytest.param("x-auth-token", "canary", HIDDEN, id="token"),
        pytest.param("location", "https://u:canary@a.example/x", "https://a.example/x", id="password"),
        pytest.param("location", "https://a.example/x?token=canary&id=7", f"https://a.example/x?token={HIDDEN}&id=7", id="query"),
        pytest.param("link", '<https://a.example/?api_key=canary>; rel="next"', "<https://a.example/…", id="link"),
        pytest.param("etag", '"abc"', '"abc"', id="plain"),
    ],
)  # fmt: skip
def test_case_110_headers_without_secrets(name: str, value: str, shown: str) -> None:
    """Headers are shown without what could open a door."""
    assert ((name, shown),) == shown_headers({name: value})


def test_disclosure_in_words() -> None:
    """Each of the three signs is a sentence of its own; what is unknown is left out."""
    told = {"notice": "none_seen", "visible_stamp": "moved", "modified": "of a later release"}
    assert 2 == len(disclosed(version(2, disclosure=told)))
    assert () == disclosed(version(1))


def test_window_in_words() -> None:
    """How exactly the time is known, and how many looks failed in it."""
    seen = version(2, seen_old_at=NOW + timedelta(hours=1, minutes=50), blind=[{"count": 3}, {}])
    assert ("10 min", 4) == (window(seen), blind_looks(seen))
    assert "" == window(version(1))
