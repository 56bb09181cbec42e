"""The re-fetch gate: it opens for every edit of the text, and stays shut for most noise."""

import json

import pytest

from ingest.extraction.gate import gate
from ingest.extraction.page import extract, extract_if_changed
from tests.pages.newspaper import HEADLINE, STORY, TEASERS, URL, page


def test_equal_pages_need_no_extraction() -> None:
    """The gate of a body equals that of the page extracted from it."""
    assert gate(page(), URL) == extract(page(), URL).gate != ""


def test_an_unchanged_page_is_not_read_again() -> None:
    """Reading again with the gate of the last reading gives nothing where nothing changed, and the page where it did."""
    known = extract(page(), URL).gate
    assert extract_if_changed(page(above="<p>3 minutes ago</p>"), URL, known) is None
    assert extract_if_changed(page(), URL, "") == extract(page(), URL)
    edited = page([*STORY[:-1], "An inquiry will open on 11 March."])
    assert extract_if_changed(edited, URL, known) == extract(edited, URL)


@pytest.mark.parametrize(
    "noisy",
    [
        pytest.param(page(above="<p>3 minutes ago</p>"), id="counter"),
        pytest.param(page(aside=f"<h3>Most read</h3><a href=/x>{TEASERS[0][0]}</a>"), id="linked headlines"),
        pytest.param(page(head='<meta name="nonce" content="8f3">'), id="nonce"),
        pytest.param(page(head='<script nonce="8f3">var visitors = 4711;</script>'), id="script"),
        pytest.param(page(head='<meta property="og:image" content="https://courier.example/77.jpg">'), id="picture"),
        pytest.param(page(wrapper="content-77"), id="class names"),
    ],
)
def test_noise_does_not_open_it(noisy: bytes) -> None:
    """Counters, linked headlines, nonces and class names leave the fingerprint as it was."""
    assert gate(page(), URL) == gate(noisy, URL)


@pytest.mark.parametrize("at", range(len(STORY)))
def test_an_edit_opens_it(at: int) -> None:
    """A digit, a word, a paragraph more or less, anywhere in the text: another fingerprint."""
    edits = [
        [*STORY[:at], STORY[at].replace(" ", " not ", 1), *STORY[at + 1 :]],
        [*STORY[:at], STORY[at] + " It was 7.", *STORY[at + 1 :]],
        [*STORY[:at], *STORY[at + 1 :]],
        [*STORY[:at], "Three words more.", *STORY[at:]],
    ]
    assert gate(page(), URL) not in {gate(page(texts), URL) for texts in edits}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(page(headline="Granary fire in Port Almery leaves 15 dead"), id="headline"),
        pytest.param(page(above="<p>Updated at 11:42 on 2 March</p>"), id="stamp"),
        pytest.param(
            page(below="<p>Correction: an earlier version of this article gave a wrong year.</p>"), id="notice"
        ),
        pytest.param(page(above="<p>This is a developing story.</p>"), id="marker"),
    ],
)
def test_signals_open_it(changed: bytes) -> None:
    """What is told besides the text opens the gate as well."""
    assert gate(page(), URL) != gate(changed, URL)


def titled(headline: str) -> str:
    """A page whose headline stands in its head only."""
    return page().decode().replace(f"<h1>{HEADLINE}</h1>", "").replace(f"<title>{HEADLINE}", f"<title>{headline}")


PAID = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": %s}</script>'
STAMP = '<meta property="article:modified_time" content="2026-03-02T%s:00Z">'
HEADS = {
    "title": (titled("Granary fire kills 12"), titled("Granary fire kills 15")),
    "og:title": tuple(
        titled("").replace("<head>", f'<head><meta property="og:title" content="Fire kills {dead}">')
        for dead in (12, 15)
    ),
    "JSON-LD": tuple(
        titled("").replace(
            "<head>",
            f'<head><script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Fire kills {dead}"}}</script>',
        )
        for dead in (12, 15)
    ),
    "modified": (page(head=STAMP % "09:00").decode(), page(head=STAMP % "09:01").decode()),
    "modified added": (page().decode(), page(head=STAMP % "09:00").decode()),
    "published": (page().decode(), page().decode().replace("T06:10", "T07:10")),
    "canonical": (page().decode(), page().decode().replace(f'href="{URL}"', f'href="{URL}-2"')),
    "paywall": (page(head=PAID % "true").decode(), page(head=PAID % "false").decode()),
}


@pytest.mark.parametrize("changed", HEADS)
def test_what_only_the_head_says_opens_it(changed: str) -> None:
    """A headline, a date, an address or a paywall that stands in metadata alone: the page is read again, once."""
    before, after = (each.encode() for each in HEADS[changed])
    known = extract(before, URL).gate
    assert before != after
    assert known == gate(before, URL) != ""
    assert extract(after, URL) == extract_if_changed(after, URL, known)
    assert extract_if_changed(after, URL, extract(after, URL).gate) is None


def test_a_live_blog_is_always_read() -> None:
    """Where the text is not in the paragraphs, the gate equals nothing."""
    posts = {"@type": "LiveBlogPosting", "liveBlogUpdate": [{"url": "/a#1", "articleBody": STORY[0]}]}
    body = page(head=f'<script type="application/ld+json">{json.dumps(posts)}</script>')
    assert "" == gate(body, URL)
    assert "" == extract(body, URL).gate
