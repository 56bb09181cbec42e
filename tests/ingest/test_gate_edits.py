"""No edit passes the re-fetch gate unseen: pages are edited wherever they hold text, and what is read then is compared.

An edit is a number, a word, a sentence, a paragraph or an entity, in the body, in the head, in an attribute or in
JSON-LD. Whatever of it changes the article's text, its headline or its signals must change the gate as well."""

import gzip
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.extraction.gate import gate
from ingest.extraction.page import extract, extract_if_changed
from ingest.model import Page
from tests.pages.foreign import foreign
from tests.pages.newspaper import HEADLINE, STORY, URL, page, paragraphs

_PLACE = re.compile(r'(?<=>)[^<>]{1,2000}(?=<)|(?<=content=")[^"<>]{4,500}(?=")|(?<=title=")[^"<>]{4,500}(?=")')
_LAYOUTS = Path(__file__).parents[1] / "pages/layouts"


def places(markup: str) -> list[re.Match[str]]:
    """Where a page holds words: between tags, scripts included, and in attributes that carry text."""
    return [found for found in _PLACE.finditer(markup) if re.search(r"\w", found[0])]


def _number(text: str, draw: random.Random) -> str:
    found = list(re.finditer(r"\d+", text))
    if not found:
        return _word(text, draw)
    one = draw.choice(found)
    return text[: one.start()] + str(draw.randint(100, 999)) + text[one.end() :]


def _word(text: str, draw: random.Random) -> str:
    found = list(re.finditer(r"(?<![&#\w])\w+(?![\w;])", text))
    if not found:
        return text + " Quillon"
    one = draw.choice(found)
    return text[: one.start()] + draw.choice(("Quillon", "not", "7", "")) + text[one.end() :]


def _sentence(text: str, draw: random.Random) -> str:
    return draw.choice((f"{text} Another 4 people are missing.", f"No one was hurt. {text}"))


def _paragraph(text: str, draw: random.Random) -> str:
    more = "A third fire engine came from Lisbrook at midnight, the brigade said."
    return draw.choice((f"{text}</p><p>{more}", f"{more}</p><p>{text}", ""))


def _entity(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text))
    return f"{text[:at]}&#{draw.choice((49, 50, 945))};{text[at:]}"


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "number": _number, "word": _word, "sentence": _sentence, "paragraph": _paragraph, "entity": _entity,
}  # fmt: skip

JSON_LD = json.dumps(
    {"@type": "NewsArticle", "headline": HEADLINE, "articleBody": " ".join(STORY), "author": {"name": "Rowena Pike"}}
)
POSTS = [{"@type": "BlogPosting", "url": f"/a#{n}", "articleBody": text} for n, text in enumerate(STORY)]
LIVE = json.dumps({"@type": "LiveBlogPosting", "headline": HEADLINE, "liveBlogUpdate": POSTS})
FIGURE = '<figure><img src="/a.jpg" alt="Smoke over the quay on Sunday" title="Smoke over the quay"><figcaption>{}</figcaption></figure>'
PAGES: dict[str, str] = {
    "newspaper": page(above=f"<h2>{STORY[6]}</h2>").decode(),
    "json-ld": page(head=f'<script type="application/ld+json">{JSON_LD}</script>').decode(),
    "live blog": page(head=f'<script type="application/ld+json">{LIVE}</script>').decode(),
    "og": page(head=f'<meta property="og:title" content="{HEADLINE}">').decode().replace(f"<h1>{HEADLINE}</h1>", ""),
    "figures": page(
        paragraphs(STORY[:3])
        + FIGURE.format("Smoke over the quay. " * 30)
        + FIGURE.format("The granary in 2011.")
        + paragraphs(STORY[3:])
    ).decode(),
    "quotes": page(
        paragraphs(STORY[:4])
        + f"<blockquote><p>{STORY[2]}</p>— Maren Tolvik (@tolvik)</blockquote>"
        + paragraphs(STORY[4:]),
        below="<p>Correction: an earlier version of this article gave a wrong year.</p>",
        above="<p>Updated at 11:42 on 2 March</p><p>This is a developing story.</p>",
    ).decode(),
    "table": page(
        paragraphs(STORY[:5]) + "<table><tr><td>Dead</td><td>12</td></tr><tr><td>Hurt</td><td>31</td></tr></table>"
    ).decode(),
    **{path.stem: path.read_text("utf-8") for path in sorted(_LAYOUTS.glob("*.html"))},
}


def told(read: Page) -> tuple[object, ...]:
    """What a version would hold."""
    return read.text, read.headline, read.canonical, read.marker, read.signals, read.published, read.modified


BEFORE = {name: extract(markup.encode(), URL) for name, markup in PAGES.items()}


@example(name="plain-teaser", kind="paragraph", seed=29370).via("a teaser without its headline introduces nothing")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(sorted(PAGES)), kind=st.sampled_from(sorted(EDITS)), seed=st.integers(0, 2**20))
def test_what_changes_the_article_changes_the_gate(name: str, kind: str, seed: int) -> None:
    """Anywhere on a page, of any kind: read again, unless nothing that would be kept is another."""
    draw = random.Random(seed)
    markup, before = PAGES[name], BEFORE[name]
    place = draw.choice(places(markup))
    edited = markup[: place.start()] + EDITS[kind](place[0], draw) + markup[place.end() :]
    after = extract(edited.encode(), URL)
    assert told(after) == told(before) or after != before != extract_if_changed(edited.encode(), URL, before.gate)
    if told(after) != told(before) and before.gate:
        assert gate(edited.encode(), URL) != before.gate, (kind, place[0][:80])


def test_most_pages_have_a_gate() -> None:
    """The test above would prove nothing on pages that are always read; of these only the live blog is."""
    assert ["live blog"] == [name for name, read in BEFORE.items() if not read.gate]


def test_every_place_of_the_text_is_edited() -> None:
    """Each kept paragraph of each page, one figure or word more: the gate opens."""
    for name, before in BEFORE.items():
        for block in before.blocks if before.gate else ():
            if not block.kept or block.text not in PAGES[name]:
                continue  # written with entities or markup inside
            edited = PAGES[name].replace(block.text, f"{block.text} 7", 1)
            assert gate(edited.encode(), URL) != before.gate or told(extract(edited.encode(), URL)) == told(before)


def test_a_title_for_machines_alone_is_no_edit() -> None:
    """Where a visible headline agrees with what the head claims, the visible one counts: papers give search engines and
    social media titles of their own and try several."""
    head = '<meta property="og:title" content="Granary fire in Port Almery: {}">'
    before, after = (page(head=head.format(each)) for each in ("what we know", "12 dead, 31 hurt"))
    assert HEADLINE == extract(after, URL).headline
    assert extract(before, URL).gate == gate(after, URL)


def test_no_edit_of_a_real_page_passes_unseen() -> None:
    """Real pages, edited all over: where the text or the headline that is read differs, so does the gate."""
    folder = foreign("pages/single")
    draw = random.Random(4)
    seen = 0
    for file in sorted(folder.glob("*.html.gz"))[::5]:
        markup = gzip.decompress(file.read_bytes()).decode("utf-8", "replace")
        before = extract(markup.encode(), URL)
        places = [place for place in _PLACE.finditer(markup) if len(place[0]) < 2_000]
        kept = [
            place for place in places if any(place[0].strip() in block.text for block in before.blocks if block.kept)
        ]
        for place in draw.sample(places, min(2, len(places))) + draw.sample(kept, min(6, len(kept))):
            kind = draw.choice(sorted(EDITS))
            edited = (markup[: place.start()] + EDITS[kind](place[0], draw) + markup[place.end() :]).encode()
            after = extract(edited, URL)
            if before.gate and (before.text, before.headline) != (after.text, after.headline):
                seen += 1
                assert gate(edited, URL) != before.gate, (file.name, kind, place[0][:80])
    assert seen >= 25


@pytest.mark.parametrize("written", ["&#49;2", "&#x31;2", "1&#50;", "１２"])
def test_an_edit_written_otherwise_is_an_edit(written: str) -> None:
    """A figure is told however it is written: 12 as references is 12, and in place of 15 another figure."""
    before = extract(page([STORY[0].replace("12", "15"), *STORY[1:]]), URL)
    assert gate(page().replace(b"At least 12", f"At least {written}".encode()), URL) != before.gate
