"""What people see: changes, evidence, honest emptiness, and nothing that executes."""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import lxml.html
import pytest
import sqlalchemy as sa

from store.engine import writing
from tests.parts.rows import Newsroom
from web.pages import safe_href

PAGES = ("/", "/changes", "/articles", "/feeds", "/works", "/precision")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    "{{ 7 * 7 }}{% raw %}",
    "</title><script>alert(1)</script>",
    "javascript:alert(1)",
    "\x1b[31m\x00\x07\u202e\u2028\ufeff",
    "&lt;script&gt;&#x3c;",
)
"""Text from outside that tries to be more than text."""


def parsed(answer: httpx.Response) -> Any:
    """The page as a browser would read it."""
    return lxml.html.fromstring(answer.text)


def text_of(answer: httpx.Response) -> str:
    """What a person reads on a page, on one line."""
    return " ".join(parsed(answer).xpath("//main")[0].text_content().split())


def test_empty_pages_say_what_to_do(client: httpx.Client) -> None:
    """A fresh service names the command that comes next, and claims nothing."""
    seen = text_of(client.get("/"))
    assert "Nothing is watched yet" in seen
    assert "./writethru add URL" in seen
    assert "poller not seen lately" in seen
    for path in PAGES:
        assert 200 == client.get(path).status_code


def test_home(client: httpx.Client, story: int) -> None:
    """The home page shows which facts moved, and that somebody looks."""
    seen = text_of(client.get("/"))
    for part in ("casualty 12 → 15 people killed critical", "Bridge collapse", "watching 1 feed"):
        assert part in seen


def test_wording_alone_is_said_to_be_wording(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Where texts changed and facts did not, the page says so and does not just stay empty."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article()
        newsroom.version(made, "It rained in the north.")
        newsroom.version(made, "Rain fell in the north.")
    assert "no fact did" in text_of(client.get("/"))
    assert "Wording only: no fact changed." in text_of(client.get(f"/articles/{made}"))


def test_failing_looks_are_named(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """A feed that cannot be read is counted on the home page; the works have its reason and how often in a row."""
    with writing(engine) as connection:
        Newsroom(connection, now).feed(failures=3, last_reason="timeout", last_status=0)
    assert "1 failing" in text_of(client.get("/"))
    assert "timeout ×3" in text_of(client.get("/works"))


def test_article_without_a_version(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """An article that could not be read yet says why."""
    with writing(engine) as connection:
        made = Newsroom(connection, now).article(last_reason="paywall", last_status=200, failures=1)
    assert "No version yet. Last look: paywall 200 ×1" in text_of(client.get(f"/articles/{made}"))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/articles/999", 404, id="unknown article"),
        pytest.param("/articles/0", 404, id="no id"),
        pytest.param("/articles/99999999999999999999", 404, id="an id too large for SQL"),
        pytest.param("/articles/-1", 404, id="a negative id"),
        pytest.param("/articles/{story}?to=9", 404, id="unknown version"),
        pytest.param("/articles/{story}?from=1&to=9", 404, id="unknown later version"),
        pytest.param("/articles/{story}?from=2&to=1", 400, id="turned round"),
        pytest.param("/articles/{story}?from=2&to=2", 400, id="with itself"),
        pytest.param("/articles/{story}?to=99999999999", 400, id="a number too large"),
        pytest.param("/articles/{story}?from=x", 400, id="no number"),
        pytest.param("/articles/{story}?cursor=x", 400, id="broken cursor"),
        pytest.param("/changes?type=x", 400, id="unknown type"),
        pytest.param("/changes?min_severity=loud", 400, id="unknown severity"),
        pytest.param("/articles?feed=0", 400, id="no feed"),
        pytest.param("/feeds?cursor=1' OR 1=1", 400, id="an injection"),
    ],
)
def test_broken_addresses_help(client: httpx.Client, story: int, path: str, status: int) -> None:
    """What does not exist or makes no sense is a page that says so and leads on."""
    answer = client.get(path.format(story=story), headers={"accept": "text/html"})
    assert status == answer.status_code
    assert "What changed lately" in answer.text


def test_case_104_nothing_from_outside_becomes_markup(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Titles, texts, bylines, values and reasons are text: no element, no attribute and no template of theirs appears."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        for number, evil in enumerate(each.replace("\x00", "") for each in HOSTILE):  # PostgreSQL holds no NUL
            newsroom.feed(f"https://f{number}.example/", title=evil, last_reason=evil, failures=1)
            made = newsroom.article(f"https://a{number}.example/?{evil}", title=evil, site=evil)
            newsroom.version(made, f"{evil} 12\nsame", headline=evil)
            after = newsroom.version(
                made, f"{evil} 15\nsame", headline=f"{evil}!", byline=evil, language=evil, stripped=(evil,)
            )
            newsroom.change(made, after, before=evil, after=f"{evil}?", subject=evil, sentence_after=f"{evil} 15")
    for path in (*PAGES, *(f"/articles/{number + 1}" for number in range(len(HOSTILE)))):
        page = parsed(client.get(path))
        scripts = {element.get("src") for element in page.iter("script")}
        assert all(str(src).startswith("/static/") for src in scripts)
        drawn = "//main//svg[not(contains(@class, 'chart'))]"
        assert [] == page.xpath(f"//img | {drawn} | //main//svg//*[@href] | //iframe | //main//style")
        assert [] == page.xpath("//@*[starts-with(name(), 'on')] | //@style")
        assert "49" not in page.xpath("string(//h1)")
        assert not any(character in client.get(path).text for character in "\x1b\x07\u202e\u2028")


def test_case_104_naughty_strings(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """A list of strings that broke other programs, as titles and texts: the pages hold no element of theirs."""
    path = Path(os.environ.get("WRITETHRU_TEST_DATA", "../shared/data")) / "naughty_strings.txt"
    if not path.exists():
        pytest.skip(f"{path} is not here; the strings of our own are tested above")
    strings = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    assert len(strings) > 400
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        for number, evil in enumerate(each.replace("\x00", "") for each in strings):
            newsroom.article(f"https://a{number}.example/", title=evil, site=evil)
        made = newsroom.article("https://b.example/")
        newsroom.version(made, "\n".join(strings), headline=strings[0])
        newsroom.version(made, "\n".join(f"{evil}." for evil in strings), headline=strings[-1])
    seen = [parsed(client.get(f"/articles/{made}?all=true"))]
    cursor = "/articles"
    while cursor:
        seen.append(parsed(client.get(cursor)))
        cursor = next(iter(seen[-1].xpath("//p[@class='more']/a/@href")), "")
    for page in seen:
        assert [] == page.xpath(
            "//script[not(starts-with(@src, '/static/'))] | //img | //main//svg | //iframe | //@*[starts-with(name(), 'on')]"
        )


@pytest.mark.parametrize(
    ("url", "href"),
    [
        ("https://a.example/x?y=1", "https://a.example/x?y=1"),
        ("http://a.example/", "http://a.example/"),
        *((url, "") for url in ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x")),
        *((url, "") for url in ("//a.example/", "/x", "", "file:///etc/passwd", "java\nscript:x", "http://[")),
        (" javascript:alert(1)", ""),
    ],
)
def test_case_105_only_web_links_are_links(url: str, href: str) -> None:
    """A link that is not http or https is shown as text."""
    assert href == safe_href(url)


def test_case_105_on_the_page(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """The page of an article with such an address shows it and does not link it."""
    with writing(engine) as connection:
        made = Newsroom(connection, now).article("javascript:alert(1)")
    page = parsed(client.get(f"/articles/{made}"))
    assert "javascript:alert(1)" in page.text_content()
    assert not any("javascript" in link for link in page.xpath("//@href"))


def test_case_110_no_secret_is_shown(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """Passwords in URLs and webhook secrets appear on no page and in no answer of the API."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        newsroom.feed("https://user:canary@harbour.example/feed.xml", failures=1, last_reason="http-401")
        newsroom.story("https://user:canary@harbour.example/bridge")
        newsroom.delivery("https://user:canary@desk.example/hook")
    api = ("feeds", "articles", "versions", "changes", "endpoints", "deliveries", "articles/1/diff?from=1&to=2")
    for path in (*PAGES, "/articles/1", "/metrics", "/readyz", *(f"/api/v1/{name}" for name in api)):
        answer = client.get(path)
        assert answer.status_code in (200, 503)
        assert "canary" not in answer.text


def test_pages_are_cut_and_lead_on(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """A list longer than a page ends with a link to what is older, and the last page does not."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        for number in range(130):
            newsroom.article(f"https://harbour.example/{number}", title=f"story {number}")
    page = parsed(client.get("/articles"))
    (older,) = page.xpath("//p[@class='more']/a/@href")
    rest = parsed(client.get(older))
    assert 130 == len(page.xpath("//tbody/tr")) + len(rest.xpath("//tbody/tr"))
    assert [] == rest.xpath("//p[@class='more']")


def test_nothing_leaves_the_origin() -> None:
    """No page, style or script names another origin."""
    import web.pages

    for path in Path(web.pages.__file__).parent.rglob("*"):
        if path.suffix in (".html", ".css", ".js"):
            written = re.sub(r'^ *// .*|placeholder="[^"]*"', "", path.read_text(), flags=re.MULTILINE)
            assert "//" not in written, path.name


def test_ages_are_said_in_one_unit() -> None:
    """Ages round down and name past and future."""
    from web.moments import ago

    now = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
    said = {ago(now - timedelta(seconds=s), now) for s in (0, 59, 61, 7200, -90)} | {ago(None, now)}
    assert {"now", "59 s ago", "1 min ago", "2 h ago", "in 1 min", "never"} == said
