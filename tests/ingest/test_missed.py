"""What extractors miss of an article, and what they take for it: told by the shape of the page, in any language."""

import pytest

from ingest.extraction.dom import paragraphs, parse
from ingest.extraction.gate import gate
from ingest.extraction.page import extract
from tests.pages.newspaper import HEADLINE, STORY, TEASERS, URL, page
from tests.pages.newspaper import paragraphs as plain_paragraphs

DECK = "Twelve people are dead after a blaze that neighbours heard before they saw it."
FIRST, REST = plain_paragraphs(STORY[:4]), plain_paragraphs(STORY[4:])
CARD = (
    '<span class="who"><a href="/p/tolvik">Maren Tolvik</a><span class="card"><img src="/t.jpg"><a href="/p/tolvik">'
    'Maren Tolvik</a><a href="/n/1">{}</a> <a href="/n/2">Wheat harvest falls</a></span></span>'
)


def lines(body: bytes) -> list[str]:
    """The article's lines."""
    return extract(body, URL).text.split("\n")


@pytest.mark.parametrize(
    ("below", "kept"),
    [
        pytest.param(f"<h2>{DECK}</h2>", [DECK], id="sentence"),
        pytest.param("<h2>Fire and rescue in the north of Norrey</h2>", [], id="label"),
        pytest.param(f'<h3><a href="/other">{DECK}</a></h3>', [], id="link"),
    ],
)
def test_the_deck_is_text(below: str, kept: list[str]) -> None:
    """A sentence marked up as a heading between headline and text, however far from the text."""
    title = f"<h1>{HEADLINE}</h1>"
    body = page().decode().replace(title, "").replace("<main>", f"<main><header>{title}{below}</header>")
    assert [*kept, *STORY] == lines(body.encode())


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        pytest.param("<h3>What the brigade found</h3>", "What the brigade found", id="heading"),
        pytest.param('<div class="fancy-sub">Who knew about the exit?</div>', "Who knew about the exit?", id="question"),
        pytest.param('<div class="fancy-sub">Пожежа в порту тривала всю ніч.</div>', "Пожежа в порту тривала всю ніч.", id="Ukrainian"),
        pytest.param('<figure>Photo by Rowena Pike for the Courier</figure>', "", id="credit"),
        pytest.param('<div class="rel"><a href="/x">Bridge opens nine years late</a></div>', "", id="link"),
    ],
)  # fmt: skip
def test_what_heads_paragraphs_is_text(head: str, kept: str) -> None:
    """In the very element in which the paragraphs stand, between them."""
    assert [*STORY[:4], *([kept] if kept else []), *STORY[4:]] == lines(page(f"{FIRST}{head}{REST}"))


def test_a_quoted_post_is_text() -> None:
    """Between paragraphs, its author included; a list of posts beside the article is none."""
    post = (
        '<p>We heard it from the far side of the harbour.</p>— Ilse Marne (@ilsemarne) <a href="/s/1">2 March 2026</a>'
    )
    quote = f'<div class="embed"><blockquote class="twitter-tweet">{post}</blockquote></div>'
    said = ["We heard it from the far side of the harbour.", "— Ilse Marne (@ilsemarne) 2 March 2026"]
    assert [*STORY[:4], *said, *STORY[4:]] == lines(page(f"{FIRST}{quote}{REST}"))
    assert list(STORY) == lines(page(aside=quote))


def _chunked(after: str) -> bytes:
    chunks = '<div class="chunks"><div class="grid"><div class="article-body">{}</div></div><div class="ad-slot"></div>{}</div>'
    return page(chunks.format(plain_paragraphs(STORY), after))


def test_an_article_in_chunks_is_whole() -> None:
    """Paragraphs of the same kind go on after an advertisement; less than three, or what has a headline, do not."""
    more = [f"{text} That was said on day {n} of the inquiry." for n, (_, text) in enumerate(TEASERS)]
    chunk = '<div class="grid"><div class="article-body">{}</div></div>'
    assert [*STORY, *more] == lines(_chunked(chunk.format(plain_paragraphs(more))))
    headed = f'<h2><a href="/next">{TEASERS[0][0]}</a></h2>{plain_paragraphs(more)}'
    assert set(more).isdisjoint(lines(_chunked(chunk.format(headed))))


def test_links_with_a_label_are_furniture() -> None:
    """In no language is a line a sentence of the article of which most is a link and which does not end as one."""
    for label in ("See more", "Читайте", "قراءة", "詳細"):
        assert list(STORY) == lines(page(f'{FIRST}<p>{label}: <a href="/x">{TEASERS[2][0]} of the year</a></p>{REST}'))
    own = "The full report is <a href='/r'>on the website of the harbour brigade in Port Almery</a>."
    assert any("full report" in line for line in lines(page(f"{FIRST}<p>{own}</p>{REST}")))


def test_links_with_a_label_do_not_open_the_gate() -> None:
    """What is stripped wherever it stands is not looked at."""
    bodies = [page(f'{FIRST}<p>See more: <a href="/x">{title} at length</a></p>{REST}') for title, _ in TEASERS]
    assert 1 == len({gate(body, URL) for body in bodies})


def test_cards_within_a_sentence_are_not_read() -> None:
    """A picture and links that a script shows beside a name turn with the news of the day; the sentence stands."""
    said = f"<p>It was {CARD.format(TEASERS[0][0])} who told the council on Monday evening.</p>"
    turned = said.replace(TEASERS[0][0], TEASERS[1][0])
    assert "It was Maren Tolvik who told the council on Monday evening." in lines(page(f"{FIRST}{said}{REST}"))
    assert gate(page(f"{FIRST}{said}{REST}"), URL) == gate(page(f"{FIRST}{turned}{REST}"), URL)


def test_a_picture_beside_links_alone_is_no_card() -> None:
    """What says something besides its links stays."""
    tree, _ = parse(f"<p><span><img src=x><a href=/1>One</a> and <a href=/2>two</a></span> of {HEADLINE}</p>")
    assert [f"One and two of {HEADLINE}"] == [each.text for each in paragraphs(tree)]
