"""The newsroom serves what it says: feeds, validators, pages that fidget, stories that advance."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import feedparser
import httpx
import pytest

from config.clock import now
from demo.newsroom import Newsroom
from demo.noise import NOISES
from demo.outlets import OUTLETS
from demo.story import load_stories

SLUGS = [
    "bridge-reopens",
    "lead-pipes",
    "lighthouse-fire",
    "maternity-wards",
    "rail-strike",
    "seed-library",
    "skerry-bank-talks",
    "terminal-explosion",
]


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A newsroom on loopback whose stories stand still until they are advanced."""
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture(scope="module")
def web() -> Iterator[httpx.Client]:
    """A client that knows no proxy."""
    with httpx.Client(trust_env=False) as client:
        yield client


def paragraphs(page: str) -> list[str]:
    """The page's <p> elements as plain text."""
    return [re.sub(r"<[^>]+>", "", found) for found in re.findall(r"<p\b[^>]*>(.*?)</p>", page, re.S)]


@pytest.mark.parametrize("key", [outlet.key for outlet in OUTLETS])
def test_feed_lists_the_outlets_stories(room: Newsroom, web: httpx.Client, key: str) -> None:
    """Each feed is well formed and links to pages that answer."""
    answer = web.get(room.feed_url(key))
    feed = feedparser.parse(io.BytesIO(answer.content))
    assert not feed.bozo
    assert {story.slug for story in room.stories.values() if story.outlet == key} == {
        story.slug for entry in feed.entries if (story := room.story_at(entry.link))
    }
    assert [200] * len(feed.entries) == [web.get(entry.link).status_code for entry in feed.entries]


@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
def test_feed_answers_304_until_a_story_advances(room: Newsroom, web: httpx.Client, header: str) -> None:
    """A feed's validators hold as long as its bytes do."""
    url = room.feed_url("wire")
    first = web.get(url)
    asked = {header: first.headers["ETag" if header == "If-None-Match" else "Last-Modified"]}
    assert ((again := web.get(url, headers=asked)).status_code, again.content) == (304, b"")
    room.advance("skerry-bank-talks")
    assert web.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_article_validators(room: Newsroom, web: httpx.Client) -> None:
    """The one outlet with validators on its pages answers 304 until the story advances."""
    url = room.article_url("lead-pipes")
    asked = {"If-None-Match": web.get(url).headers["ETag"]}
    assert web.get(url, headers=asked).status_code == 304
    room.advance("lead-pipes")
    assert web.get(url, headers=asked).status_code == 200


@pytest.mark.parametrize("slug", ["terminal-explosion", "maternity-wards"])
def test_teaser_differs_at_every_look(room: Newsroom, web: httpx.Client, slug: str) -> None:
    """Headline and paragraph under "Other Topics of Interest" are others at each of twelve looks."""
    seen = set()
    for _ in range(12):
        shown = paragraphs(web.get(room.article_url(slug)).text)
        label = shown.index("Other Topics of Interest")
        assert label > 3, "in mid-article"
        seen.update(shown[label + 1 : label + 3])
    assert len(seen) == 24


@pytest.mark.parametrize("slug", SLUGS)
def test_page_shows_its_story_at_every_stage(room: Newsroom, web: httpx.Client, slug: str) -> None:
    """Headline and paragraphs of the stage stand on the page, unless it was withdrawn."""
    story = room.stories[slug]
    for stage, step in enumerate(story.steps):
        assert room.stage(slug) == stage
        answer = web.get(room.article_url(slug), headers={"Cache-Control": "no-cache"})
        assert step.copy.status == answer.status_code
        if step.copy.status == 200 and "typography" not in step.copy.noises:
            plain = answer.text.replace("&#39;", "'").replace("&amp;", "&").replace("&#34;", '"')
            assert not [text for text in (step.copy.headline, *step.copy.paragraphs) if text not in plain]
        room.advance(slug)
    assert room.ended(slug)
    assert room.advance(slug) is None


def test_withdrawn_story_leaves_its_feed(room: Newsroom, web: httpx.Client) -> None:
    """A page that answers 410 is not announced any more, while the rest of the outlet is."""
    room.advance("maternity-wards")
    entries = feedparser.parse(io.BytesIO(web.get(room.feed_url("dispatch")).content)).entries
    assert [entry.title for entry in entries] == ["Man, 43, held over fire at Hollin Point lighthouse"]


def test_looks_are_counted_by_stage(room: Newsroom, web: httpx.Client) -> None:
    """A step forgets the looks at the stage before it."""
    for _ in range(2):
        web.get(room.article_url("rail-strike"))
    assert room.looks("rail-strike") == 2
    room.advance("rail-strike")
    assert room.looks("rail-strike") == 0
    assert room.entered_at("rail-strike", 1) >= room.entered_at("rail-strike", 0)


@pytest.mark.parametrize("name", NOISES)
def test_each_noise_fidgets(room: Newsroom, web: httpx.Client, name: str) -> None:
    """Under each kind of noise six looks show more than one page although the story stands still."""
    slug = "bridge-reopens"
    room.advance(slug)
    room.noise(slug, name)
    url = room.article_url(slug)
    faces = {web.get(url).text for _ in range(6)}
    if name in ("redesign", "pagination"):
        room.noise(slug)
        faces.add(web.get(url).text)
    assert len(faces) > 1


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        pytest.param("comments", "comments</h2>", id="comments"),
        pytest.param("redesign", 'class="copy"', id="redesign"),
        pytest.param("typography", "\u00ad", id="typography"),
        pytest.param("double-encoding", "â€œ", id="double-encoding"),
        pytest.param("promo", "free articles left", id="promo"),
        pytest.param("pagination", "Page 1 of 2", id="pagination"),
        pytest.param("collapse", "Please enable JavaScript", id="collapse"),
        pytest.param("headline-test", "Lantern Bridge is open again to lorries", id="headline-test"),
        pytest.param("session", "sid=", id="session"),
        pytest.param("next-article", "silos at midday", id="next-article"),
        pytest.param("topics", "Other Topics of Interest", id="topics"),
    ],
)
def test_noise_shows_its_sign(room: Newsroom, web: httpx.Client, name: str, sign: str) -> None:
    """What a noise is named after is on one of the first looks."""
    url = room.article_url("bridge-reopens")
    room.noise("bridge-reopens", name)
    assert any(sign in web.get(url).text for _ in range(4))


def test_stale_copy_is_the_version_before(room: Newsroom, web: httpx.Client) -> None:
    """Every third look of a cached page shows the toll of the stage before."""
    room.advance("terminal-explosion")
    room.noise("terminal-explosion", "stale-copy")
    url = room.article_url("terminal-explosion")
    assert [found[0] for _ in range(3) if (found := re.findall(r"kills \d+", web.get(url).text))] == [
        "kills 15",
        "kills 15",
        "kills 12",
    ]


def test_second_page_has_the_same_canonical(room: Newsroom, web: httpx.Client) -> None:
    """Both pages of a paginated article name one canonical URL and share no paragraph of the story."""
    room.noise("bridge-reopens", "pagination")
    url = room.article_url("bridge-reopens")
    one, two = (web.get(f"{url}?page={sheet}").text for sheet in (1, 2))
    assert f'<link rel="canonical" href="{url}">' in one
    assert f'<link rel="canonical" href="{url}">' in two
    assert "64 steel piles" in one
    assert "64 steel piles" not in two
    assert "since 1998" in two


def test_amp_copy_tells_the_same_story(room: Newsroom, web: httpx.Client) -> None:
    """The AMP page holds the paragraphs and points at the canonical page."""
    url = room.article_url("terminal-explosion")
    amp = web.get(url.replace("/city/", "/amp/city/")).text
    assert "killing 12 people and injuring 34" in amp
    assert f'<link rel="canonical" href="{url}">' in amp


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/robots.txt", 200, id="robots"),
        pytest.param("GET", "/", 200, id="front page"),
        pytest.param("GET", "/nowhere.html", 404, id="unknown"),
        pytest.param("POST", "/feed.xml", 405, id="post"),
        pytest.param("HEAD", "/feed.xml", 200, id="head"),
    ],
)
def test_other_paths(room: Newsroom, web: httpx.Client, method: str, path: str, status: int) -> None:
    """Everything else an outlet is asked gets the status that a real one gives."""
    assert status == web.request(method, room.origin("courier") + path).status_code


def test_stories_are_long_enough_and_begin_clean(room: Newsroom) -> None:
    """Each story has at least eight paragraphs and only names changes that a step makes."""
    assert sorted(room.stories) == SLUGS
    for story in room.stories.values():
        assert len(story.steps[0].copy.paragraphs) >= 8
        assert [step.at for step in story.steps] == sorted(step.at for step in story.steps)
        for step in story.steps:
            assert step.makes == "version" or not step.changes


def test_expected_values_stand_in_the_texts(room: Newsroom) -> None:
    """What a step says was before stood in the text before it, and what is after stands in it now; a quotation without
    the comma before its closing mark."""
    for story in room.stories.values():
        for last, step in zip(story.steps, story.steps[1:], strict=False):
            for change in step.changes:
                assert change.before is None or change.before in "\n".join(
                    (last.copy.headline, *last.copy.paragraphs)
                ).replace(",”", "”")
                shown = "\n".join((step.copy.headline, *step.copy.paragraphs, *step.copy.notices))
                assert change.after is None or change.after in shown.replace(",”", "”")


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        pytest.param('[[step]]\nat = 1\nedit = [{before = "nothing", after = "x"}]', "0 times", id="edit of nothing"),
        pytest.param('[[step]]\nat = 1\nedit = [{before = "a", after = "x"}]', "not once", id="ambiguous edit"),
        pytest.param('[[step]]\nat = 1\nnoises = ["hum"]', "no such noise: hum", id="unknown noise"),
    ],
)
def test_a_story_that_is_wrong_says_so(tmp_path: Path, written: str, complaint: str) -> None:
    """An edit that does not fit its text, or a noise nobody makes, names the file and the reason."""
    head = 'outlet = "wire"\nkind = "k"\nsection = "S"\nbyline = "B"\nminutes_old = 1\nheadline = "H a"\nparagraphs = ["a"]\n'
    (tmp_path / "bad.toml").write_text(head + written)
    with pytest.raises(ValueError, match=f"bad.toml: .*{complaint}"):
        load_stories(now(), tmp_path)
