"""The main job, end to end: real feeds, real processes, signed webhooks."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from config import clock
from demo.newsroom import Newsroom
from demo.story import Expected, Step, load_stories
from tests.parts.waiting import until
from tests.system.conftest import LIMIT, House

Open = Callable[..., House]


def stories(*slugs: str, noises: frozenset[str] = frozenset()) -> Newsroom:
    """A newsroom with these stories alone, and the outlets that carry them; with more noise at each of their steps."""
    from demo.outlets import OUTLETS

    chosen = [story for story in load_stories(clock.now()) if story.slug in slugs]
    chosen = [replace(story, steps=tuple(noisier(step, noises) for step in story.steps)) for story in chosen]
    carrying = {story.outlet for story in chosen}
    return Newsroom(chosen, [outlet for outlet in OUTLETS if outlet.key in carrying])


def noisier(step: Step, noises: frozenset[str]) -> Step:
    """A story's step with noise beside its own."""
    return replace(step, copy=replace(step.copy, noises=step.copy.noises | noises))


def as_told(change: dict[str, object]) -> tuple[object, ...]:
    """A change as the stories write it."""
    return (change["type"], change["op"], change["before"], change["after"])


def as_expected(expected: Expected) -> tuple[object, ...]:
    """An expected change in the same form."""
    return (expected.type, expected.op, expected.before, expected.after)


@pytest.mark.parametrize("slug", ["terminal-explosion", "skerry-bank-talks"])
def test_a_story_develops_and_exactly_its_fact_changes_are_told(open_house: Open, database_url: str, slug: str) -> None:
    """Each step of the story arrives as one verified webhook that names the changes the story says it makes."""
    house = open_house(stories(slug), "" if "sqlite" in database_url else database_url)
    house.read_all(1)
    house.looked(slug, 3)
    steps = []
    while (step := house.newsroom.advance(slug)) is not None:
        if step.makes != "version":
            house.looked(slug, 6)
            continue
        steps.append(step)
        until(lambda: len(house.told(slug, "article.version_created")) > len(steps), LIMIT)
        house.looked(slug, 4)
    factual = [step for step in steps if step.changes]
    until(lambda: len(house.told(slug, "article.facts_changed")) >= len(factual), LIMIT)
    told = house.told(slug, "article.facts_changed")
    assert [sorted(map(as_told, each.body["data"]["changes"]), key=str) for each in told] == [
        sorted(map(as_expected, step.changes), key=str) for step in factual
    ]
    assert [each.body["data"]["version"]["to"] for each in told] == sorted(
        each.body["data"]["version"]["to"] for each in told
    )
    assert house.sink.refused == 0
    assert not any(each.again for each in house.sink.received)


def test_noise_alone_makes_no_version(open_house: Open) -> None:
    """A page on which everything moves but the article stays at version 1, and nothing is told."""
    house = open_house(stories("bridge-reopens"))
    house.read_all(1)
    house.looked("bridge-reopens", 10)
    while house.newsroom.advance("bridge-reopens") is not None:
        house.looked("bridge-reopens", 8)
    assert house.article("bridge-reopens")["versions"] == 1
    assert house.told("bridge-reopens") == []


def test_four_noises_at_once_hide_no_edit(open_house: Open) -> None:
    """Under a teaser that turns, a promo, comments and other typography the toll that moves is told, and nothing else."""
    noises = frozenset({"topics", "promo", "comments", "typography"})
    house = open_house(stories("terminal-explosion", noises=noises))
    house.read_all(1)
    house.looked("terminal-explosion", 5)
    assert house.article("terminal-explosion")["versions"] == 1
    step = house.newsroom.advance("terminal-explosion")
    assert step is not None
    until(lambda: bool(house.told("terminal-explosion", "article.facts_changed")), LIMIT)
    house.looked("terminal-explosion", 4)
    [told] = house.told("terminal-explosion", "article.facts_changed")
    assert sorted(map(as_told, told.body["data"]["changes"]), key=str) == sorted(
        map(as_expected, step.changes), key=str
    )


def test_style_alone_is_a_version_without_an_alert(open_house: Open) -> None:
    """Reworded sentences are kept, and nobody is woken."""
    house = open_house(stories("rail-strike"))
    house.read_all(1)
    house.looked("rail-strike", 2)
    steps = 0
    while (step := house.newsroom.advance("rail-strike")) is not None:
        steps += step.makes == "version"
        until(lambda made=steps: house.article("rail-strike")["versions"] >= 1 + made, LIMIT)  # type: ignore[misc]
        house.looked("rail-strike", 4)
    assert house.article("rail-strike")["versions"] == 1 + steps
    assert house.told("rail-strike") == []


def test_a_withdrawn_article_is_told_and_never_compared(open_house: Open) -> None:
    """404 twice, while other pages of the site answer, is article.withdrawn and no version."""
    house = open_house(stories("maternity-wards", "terminal-explosion", "rail-strike", "seed-library"))
    slug = "maternity-wards"
    until(lambda: house.newsroom.looks(slug) >= 3, LIMIT)
    while (step := house.newsroom.advance(slug)) is not None:
        if step.makes == "withdrawn":
            break
        house.looked(slug, 4)
    versions = house.article(slug)["versions"]
    until(lambda: house.told(slug, "article.withdrawn"), LIMIT)
    assert house.article(slug)["state"] == "withdrawn"
    assert house.article(slug)["versions"] == versions
    assert len(house.told(slug, "article.withdrawn")) == 1
