"""Hostile pages: text is kept, or there is a reason; the same bytes always give the same text."""

import json

import pytest

from ingest.extraction.decode import decode
from ingest.extraction.gate import gate
from ingest.extraction.page import extract
from ingest.model import Page
from tests.pages.foreign import foreign
from tests.pages.newspaper import HEADLINE, STORY, URL, outcomes, page, paragraphs


def read(body: bytes, content_type: str = "") -> Page:
    return extract(body, URL, content_type=content_type)


@pytest.mark.parametrize(
    "name", ["zlib", "bz2", "idna", "undefined", "hex", "rot13", "UTF-8\0", "unicode_escape", "mbcs", "utf-7"]
)
def test_case_36_codecs_that_are_no_charsets(name: str) -> None:
    """Whatever a header or a page calls its charset, the text is decoded and nothing falls over."""
    body = page().replace(b'charset="utf-8"', f'charset="{name}"'.encode())
    assert list(STORY) == read(body, f"text/html; charset={name}").text.split("\n")


RUSSIAN = "Пожар в порту: не менее 12 погибших, сообщили спасатели в понедельник."
GERMAN = "Feuer im Hafen: 12 Tote, wie die Feuerwehr über Nacht mitteilte, heißt es."


@pytest.mark.parametrize(
    ("codec", "declared", "language", "words"),
    [
        pytest.param("cp1251", "windows-1251", "ru", RUSSIAN, id="declared"),
        pytest.param("koi8-u", "koi8-u", "ru", RUSSIAN, id="koi8"),
        pytest.param("cp1251", "utf-8", "ru", RUSSIAN, id="declared wrongly"),
        pytest.param("cp1252", "utf-8", "de", GERMAN, id="Latin, declared wrongly"),
        pytest.param("cp1251", "", "", RUSSIAN, id="not declared, no language"),
        pytest.param("utf-16-le", "", "ru", RUSSIAN, id="UTF-16 without a BOM"),
        pytest.param("utf-16-be", "", "ru", RUSSIAN, id="UTF-16BE without a BOM"),
        pytest.param("utf-8", "windows-1251", "ru", RUSSIAN, id="UTF-8 declared wrongly"),
    ],
)
def test_case_37_the_same_bytes_always_give_the_same_text(codec: str, declared: str, language: str, words: str) -> None:
    """Declared, undeclared or wrongly declared: the same text on each fetch, and the right one."""
    body = page([words] * 6).decode().replace('<meta charset="utf-8">', f'<meta charset="{declared}">')
    body = body.replace('lang="en"', f'lang="{language}"').replace("© ", "").replace("|", "-")
    texts = {decode(body.encode(codec)) for _ in range(3)}
    assert 1 == len(texts)
    assert words in texts.pop()


WALLS = {
    "blocked": "<title>Just a moment...</title><h1>courier.example</h1><p>Verify you are human by completing the action below.</p>"
    "<p>courier.example needs to review the security of your connection before proceeding.</p><p>Ray ID: 8f2a</p>",
    "consent": "<title>Courier</title><h1>We value your privacy</h1><p>We and our 842 partners store and/or access information on a device.</p>"
    "<button>Accept all</button><p>Manage cookies or reject all cookies at any time.</p>",
    "paywall": f"<title>{HEADLINE}</title><h1>{HEADLINE}</h1><p>{STORY[0]}</p><p>Subscribe to continue reading.</p><p>Already a subscriber? Sign in.</p>",
    "not-an-article": "<title>Page not found</title><h1>404</h1><p>The page you requested cannot be found, sorry about that.</p>",
}


@pytest.mark.parametrize("verdict", WALLS)
def test_case_41_walls_with_status_200(verdict: str) -> None:
    """A bot check, a consent page, a paywall and an error page that come with 200 are recognised as such."""
    assert verdict == read(f"<html><head></head><body>{WALLS[verdict]}</body></html>".encode()).verdict


def test_case_41_an_article_about_cookies_is_an_article() -> None:
    """An article may speak of captchas, cookies and subscriptions as much as it likes."""
    about = ["We value your privacy, says the banner that 400 million people dismiss each day.",
             "Regulators fined the firm because “accept all cookies” was easier than to reject all cookies.",
             "Some sites ask readers to verify you are human, others to subscribe to continue reading."]  # fmt: skip
    assert "article" == read(page([*about, *STORY])).verdict


@pytest.mark.parametrize("depth", [300, 2_000, 100_000])
@pytest.mark.parametrize("where", ["before", "inside"])
def test_case_57_unclosed_tags(depth: int, where: str) -> None:
    """Very many unclosed tags before or inside of the article: the whole text, or no text at all."""
    junk = "<div>" * depth
    body = page().replace(b"<main>", junk.encode() + b"<main>") if where == "before" else page(junk + paragraphs(STORY))
    found = read(body)
    assert (
        list(STORY) == found.text.split("\n")
        if found.verdict == "article"
        else found.verdict in ("truncated", "empty", "not-an-article")
    )


@pytest.mark.parametrize(
    "inside",
    ["<p>{}</p>", "<!--{}-->", "<script>{}</script>", '<p title="{}">x</p>'],
    ids=["text", "comment", "script", "attribute"],
)
def test_case_58_more_than_ten_megabytes(inside: str) -> None:
    """More than ten million characters are refused before they are parsed."""
    found = read(page() + inside.format("a" * 10_500_000).encode())
    assert ("truncated", "") == (found.verdict, found.text)


@pytest.mark.parametrize("reference", ["&#8;", "&#11;", "&#x1B;", "&#xFFFE;", "&#xD800;", "&#0;", "&#x110000;"])
def test_case_59_illegal_references(reference: str) -> None:
    """A reference to a character that XML forbids costs that character, not the page."""
    body = page([STORY[0] + reference, *STORY[1:]]).replace(f"&amp;{reference[1:]}".encode(), reference.encode())
    assert list(STORY) == read(body).text.split("\n")


@pytest.mark.parametrize(
    "letter", ["\x00", "\x1b", "\u202e", "\u200b", "\u2028", "\ufeff", "\x85", "\ufffe"], ids=ascii
)
def test_case_60_steering_characters(letter: str) -> None:
    """Whatever letters a page holds, its text can be stored everywhere, has one line a paragraph, and is the same
    text as without them wherever they are invisible."""
    found = read(page([STORY[0].replace(" died", f"{letter} died"), *STORY[1:]]))
    found.text.encode("utf-8")
    assert "\x00" not in found.text
    assert len(STORY) == len(found.text.split("\n"))
    if letter not in ("\u2028", "\x85"):
        assert ["same"] == outcomes([page(), page([STORY[0].replace(" died", f"{letter} died"), *STORY[1:]])])


@pytest.mark.parametrize(
    "script",
    ['{"@type": "NewsArticle", "headline": "\\ud800 Fire"}', "[" * 100_000, '{"@type": "NewsArticle", "wordCount": NaN}',
     '{"x": "' + "a" * 5_000_000 + '"}', "{not json", '{"@type": ["NewsArticle", 7], "author": {"name": 3}}', "[null, 1, []]"],
    ids=["surrogate", "deep", "NaN", "5 MB", "broken", "odd types", "odd values"],
)  # fmt: skip
def test_case_66_hostile_linked_data(script: str) -> None:
    """JSON-LD that is broken, deep or huge is left aside; the article stands."""
    found = read(page(head=f'<script type="application/ld+json">{script}</script>'))
    assert HEADLINE == found.headline
    assert list(STORY) == found.text.split("\n")
    json.dumps([found.byline, found.headline]).encode("utf-8")


def test_case_67_naughty_strings() -> None:
    """Every naughty string as title, author and paragraph: the page is read, twice the same, and can be stored."""
    lines = foreign("naughty_strings.txt").read_text("utf-8").split("\n")
    for line in [line for line in lines if line and not line.startswith("#")]:
        quoted = line.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        body = page([*STORY[:4], line, *STORY[4:]], headline=line, head=f'<meta name="author" content="{quoted}">')
        found = read(body)
        f"{found.headline}{found.byline}{found.text}".encode()
        assert found == read(body)
        assert all(text in found.text for text in STORY)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<p>" + "</p><p>".join([*STORY] * 2_000) + "</p>", id="5 MB"),
        pytest.param(" ".join(STORY), id="one line without <p>"),
        pytest.param("<br><br>".join(STORY), id="line breaks"),
        pytest.param("<table>" + "".join(f"<tr><td>{text}</td></tr>" for text in STORY) + "</table>", id="a table"),
        pytest.param("<div>" * 2_000 + paragraphs(STORY) + "</div>" * 2_000, id="2,000 nested tags"),
    ],
)
def test_odd_bodies(body: str) -> None:
    """Pages of five megabytes, of one line, without paragraphs, of tables and of nested tags: every sentence."""
    found = read(page(body.replace("’", "'")))
    assert all(text.replace("’", "'") in found.text for text in STORY) or found.verdict != "article"


def test_right_to_left_text() -> None:
    """Other scripts and right-to-left text are kept letter by letter."""
    arabic = "لقي ما لا يقل عن 12 شخصا مصرعهم في حريق اندلع في مخزن الحبوب القديم في الميناء مساء الأحد، حسبما قالت فرقة الإطفاء."
    assert [arabic] * 5 == read(page([arabic] * 5)).text.split("\n")


SCRIPTS = {
    "zh": "周日深夜，阿尔默里港的旧粮仓发生火灾，造成至少12人死亡，港口消防队在一份声明中表示。",
    "ja": "日曜日の深夜、アルメリ港の古い穀物倉庫で火災が発生し、少なくとも12人が死亡したと港湾消防隊が発表した。",
    "th": "เกิดเหตุเพลิงไหม้โกดังเก่าในท่าเรืออัลเมรีเมื่อคืนวันอาทิตย์ มีผู้เสียชีวิตอย่างน้อย 12 คน",
    "hi": "रविवार देर रात अल्मेरी बंदरगाह के पुराने गोदाम में आग लगने से कम से कम 12 लोगों की मौत हो गई, दमकल विभाग ने कहा।",
    "ka": "კვირას გვიან ღამით ალმერის პორტის ძველ ბეღელში ხანძარს სულ მცირე 12 ადამიანი ემსხვერპლა.",
    "he": "לפחות 12 בני אדם נהרגו בשריפה שפרצה במחסן התבואה הישן בנמל אלמרי ביום ראשון בלילה, מסרו הכבאים.",
}


@pytest.mark.parametrize("language", SCRIPTS)
def test_other_scripts(language: str) -> None:
    """A short article is one in scripts without spaces too; its figures are told and open the gate."""
    texts = [f"{SCRIPTS[language]} ({n})" for n in range(4)]
    before, after = read(page(texts)), read(page([texts[0].replace("12", "15"), *texts[1:]]))
    assert ("article", texts) == (before.verdict, before.text.split("\n"))
    assert before.gate != after.gate
    assert "15" in after.text


@pytest.mark.parametrize("body", [b"", b" \n ", b"\x00" * 99, b"<", b"%PDF-1.7 \xff\xfe", b"\x1f\x8b\x08"])
def test_bodies_that_are_no_page(body: bytes) -> None:
    """What is no page has a verdict, no text and no gate that could equal another's."""
    found = read(body)
    assert found.verdict in ("empty", "not-an-article")
    assert "" == found.gate or gate(body, URL) == found.gate


@pytest.mark.parametrize("legacy", ["cp1252", "latin-1", "cp1251"])
def test_case_36_37_text_encoded_twice_at_one_fetch_is_no_version(legacy: str) -> None:
    """UTF-8 read as an old charset and encoded again, once, in the middle of good looks: nothing has changed."""
    good = page([*STORY[:4], "“Señor Müller” – façade, naïve, coöperate: 4 élèves à l’école.", *STORY[4:]])
    try:
        twice = good.decode("utf-8").encode("utf-8").decode(legacy).encode("utf-8")
    except UnicodeDecodeError:  # holes of a charset keep their C1 number, as browsers have it
        twice = "".join(bytes([byte]).decode(legacy, "ignore") or chr(byte) for byte in good).encode("utf-8")
    assert ["same", "wait", "same"] == outcomes([good, good, twice, good]) or ["same"] * 3 == outcomes(
        [good, good, twice, good]
    )


@pytest.mark.parametrize("name", ["ul", "ol"])
def test_an_article_that_begins_as_a_list(name: str) -> None:
    """Most of the prose stands in a list; what follows it in the same element is the article still."""
    table = "<table><tr><th>Ward</th><th>Dead</th></tr><tr><td>Quay</td><td>12</td></tr></table>"
    items = "".join(f"<li>{text}</li>" for text in STORY[:6])
    found = read(page(f"<{name}>{items}</{name}><h2>Where is it?</h2><p>Port Almery lies 60km north.</p>{table}"))
    assert [*STORY[:6], "Where is it?", "Port Almery lies 60km north.", "Ward Dead", "Quay 12"] == found.text.split(
        "\n"
    )
