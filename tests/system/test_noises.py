"""Every kind of noise through the real reader: on four templates of the newsroom and three sites abroad, before and
after the site is known, alone and together with an edit. Noise makes no version; the edit makes one and is told."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from demo.noise import NOISES
from demo.outlets import OUTLETS, Outlet
from demo.page import View, path_of, render_page
from demo.story import Story, load_stories
from store.engine import engine_for, reading
from store.tables import version
from tests.pages import abroad
from tests.pages.abroad import SITES, Fidget
from tests.parts.reading import Desk

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STORIES = {story.slug: story for story in load_stories(NOW)}
TOLL = replace(STORIES["terminal-explosion"], other_headline="What we know about the grain terminal blast")
TAUGHT = [story for story in STORIES.values() if story.slug != TOLL.slug][:5]
KINDS = [*NOISES, "amp"]
QUIET, EDITED = range(1, 5), range(5, 7)
"""Numbers of the looks that show noise alone, and of those on which the toll has moved: told one look later at most."""

Shows = Callable[[int, bool], bytes]
"""A site's page at a look (from 0), edited or not."""


@dataclass(frozen=True, slots=True)
class Showing:
    """How a newsroom's outlet shows a story under one noise from its second look on; *busy*: with the noise that the
    outlet has anyway."""

    outlet: Outlet
    noise: str
    busy: bool = False

    def view(self, story: Story, look: int, stage: int) -> bytes:
        """The page's bytes."""
        noises = {self.noise} - {"amp", ""} if look else set()
        others = [other for other in STORIES.values() if other.slug != story.slug]
        return render_page(
            View(
                outlet=self.outlet if self.busy else replace(self.outlet, noises=frozenset()),
                origin="http://outlet.example",
                story=story,
                copy=replace(story.steps[stage].copy, noises=frozenset(noises)),
                before=story.steps[max(0, stage - 1)].copy,
                look=look,
                now=NOW,
                modified=story.published,
                others=tuple((other.steps[0].copy.headline, path_of(other)) for other in others[:5]),
                following=others[0].steps[0].copy,
                sheet=2 if self.noise == "pagination" and look % 2 else 1,
                amp=self.noise == "amp" and look % 2 == 1,
            )
        )


@contextmanager
def reader_on(path: Path, store: Path, now: datetime = NOW) -> Iterator[Desk]:
    """A reader on a copy of a store."""
    shutil.copy(store, path)
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    yield Desk(engine, now)
    engine.dispose()


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """A reader on an empty store."""
    with reader_on(tmp_path / "noises.db", sqlite_template) as desk:
        yield desk


@pytest.fixture(scope="module")
def taught(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Outlet], Path]:
    """An outlet → a store in which five other articles of it have taught its furniture."""

    @cache
    def store(outlet: Outlet) -> Path:
        path, showing = tmp_path_factory.mktemp("taught") / f"{outlet.key}.db", Showing(outlet, "", busy=True)
        with reader_on(path, sqlite_template) as desk:
            for story in TAUGHT:
                url = f"http://outlet.example{path_of(story)}"
                desk.watch(url)
                desk.look(showing.view(story, 1, 0), url=url)
        return path

    return store


def versions(desk: Desk) -> int:
    """How many texts the article has had."""
    with reading(desk.engine) as connection:
        of_article = version.c.article_id == desk.article_id
        return int(connection.scalar(sa.select(sa.func.count()).select_from(version).where(of_article)) or 0)


def told(desk: Desk) -> set[tuple[str, str]]:
    """What every fact change that was told says before and after."""
    bodies: list[Any] = [body for kind, body in desk.alerts() if kind == "article.facts_changed"]
    return {(change["before"], change["after"]) for body in bodies for change in body["changes"]}


def watched(desk: Desk, url: str, shows: Shows) -> None:
    """A clean look, looks under noise alone that have to be silent, then looks on which the toll has moved as well."""
    desk.watch(url)
    for look in (0, *QUIET):
        desk.look(shows(look, False), url=url)
    assert (versions(desk), desk.alerts()) == (1, [])
    for look in EDITED:
        desk.look(shows(look, True), url=url)
    assert versions(desk) == 2


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.key)
@pytest.mark.parametrize("noise", KINDS)
def test_noise_makes_no_version_and_hides_no_edit(desk: Desk, noise: str, outlet: Outlet) -> None:
    """Nothing is known of the site; what is told of the page is the toll that moved, once."""
    showing = Showing(outlet, noise)
    watched(desk, "http://outlet.example/toll", lambda look, edited: showing.view(TOLL, look, int(edited)))
    assert told(desk) == {("12", "15"), ("34", "41")}


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.key)
@pytest.mark.parametrize("noise", KINDS)
def test_noise_on_a_site_that_is_known(
    taught: Callable[[Outlet], Path], tmp_path: Path, noise: str, outlet: Outlet
) -> None:
    """Five other articles have taught the site's furniture, and all of the outlet's own noise runs as well."""
    showing = Showing(outlet, noise, busy=True)
    with reader_on(tmp_path / "noises.db", taught(outlet), NOW + timedelta(hours=1)) as desk:
        watched(desk, "http://outlet.example/toll", lambda look, edited: showing.view(TOLL, look, int(edited)))
        assert told(desk) == {("12", "15"), ("34", "41")}


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("noise", abroad.NOISES)
def test_noise_abroad(desk: Desk, noise: str, site: str) -> None:
    """In German, Ukrainian and Spanish, in bare divs, in plain paragraphs and in a table with line breaks."""
    watched(
        desk,
        f"http://{site}.example/toll",
        lambda look, edited: abroad.page(Fidget(site, noise if look else "", look, edited)),
    )
    assert told(desk) & {(before, after) for before, after in SITES[site]["told"]}
