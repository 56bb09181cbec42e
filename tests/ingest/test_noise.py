"""Fifteen kinds of noise: what changes on a page at every fetch while its article stands still."""

import pytest

from tests.pages.newspaper import HEADLINE, STORY, TEASERS, Reader, outcomes, page, paragraphs, with_teaser


def _typography(text: str) -> str:
    return (
        text.replace("“", '"')
        .replace("”", '"')
        .replace("'", "’")
        .replace(" of ", "\u00a0of ")
        .replace("brigade", "bri\u00adgade")
    )


def _menu(number: int) -> str:
    names = [title for title, _ in TEASERS][number:] + [title for title, _ in TEASERS][:number]
    return "<h3>Most read</h3><ul>" + "".join(f'<li><a href="/{n}">{n}</a></li>' for n in names) + "</ul>"


NOISE = {
    "counters": lambda n: page(
        above=f"<p>{n + 3} minutes ago</p><p>{1200 + 7 * n} views</p>", below=f"<p>{n} comments</p>"
    ),
    "rotating-lists": lambda n: page(aside=_menu(n), below=_menu(n + 1)),
    "comments-appended": lambda n: page(
        below='<section class="comments">'
        + paragraphs(f"Reader {i}: what a terrible night that was, {i} of my friends live there." for i in range(n))
        + "</section>"
    ),
    "date-and-tickers": lambda n: page(
        paragraphs([*STORY[:3], f"Courier 100 {7411 + n * 13}.{n}% Crown 1.{20 + n} Oil 8{n}.5", *STORY[3:]]),
        above=f"<p>Monday {2 + n} March 2026</p>",
    ),
    "template-redesign": lambda n: page(wrapper=f"content-{n} prose", aside="" if n % 2 else _menu(2)),
    "typographic-rewrite": lambda n: page([_typography(text) for text in STORY] if n % 2 else STORY),
    "encoded-twice": lambda n: page().decode().encode().decode("latin-1").encode() if n % 2 else page(),
    "promo-in-mid-body": lambda n: page(
        [
            *STORY[:4],
            *(["Sign up for our newsletter and get the Courier delivered to your inbox."] if n % 2 else []),
            *STORY[4:],
        ]
    ),
    "donation-in-mid-body": lambda n: page(
        [*STORY[:4], f"Support our journalism: {n + 40} of 1,000 readers have given this week.", *STORY[4:]]
    ),
    "session-ids": lambda n: page(
        paragraphs(STORY).replace("<p>", f'<p data-id="{n}f3" id="p-{n}">'), head=f"<meta name=nonce content=n{n}>"
    ),
    "modified-bumped": lambda n: page(head=f'<meta property="article:modified_time" content="2026-03-02T0{n}:00:00Z">'),
    "next-article-appended": lambda n: page(
        below=f'<article><h2><a href="/x{n}">{TEASERS[n][0]}</a></h2>{paragraphs([TEASERS[n][1]] * 3)}</article>'
    ),
    "teaser-with-label": lambda n: page(with_teaser(4, n, "Other Topics of Interest")),
    "teaser-without-label": lambda n: page(with_teaser(4, n)),
    "teaser-first": lambda n: page(with_teaser(1, n)),
    "teaser-last": lambda n: page(with_teaser(len(STORY), n)),
    "relative-time-stamp": lambda n: page(above=f"<p>Updated {n + 1} hours ago</p>"),
}


@pytest.mark.parametrize("kind", NOISE)
def test_noise_makes_no_version(kind: str) -> None:
    """Noise of each kind, look after look, is no version; at most it is looked at once more."""
    seen = outcomes(NOISE[kind](number) for number in range(6))

    assert "changed" not in seen
    assert "same" == seen[-1]


@pytest.mark.parametrize("kind", NOISE)
def test_an_edit_is_seen_through_noise(kind: str) -> None:
    """Under each kind of noise a toll that rises is believed on the look that shows it."""
    reader = Reader()
    for number in range(4):
        reader.look(NOISE[kind](number))

    edited = NOISE[kind](4).replace(b"At least 12 people died", b"At least 15 people died")
    assert "changed" == reader.look(edited)
    assert "At least 15 people died" in reader.text
    assert not any(text in reader.judgements[-1].text_after for pair in TEASERS for text in pair)


def test_case_63_rotating_ads_counters_and_related_links() -> None:
    """The same article with rotating ads, "N minutes ago", view counts and reordered links: no version."""
    looks = (
        page(
            [*STORY[:2], "Advertisement", *STORY[2:5], f"Read also: {TEASERS[n][0]}", *STORY[5:]],
            above=f"<p>{n} minutes ago</p><p>{n * 90 + 11} views</p>",
            below=f"<ul>{''.join(f'<li><a href=/{k}>{TEASERS[(k * n) % 6][0]}</a></li>' for k in range(5))}</ul>",
        )
        for n in range(1, 6)
    )
    assert {"same"} == set(outcomes(looks))


def test_case_64_a_collapsed_text_is_looked_at_twice_more() -> None:
    """Less than half of the words is unsure: seen once or twice it is no version, and the old text returning is none."""
    short = page(STORY[:2])
    assert ["wait", "wait", "same"] == outcomes([page(), short, short, page()])
    assert ["wait", "wait", "changed"] == outcomes([page(), short, short, short])


def test_case_65_a_headline_is_believed_when_two_looks_show_it() -> None:
    """An A/B-tested headline and a stale copy are confirmed first."""
    other = page(headline="Fire in Port Almery granary kills 12")
    assert ["wait", "same"] == outcomes([page(), other, page()])
    assert ["wait", "changed"] == outcomes([page(), other, other])


def test_pagination_under_one_address() -> None:
    """The second page of a paginated article is not a new text of the first."""
    first = page([*STORY[:5], "Page 1 of 2"])
    second = page([*STORY[5:], "Page 2 of 2"])
    assert ["same", "same"] == outcomes([first, second, first])


def test_a_page_that_is_another_one_is_not_believed_at_once() -> None:
    """A text with hardly a word of the old one waits, however well it reads."""
    assert ["wait", "same"] == outcomes([page(), page([text for _, text in TEASERS]), page()])


def test_headline_constant() -> None:
    """The headline is found and is no part of the text."""
    reader = Reader()
    reader.look(page())
    assert HEADLINE == reader.headline
    assert HEADLINE not in reader.text.split("\n")
    assert list(STORY) == reader.text.split("\n")
