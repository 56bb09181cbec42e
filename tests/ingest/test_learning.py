"""A site that is redesigned: what was furniture may be text, what is furniture now is learnt, and nothing that is learnt
or forgotten makes a version."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.extraction.page import extract
from ingest.judging.judge import judge
from ingest.learning import memory_from, memory_from_json, memory_to_json
from ingest.memory import fingerprint, path_of, sightings
from ingest.model import Page, SiteMemory
from tests.pages.newspaper import STORY, TEASERS, URL, page

Rows = list[tuple[str, str, bool, int]]
ASK = "Ask our harbour master anything before Friday"
WALK = "The Courier Walk starts from the town hall steps on Sunday"
GIFT = (
    "Every morning our four reporters walk the quays before dawn, and the Courier can only pay for their boots because "
    "readers like you send us the price of a cup of tea."
)


def story(number: int) -> list[str]:
    """An article's own paragraphs."""
    wardens = "It was the {}th time that year, wardens of {} villages said on the {}th day."
    return [f"{text} {wardens.format(number * 7 + n, number + 2, n + 1)}" for n, (_, text) in enumerate(TEASERS)]


def shown(number: int, *lines: str, wrapper: str = "story-text", above: str = "") -> Page:
    """An article of the site, its furniture below its text."""
    body = page(
        [*story(number), *lines], headline=f"{TEASERS[number % 6][0]} in {number + 2}", wrapper=wrapper, above=above
    )
    return extract(body, f"{URL}/{number}")


def taught(*pages: Page) -> Rows:
    """What articles teach, in the order in which they were found."""
    return [(*each, number) for number, read in enumerate(pages) for each in sightings(read)]


def kept(memory: SiteMemory, *lines: str, wrapper: str = "story-text") -> list[str]:
    """Which of *lines* a new article's text holds."""
    body = page([*STORY[:4], *lines, *STORY[4:]], wrapper=wrapper)
    text = extract(body, URL, memory=memory).text.split("\n")
    return [line for line in lines if line in text]


OLD = [shown(n, ASK) for n in range(10)]
NEW = [shown(n, WALK, wrapper="copy") for n in range(10, 18)]


def test_furniture_of_an_old_template_becomes_text() -> None:
    """A line that came on every article and then went is text again; while it comes it is furniture."""
    assert [] == kept(memory_from(taught(*OLD)), ASK)
    assert [] == kept(memory_from(taught(*OLD, *NEW[:3])), ASK)
    assert [ASK] == kept(memory_from(taught(*OLD, *NEW)), ASK)


def test_what_came_back_is_learnt_anew() -> None:
    """An article that quotes a line of the old template is one article; a second one makes the line furniture again."""
    quoting = [shown(20, ASK, wrapper="copy"), shown(21, ASK, wrapper="copy")]
    assert [ASK] == kept(memory_from(taught(*OLD, *NEW, quoting[0])), ASK)
    assert [] == kept(memory_from(taught(*OLD, *NEW, *quoting)), ASK)


def test_furniture_of_a_new_template_is_learnt_from_two_articles() -> None:
    """However many articles the old template had."""
    before = [shown(n, ASK) for n in range(60)]
    after = [shown(n, WALK, wrapper="copy") for n in range(60, 62)]
    assert [WALK] == kept(memory_from(taught(*before, after[0])), WALK)
    assert [] == kept(memory_from(taught(*before, *after)), WALK)


def test_prose_of_a_new_template_is_learnt_beside_the_text_sooner_than_in_it() -> None:
    """A plea in a place of its own: three articles; among the paragraphs of the text, where a paper repeats its
    background: a fifth of all."""
    before = [shown(n) for n in range(40)]
    plea = f'<div class="plea"><p>{GIFT}</p></div>'
    beside = [shown(n, above=plea) for n in range(40, 44)]
    within = [shown(n, GIFT) for n in range(40, 44)]
    assert fingerprint(GIFT) in memory_from(taught(*before, *beside)).sighted
    assert fingerprint(GIFT) not in memory_from(taught(*before, *within)).sighted
    assert fingerprint(GIFT) in memory_from(taught(*within)).sighted


@pytest.mark.parametrize(
    ("places", "articles", "times"),
    [
        pytest.param(range(10), 10, 10, id="on every article"),
        pytest.param(range(10), 14, 10, id="went a moment ago"),
        pytest.param(range(10), 16, 0, id="gone"),
        pytest.param(range(0, 50, 10), 80, 5, id="seldom, and not yet missed"),
        pytest.param(range(0, 50, 10), 110, 0, id="seldom, and gone"),
        pytest.param((0, 90), 91, 2, id="twice, however far apart"),
        pytest.param((*range(10), 40), 41, 0, id="once since it went"),
        pytest.param((*range(10), 40, 41), 42, 2, id="twice since it went"),
    ],
)
def test_how_long_a_line_is_remembered(places: tuple[int, ...], articles: int, times: int) -> None:
    """Five times as long as it usually takes to come again, and it is counted from when it came up last."""
    rows = [("sline", "p", True, n) for n in places] + [(f"l{n}", "p", True, n) for n in range(articles)]
    assert times == memory_from(rows).sighted.get("sline", 0)


def _held(path: str, articles: range, *, kept: bool) -> Rows:
    return [(f"l{n}-{m}-{path}", path, kept, n) for n in articles for m in range(4)]


def test_a_path_that_changes_its_role_is_trusted_no_more() -> None:
    """Both directions, from the third article of the new template on; in time the path is told again."""
    for before in (True, False):
        rows = _held("main/p", range(20), kept=before)
        assert path_of("main/p", memory_from(rows)) == ("text" if before else "furniture")
        rows += _held("main/p", range(20, 23), kept=not before)
        assert "" == path_of("main/p", memory_from(rows))
        rows += _held("main/p", range(23, 52), kept=not before)
        assert path_of("main/p", memory_from(rows)) == ("furniture" if before else "text")


def test_a_memory_of_another_template_takes_no_text_by_its_place() -> None:
    """The first article of a new template stands where the old one had its teasers: it is kept."""
    first = extract(page(STORY), URL)
    paths = {block.path: (40, 0) for block in first.blocks if block.kept}
    assert list(STORY) == extract(page(STORY), URL, memory=SiteMemory(articles=20, paths=paths)).text.split("\n")


def test_what_memory_filled_in_teaches_nothing() -> None:
    """Nothing is learnt from what was learnt: the sightings of a page are those of a reader without a memory."""
    body = page([*STORY, ASK, GIFT], aside=f'<div class="x"><p>{TEASERS[0][1]}</p></div>', below=f"<p>{WALK}</p>")
    cold = extract(body, URL)
    paths = {block.path: (0, 40) for block in cold.blocks}
    pins = {fingerprint(ASK): "text", fingerprint(WALK): "furniture", fingerprint(STORY[1]): "furniture"}
    memory = SiteMemory(20, {fingerprint(GIFT): 9, fingerprint(ASK): 9}, paths, pins=pins)
    warm = extract(body, URL, memory=memory)
    assert cold.text != warm.text
    assert {each for each in sightings(cold) if each.kept} == {each for each in sightings(warm) if each.kept}


MEMORY = memory_from(taught(*OLD, *NEW))


def test_a_kept_memory_is_the_same_memory() -> None:
    """What is written is what is read."""
    pins = {"sx": "text"}
    assert replace(MEMORY, pins=pins) == memory_from_json(memory_to_json(MEMORY), pins)


def test_the_order_of_readers_does_not_matter() -> None:
    """The same articles teach the same, in whatever order their rows come."""
    rows = taught(*OLD, *NEW)
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert memory_to_json(MEMORY) == memory_to_json(memory_from(rows))


BODY = page([*STORY[:3], ASK, *STORY[3:6], GIFT, *STORY[6:], WALK], above="<p>By Rowena Pike, 2 March 2026</p>")
TEXTS = [block.text for block in extract(BODY, URL).blocks]
PATHS = sorted({block.path for block in extract(BODY, URL).blocks})
counts = st.tuples(st.integers(0, 60), st.integers(0, 60))
memories = st.builds(
    SiteMemory,
    articles=st.integers(1, 60),
    sighted=st.dictionaries(st.sampled_from([fingerprint(text) for text in TEXTS]), st.integers(2, 60)),
    paths=st.dictionaries(st.sampled_from(PATHS), counts),
    titles=st.sets(st.sampled_from([fingerprint(text)[1:] for text in TEXTS])).map(frozenset),
    pins=st.dictionaries(
        st.sampled_from([fingerprint(text) for text in TEXTS]), st.sampled_from(["furniture", "text"])
    ),
)


@settings(max_examples=50, deadline=None)
@given(before=memories, since=memories)
def test_learning_forgetting_and_pinning_make_no_version(before: SiteMemory, since: SiteMemory) -> None:
    """One page, read under any two memories: no version, and both texts are the same under the second."""
    old, new = extract(BODY, URL, memory=before), extract(BODY, URL, memory=since)
    found = judge(old.blocks, None, new.blocks, None, since, headline_before=old.headline, headline_after=new.headline)
    assert ("same", found.text_before) == (found.outcome, found.text_after)


def test_a_redesign_that_takes_furniture_away_makes_no_version() -> None:
    """A line that was stripped before the redesign, is gone after it and is remembered no more was never text."""
    old = extract(page([*STORY, ASK]), URL, memory=memory_from(taught(*OLD)))
    assert ASK not in old.text
    new = extract(page(STORY, wrapper="copy"), URL, memory=MEMORY)
    found = judge(old.blocks, None, new.blocks, None, MEMORY, headline_before=old.headline, headline_after=new.headline)
    assert ("same", list(STORY)) == (found.outcome, found.text_after.split("\n"))


def test_an_edit_after_a_redesign_is_seen() -> None:
    """Forgetting hides nothing: on an article that still has the old template, the edit is the version, and all of it."""
    old = extract(page([*STORY, ASK]), URL, memory=memory_from(taught(*OLD)))
    edited = [STORY[0].replace("12", "15"), *STORY[1:], ASK]
    new = extract(page(edited), URL, memory=MEMORY)
    found = judge(old.blocks, None, new.blocks, None, MEMORY, headline_before=old.headline, headline_after=new.headline)
    assert ("changed", "\n".join([*STORY, ASK])) == (found.outcome, found.text_before)
    assert edited == found.text_after.split("\n")
