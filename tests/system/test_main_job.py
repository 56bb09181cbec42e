"""The main job, end to end: real feeds, real processes, signed webhooks.

On SQLite the demo is the same, judged the same way (``tests/demo``).
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from config import clock
from demo import score
from demo.newsroom import Newsroom
from demo.outlets import OUTLETS
from demo.story import Expected, Step, load_stories
from demo.timeline import Timeline
from tests.parts.waiting import until
from tests.system.conftest import LIMIT, House

Open = Callable[..., House]

QUIET = ("bridge-reopens", "rail-strike")
"""Stories in which no fact changes: everything but the article moves, or its words alone."""


def noisier(step: Step, noises: frozenset[str]) -> Step:
    """A story's step with noise beside its own."""
    return replace(step, copy=replace(step.copy, noises=step.copy.noises | noises))


def as_told(change: dict[str, object]) -> tuple[object, ...]:
    """A change as the stories write it."""
    return (change["type"], change["op"], change["before"], change["after"])


def as_expected(expected: Expected) -> tuple[object, ...]:
    """An expected change in the same form."""
    return (expected.type, expected.op, expected.before, expected.after)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_stories_develop_and_exactly_what_they_do_is_told(open_house: Open, database_url: str) -> None:
    """Each step of each story arrives as one verified webhook that names the changes the story says it makes; noise
    makes no version, style no alert, and a page that is gone is told and never compared."""
    house = open_house(newsroom := Newsroom(), database_url)
    house.read_all()
    with Timeline(newsroom, speed=4) as timeline:
        until(lambda: timeline.ended, LIMIT)
    until(lambda: not score.untold_steps(newsroom, score.told_steps(newsroom, house.sink.received)), LIMIT)
    for slug in QUIET:
        house.looked(slug, newsroom.looks(slug) + 4)
    assert [] == score.differences(newsroom, house.sink.received)
    assert house.sink.refused == 0
    assert not any(each.again for each in house.sink.received)
    versions = {slug: house.article(slug)["versions"] for slug in newsroom.stories}
    assert versions == {
        slug: 1 + sum(step.makes == "version" for step in story.steps[1:]) for slug, story in newsroom.stories.items()
    }
    assert not [each for slug in QUIET for each in house.told(slug)]
    assert len(house.told("maternity-wards", "article.withdrawn")) == 1
    assert house.article("maternity-wards")["state"] == "withdrawn"


def test_four_noises_at_once_hide_no_edit(open_house: Open) -> None:
    """Under a teaser that turns, a promo, comments and other typography the toll that moves is told, and nothing else."""
    noises, slug = frozenset({"topics", "promo", "comments", "typography"}), "terminal-explosion"
    [story] = [each for each in load_stories(clock.now()) if each.slug == slug]
    story = replace(story, steps=tuple(noisier(step, noises) for step in story.steps))
    house = open_house(Newsroom([story], [outlet for outlet in OUTLETS if outlet.key == story.outlet]))
    house.read_all()
    house.looked(slug, 5)
    assert house.article(slug)["versions"] == 1
    step = house.newsroom.advance(slug)
    assert step is not None
    until(lambda: bool(house.told(slug, "article.facts_changed")), LIMIT)
    house.looked(slug, 4)
    [told] = house.told(slug, "article.facts_changed")
    assert sorted(map(as_told, told.body["data"]["changes"]), key=str) == sorted(
        map(as_expected, step.changes), key=str
    )
