"""Reading a page: what is kept, what is stripped and why, and what it says about itself."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from config.phrases import load
from ingest.dates import parse_date
from ingest.extraction.page import extract
from ingest.extraction.signals import is_notice, is_stamp, marker_of, notices_outside
from ingest.language import language_of
from ingest.model import Marker, Page
from ingest.phrases import phrases, spoken
from tests.pages.newspaper import HEADLINE, STORY, TEASERS, URL, page, paragraphs, with_teaser


def read(body: bytes) -> Page:
    return extract(body, URL)


def rules(found: Page) -> dict[str, str]:
    """Text → rule of what was stripped, without what the extractor left out."""
    return {block.text: block.rule for block in found.blocks if block.rule not in ("", "extractor")}


FURNITURE = {
    "Advertisement": "label",
    "ADVERTISEMENT": "label",
    "Read also: Island council sells seven ferries": "label",
    "READ MORE: Goalkeeper, 19, wins chess final": "label",
    "Related: Bridge opens nine years late": "label",
    "Sign up for our morning briefing": "phrase",
    "Follow us on Telegram": "label",
    "Share this article": "label",
    "To suggest a correction or clarification, write to us here. You can also highlight the text and press Ctrl + Enter": "phrase",
    "Please highlight any text and press Ctrl+Enter to report a mistake to our editors, and we will look into it within a day.": "phrase",
    "Читайте також: Рада продала сім поромів": "label",
    "Читайте также: Совет продал семь паромов": "label",
    "Lesen Sie auch: Rat verkauft sieben Fähren": "label",
    "Lire aussi : Le conseil vend sept ferries": "label",
    "Lea también: El consejo vende siete transbordadores": "label",
    "Якщо ви помітили помилку, виділіть її та натисніть Ctrl + Enter": "phrase",
    "3 min read": "counter",
    "12 comments": "counter",
    "vor 3 Stunden": "counter",
    "2 години тому": "counter",
}


@pytest.mark.parametrize("text", FURNITURE)
def test_furniture_is_stripped_and_says_why(text: str) -> None:
    """Each kind of furniture in mid-article is stripped by its rule, and nothing else is."""
    found = read(page([*STORY[:4], text, *STORY[4:]]))
    assert list(STORY) == found.text.split("\n")
    assert rules(found)[text] in (FURNITURE[text], "phrase", "label")


@pytest.mark.parametrize(
    "text",
    [
        "Advertisement spending fell by 12 percent in the first quarter, the agency said.",
        "Related costs rose to £3m, and follow-up work will take until June, the council said.",
        "Share prices in the harbour company lost 8 percent by noon.",
        "More than 40 people are missing, the brigade said.",
        "By Tuesday the water had fallen by two metres.",
        "More details will be known on Monday.",
        "Published figures show 12 fires in 2024.",
        "“Follow us,” the fireman shouted, and nine people did.",
        "Video footage shows the roof falling in at 22:04.",
    ],
)
def test_sentences_that_begin_like_furniture_are_kept(text: str) -> None:
    """A sentence of the story is no furniture because of its first word."""
    for at in (0, 4, len(STORY)):
        assert text in read(page([*STORY[:at], text, *STORY[at:]])).text.split("\n")


@pytest.mark.parametrize("at", [1, 4, len(STORY)])
def test_a_labelled_teaser_goes_with_its_headline_and_paragraph(at: int) -> None:
    """ "Other Topics of Interest" takes another article's headline and paragraph with it, in plain paragraphs."""
    found = read(page(with_teaser(at, 0, "Other Topics of Interest")))
    assert list(STORY) == found.text.split("\n")
    assert ["teaser"] * 3 == [rule for rule in rules(found).values() if rule == "teaser"]


def test_a_teaser_without_a_paragraph_takes_none() -> None:
    """Where only a headline follows the label, the story's next paragraph stays."""
    found = read(page([*STORY[:2], "Other Topics of Interest", TEASERS[0][0], *STORY[2:]]))
    assert list(STORY) == found.text.split("\n")


def test_captions_by_the_markup() -> None:
    """A caption is no paragraph of the story, and neither is its repetition."""
    caption = "The old granary on the quay of Port Almery, seen from the east"
    figure = f'<figure><img src="x.jpg"><figcaption>{caption}</figcaption></figure>'
    found = read(page(paragraphs(STORY[:2]) + figure + paragraphs([caption, *STORY[2:]])))
    assert list(STORY) == found.text.split("\n")


def test_headline_repeated_in_the_body() -> None:
    """The headline is not part of the text, wherever it is repeated."""
    assert list(STORY) == read(page([HEADLINE, *STORY])).text.split("\n")


def test_table_rows_are_paragraphs() -> None:
    """A table of figures keeps a row as one line."""
    table = "<table><tr><td>Dead</td><td>12</td></tr><tr><td>Injured</td><td>31</td></tr></table>"
    text = read(
        page(paragraphs(STORY) + table + paragraphs(["The brigade will report again at noon on Tuesday."]))
    ).text
    assert "Dead 12" in text.split("\n")


MARKERS: list[tuple[str, Marker]] = [
    ("This is a developing story. Please check back for updates.", "developing"),
    ("This is a breaking news story and will be updated.", "developing"),
    ("More to follow.", "developing"),
    ("Новина доповнюється.", "developing"),
    ("Новость дополняется…", "developing"),
    ("Dieser Artikel wird laufend aktualisiert.", "developing"),
    ("Noticia en desarrollo", "developing"),
    ("Cet article est en cours de mise à jour", "developing"),
    ("Live updates", "live"),
    ("This live page is now closed.", "removed"),
    ("The developing world needs more fire engines, the report says.", "none"),
    ("Police said more would follow on Tuesday about the developing field hospital.", "none"),
]


@pytest.mark.parametrize(("text", "marker"), MARKERS)
def test_markers(text: str, marker: Marker) -> None:
    """Marker lines are told from sentences, in several languages."""
    assert marker == marker_of(spoken(text))


def test_a_section_called_breaking_news_marks_nothing() -> None:
    """A menu's "Breaking News" is no marker; the same words within the article are."""
    assert "none" == read(page(aside="<h2>Breaking News</h2>")).marker
    assert "developing" == read(page(["BREAKING NEWS", *STORY])).marker


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("At least 12 people died when a fire swept through the old granary, the brigade said.", "en"),
        ("Щонайменше 12 людей загинули внаслідок пожежі у старому зерносховищі.", "uk"),
        ("Не менее 12 человек погибли при пожаре в старом зернохранилище, сообщили спасатели.", "ru"),
        ("Bei dem Brand in dem alten Speicher sind mindestens 12 Menschen ums Leben gekommen.", "de"),
        ("Au moins 12 personnes sont mortes dans l'incendie du vieux grenier, selon les pompiers.", "fr"),
        ("Al menos 12 personas murieron en el incendio del viejo granero, según los bomberos.", "es"),
        ("Co najmniej 12 osób zginęło w pożarze, do którego doszło w nocy na terenie spichlerza.", "pl"),
        ("12 34 56", ""),
    ],
)
def test_language_where_the_page_names_none(text: str, language: str) -> None:
    """Letters, then the commonest words tell the language of a text."""
    assert language == language_of(text)


def test_a_marker_is_a_signal_and_no_text() -> None:
    """The marker line sets the page's marker; its going changes no text."""
    marked = read(page(["This is a developing story.", *STORY]))
    assert ("developing", "none") == (marked.marker, read(page()).marker)
    assert read(page()).text == marked.text


NOTICES = [
    "Correction: An earlier version of this article misstated the year in which the granary was built.",
    "Editor's note: This story has been updated to reflect the new toll.",
    "This article was amended on 3 March 2026 to correct the name of the chief fire officer.",
    "Clarification (March 3): the inspection was carried out by the harbour board.",
    "(This story has been corrected to fix the number of injured in paragraph 4)",
    "Виправлення: у попередній версії цього тексту було вказано неправильний рік.",
    "Исправление: в предыдущей версии этого материала был указан неверный год.",
    "Korrektur: In einer früheren Version dieses Artikels stand ein falsches Jahr.",
    "Une version précédente de cet article donnait une date erronée.",
    "Fe de errores: en una versión anterior de este artículo se indicaba otro año.",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_notices_stay_in_the_text_and_are_told(notice: str) -> None:
    """A correction notice within the article is kept as text and told as a signal, in several languages."""
    found = read(page([*STORY, notice]))
    assert (notice,) == found.signals.notices
    assert notice in found.text.split("\n")
    assert () == notices_outside(found)


def test_a_notice_outside_of_the_text_is_told_too() -> None:
    """A notice in the sidebar is a signal although it is no text."""
    found = read(page(aside=f"<p>{NOTICES[0]}</p>"))
    assert (NOTICES[0],) == found.signals.notices == notices_outside(found)


@pytest.mark.parametrize(
    "text",
    [
        "To suggest a correction or clarification, write to us here.",
        "The prison's correction officers were on strike for 12 days in March.",
        "Corrections and clarifications",
    ],
)
def test_what_is_no_notice(text: str) -> None:
    """The invitation to suggest a correction is none."""
    assert not is_notice(spoken(text))


@pytest.mark.parametrize(
    "text", ["Updated 3:28 PM ET, Mon March 2, 2026", "Last updated on 2 March 2026 at 11:42", "Оновлено: 2 березня, 11:42",
             "Обновлено в 11:42", "Aktualisiert am 2.3.2026, 11:42", "Mis à jour le 2 mars 2026 à 11h42", "Actualizado el 2 de marzo de 2026, 11:42"],
)  # fmt: skip
def test_stamps(text: str) -> None:
    """An "updated" stamp is a signal wherever it stands, and no text."""
    found = read(page(above=f"<div class=meta><span>{text}</span></div>"))
    assert is_stamp(spoken(text))
    assert (text, list(STORY)) == (found.signals.stamp, found.text.split("\n"))


def linked(**fields: Any) -> str:
    """JSON-LD in a head."""
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **fields})}</script>'


def test_metadata() -> None:
    """JSON-LD gives byline and dates, in UTC."""
    head = linked(**{"@graph": [{"@type": "NewsArticle", "headline": HEADLINE, "author": [{"name": "Ana Ruhl"}, {"name": "Jo Pike"}],
                                 "datePublished": "2026-03-02T07:10:00+01:00", "dateModified": "2026-03-02T08:00:00Z"}]})  # fmt: skip
    found = read(page(head=head))
    assert ("Ana Ruhl, Jo Pike", "en", URL) == (found.byline, found.language, found.canonical)
    assert datetime(2026, 3, 2, 6, 10, tzinfo=UTC) == found.published
    assert datetime(2026, 3, 2, 8, 0, tzinfo=UTC) == found.modified


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-03-02T06:10:00Z", datetime(2026, 3, 2, 6, 10, tzinfo=UTC)),
        ("2026-03-02T06:10:00+0100", datetime(2026, 3, 2, 5, 10, tzinfo=UTC)),
        ("2026-03-02 06:10", datetime(2026, 3, 2, 6, 10, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 06:10:00 GMT", datetime(2026, 3, 2, 6, 10, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59+14:00", None),
        ("yesterday", None),
        (7, None),
    ],
)
def test_dates(written: object, expected: datetime | None) -> None:
    """Dates of many shapes, without a zone in UTC; nonsense is none."""
    assert expected == parse_date(written)


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        pytest.param("https://www.courier.example/a", "https://www.courier.example/a", id="same site with www"),
        pytest.param("/2026/fire#top", "https://courier.example/2026/fire", id="relative, fragment dropped"),
        pytest.param("https://evil.example/a", "", id="another site"),
        pytest.param("https://courier.example/", "", id="the front page"),
        pytest.param("javascript:alert(1)", "", id="no address"),
        pytest.param("http://[", "", id="broken"),
    ],
)
def test_canonical_on_the_same_site_only(canonical: str, expected: str) -> None:
    """A page may name another address of its own site, never another site or the front page."""
    body = page().replace(f'href="{URL}"'.encode(), f'href="{canonical}"'.encode())
    assert expected == read(body).canonical


def test_a_live_blog_is_its_updates() -> None:
    """The posts of a live blog are the text, each at the path of its own address."""
    posts = [
        {"@type": "BlogPosting", "url": f"{URL}#{n}", "headline": f"Post {n}", "articleBody": text}
        for n, text in enumerate(STORY)
    ]
    found = read(
        page(STORY[:2], head=linked(**{"@type": "LiveBlogPosting", "headline": HEADLINE, "liveBlogUpdate": posts}))
    )
    assert "live" == found.marker
    assert [f"Post {n}. {text}" for n, text in enumerate(STORY)] == found.text.split("\n")
    assert f"update:{URL}#3" == [block.path for block in found.blocks if block.kept][3]


def test_phrase_lists_compile_and_hints_are_words_of_their_patterns() -> None:
    """Every kind compiles, and a pattern that may match anywhere has a hint that lets it be tried."""
    for kind in ("anywhere", "edges", "tails", "developing", "live", "ended", "notices", "stamps"):
        phrases(kind)
        hints = load().get(f"{kind}_hints", ())
        for pattern in load()[kind]:
            assert pattern.startswith("^") or any(hint in pattern.replace("\\b", "") for hint in hints) or not hints, (
                pattern
            )
