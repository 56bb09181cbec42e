"""robots.txt: what is allowed, and what an answer for it means."""

from datetime import timedelta

import pytest

from ingest.model import FetchError
from ingest.robots import Rules, addressed, rules_of
from tests.ingest.test_outcome import came

AGENT = "Writethru/0.1 (+https://desk.example/contact)"
SECOND = timedelta(seconds=1)
RULES = """
User-agent: other
Disallow: /

User-agent: writethru
Crawl-delay: 7
Disallow: /private/
Allow: /private/open$

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param("", "/story", None, id="empty-allows"),
        pytest.param(None, "/story", "robots-unreachable", id="none-forbids"),
        pytest.param(RULES, "/story", None, id="our-group"),
        pytest.param(RULES, "/private/x", "robots", id="our-disallow"),
        pytest.param(RULES, "/private/open", None, id="longer-allow"),
        pytest.param("User-agent: *\nDisallow: /a", "/a/b?c=1", "robots", id="everybody"),
        pytest.param("\ufeffUser-agent: *\nDisallow: /a", "/a", "robots", id="byte-order-mark"),
        pytest.param("<html>no robots here</html>", "/a", None, id="html"),
        pytest.param("User-Agent: a\nuseragent writethru # us\nDisallow: /a", "/a", "robots", id="named-among-others"),
        pytest.param("User-agent: Write*\nDisallow: /a", "/a", "robots", id="begin-of-our-name"),
        pytest.param("User-agent: thru\nUser-agent:\nDisallow: /a", "/a", None, id="end-of-our-name"),
        pytest.param("User-agent: **\nDisallow: /a\n\nUser-agent: x\nDisallow: /b", "/b", None, id="somebody-else"),
    ],
)
def test_refusals(text: str | None, path: str, expected: str | None) -> None:
    """The group that names us counts, else everybody's."""
    assert Rules(text, AGENT).refusal(f"http://desk.example{path}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", SECOND, id="ours"),
        pytest.param(RULES, 7 * SECOND, id="theirs"),
        pytest.param("User-agent: *\nCrawl-delay: 0.1", SECOND, id="never-shorter"),
        pytest.param("User-agent: *\nCrawl-delay: 86400", 60 * SECOND, id="clamped"),
        pytest.param("User-agent: *\nCrawl-delay: soon", SECOND, id="junk"),
        pytest.param("User-agent: *\nCrawl-delay: nan", SECOND, id="nan"),
        pytest.param("User-agent: *\nCrawl-delay: -5", SECOND, id="negative"),
        pytest.param("User-agent: *\nCrawl-delay: inf", SECOND, id="infinite"),
        pytest.param("User-agent: *\nCrawl-delay: 1e300", 60 * SECOND, id="beyond-all-dates"),
    ],
)
def test_crawl_delay(text: str, expected: timedelta) -> None:
    """Crawl-delay makes us slower, never faster, up to a minute."""
    assert Rules(text, AGENT).delay(SECOND) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(FetchError("http-404", status=404), "", id="none-there"),
        pytest.param(FetchError("http-403", status=403), "", id="forbidden"),
        pytest.param(FetchError("http-429", status=429), None, id="too-many"),
        pytest.param(FetchError("http-503", status=503), None, id="unwell"),
        pytest.param(FetchError("empty-body", status=200), "", id="empty"),
        pytest.param(FetchError("too-many-redirects", status=302), "", id="redirects"),
        pytest.param(FetchError("bad-gzip", status=200), "", id="broken"),
    ],
)
def test_answers_that_are_no_rules(error: FetchError, expected: str | None) -> None:
    """Without rules everything is allowed; a site that is unwell is left alone."""
    assert rules_of(error) == expected


def test_a_site_that_cannot_be_reached() -> None:
    """Where nothing answers, the reason is the site's, not its robots.txt's."""
    with pytest.raises(FetchError, match="blocked-address"):
        rules_of(FetchError("blocked-address"))


def test_rules_are_text_whatever_the_bytes() -> None:
    """Any bytes are read as far as RFC 9309 asks, and can be stored."""
    text = rules_of(came(body=b"User-agent: *\nDisallow: /\xff\0\n" + b"#" * 10**6))
    assert text is not None
    assert (len(text) <= 500 * 1024, "\0" in text) == (True, False)


def test_many_names_above_many_rules_cost_little() -> None:
    """Half a megabyte of names above rules is no burden: whoever we are not has one name, so a rule is kept once."""
    names = "".join(f"User-agent: {number}*\n" for number in range(9_000))
    text = addressed(names + "User-agent: *\n" + "Disallow: /a\n" * 9_000, "Writethru")
    assert {"User-agent: ?", "User-agent: *", "Disallow: /a"} == set(text.splitlines())
    assert "robots" == Rules(text, AGENT).refusal("http://desk.example/a")
