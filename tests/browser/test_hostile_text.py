"""Text from outside that tries to be a page: in a real browser nothing of it runs, loads or complains."""

import os
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from store import previews
from store.engine import writing
from store.filters import save_filter
from store.reviews import review
from store.tables import article, attempt, feed
from tests.parts.browser import Seen
from tests.parts.desk import serving
from tests.parts.everything import pages
from tests.parts.rows import Newsroom

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

OUT = (
    "", '">', "'>", "`>", '"/>', "-->", "--!>", "]]>", "*/", "</title>", "</script>", "</style>", "</textarea>", "</noscript>",
    "</a>", "</svg>", "</template>", "<!--", "<![CDATA[", "{{", "${", "\\u003e", "&quot;>", "%22%3E", '"\u2028>',
)  # fmt: skip
"""How text breaks out of where it stands: attributes, comments, raw text, templates, escapes."""
IN = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext></p><style><img src=x onerror=alert(1)>", "<a href=javascript:alert(1)>x</a>", "<form action=javascript:alert(1)><button>",
    "<body onpageshow=alert(1)>", "<details open ontoggle=alert(1)>", "<input autofocus onfocus=alert(1)>", "<base href=//evil.example/>",
)  # fmt: skip
"""What would run or load."""
VECTORS = [out + into for out, into in product(OUT, IN)]
FOREIGN = """() => [...document.querySelectorAll('*')].filter(each =>
    ['IFRAME', 'BASE', 'MATH', 'IMG', 'OBJECT', 'EMBED'].includes(each.tagName.toUpperCase())
    || (each.tagName === 'SCRIPT' && !each.src.startsWith(location.origin + '/static/'))
    || [...each.attributes].some(one => one.name.startsWith('on') || /^\\s*(javascript|data|vbscript):/i.test(one.value)
        && ['href', 'action', 'formaction', 'src'].includes(one.name))).map(each => each.outerHTML.slice(0, 200))"""
"""The elements of a page, as a browser parsed it, that can only be somebody else's."""


def naughty() -> list[str]:
    """The strings that broke other programs, where they are at hand."""
    path = Path(os.environ.get("WRITETHRU_TEST_DATA", "../shared/data")) / "naughty_strings.txt"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [line.replace("\x00", "") for line in lines if line and not line.startswith("#")]


def write(store: sa.Engine, now: datetime, strings: list[str]) -> None:
    """Every string as title, headline, byline, paragraph, claim and site; one article holds them all."""
    with writing(store) as connection:
        newsroom = Newsroom(connection, now)
        first = newsroom.story()
        newsroom.delivery(f"https://desk.example/{strings[1]}")
        for n, evil in enumerate(strings[:: max(1, len(strings) // 90)]):
            newsroom.article(f"https://a{n}.example/{evil}", title=evil, site=evil[:200])
        newsroom.feed("https://f.example/", title=strings[0], last_reason=strings[1], failures=2)
        newsroom.version(first, "\n".join(strings), headline=strings[2], byline=strings[3])
        last = newsroom.version(
            first, "\n".join(f"{evil} 15" for evil in strings), headline=strings[4], stripped=tuple(strings[:40])
        )
        for n, evil in enumerate(strings[:60]):
            told = {"before": evil, "after": f"{evil}!", "subject": evil, "claimant_after": evil, "rule": "x"}
            newsroom.change(first, last, n, **told, sentence_before=evil, sentence_after=f"{evil} 15")
        _said(connection, now, strings)
        connection.execute(
            article.update().where(article.c.id == first).values(title=strings[5], last_reason=strings[6])
        )


def _said(connection: sa.Connection, now: datetime, strings: list[str]) -> None:
    """What people type and receivers answer: notes, names of filters, tags, a dry run with its reason, answers."""
    for n, evil in enumerate(strings[:20]):
        review(connection, n + 1, "wrong", note=evil, by=evil[:100] or "x", now=now)
        save_filter(connection, evil[:60].strip() or "x", "type=casualty", by=evil, now=now)
    connection.execute(feed.update().values(tags=[evil[:100] for evil in strings[:10]]))
    made = previews.ask(connection, url=f"https://dry.example/{strings[7]}", host_name="dry.example:443", now=now)
    assert made is not None
    entries = [{"title": evil, "link": evil, "published": None} for evil in strings[:20]]
    found: dict[str, object] = {
        "kind": "feed",
        "title": strings[8],
        "site": strings[9],
        "language": strings[10],
        "entries": entries,
    }
    found |= {"count": 20, "cut": False}
    previews.read(connection, made, found, "")
    for evil in strings[:20]:
        told = {"status": 500, "elapsed_ms": 1, "response_head": evil[:500], "reason": "status"}
        connection.execute(attempt.insert().values(delivery_id=1, at=now, **told))


@pytest.mark.parametrize("source", ["own", "naughty"])
def test_case_104_nothing_executes(context: "BrowserContext", store: sa.Engine, now: datetime, source: str) -> None:
    """275 ways out of text and the naughty strings, on every page there is: no dialog, no request to anybody else, no
    script that the page's policy had to stop, and in the page as it was parsed no element of theirs."""
    strings = VECTORS if source == "own" else naughty()
    if not strings:
        pytest.skip("the naughty strings are not here; those of our own are tested")
    write(store, now, strings)
    with serving(store, now) as client:
        origin = str(client.base_url)
        page = context.new_page()
        seen = Seen(page, origin)
        visited = pages()
        assert len(visited) > 8
        for path in [*visited, "/articles/1?from=2&to=4"]:
            page.goto(f"{origin}{path}", wait_until="load")
            assert [] == page.evaluate(FOREIGN), path
    complaints = [each for each in seen.complaints if "status of 404" not in each]  # of pages that have no number 1
    assert ([], [], []) == (seen.dialogs, seen.strangers, complaints)
