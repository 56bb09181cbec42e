"""When two URLs are the same page, site or host."""

import pytest

from ingest.urls import clean, front_of, host_of, is_front, robots_url, secured, shown, site_of


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("HTTP://Desk.Example:80/A?b=1#top", "http://desk.example/A?b=1", id="case-port-fragment"),
        pytest.param("https://desk.example", "https://desk.example/", id="no-path"),
        pytest.param("https://desk.example/a?utm_source=x&id=7&UTM_Medium=y", "https://desk.example/a?id=7", id="utm"),
        pytest.param("https://desk.example/a?fbclid=x&gclid=y&at_medium=rss", "https://desk.example/a", id="clicks"),
        pytest.param("https://desk.example/a?id=7", "https://desk.example/a?id=7", id="id-stays"),
        pytest.param("https://desk.example/news?cid=738", "https://desk.example/news?cid=738", id="cid-stays"),
        pytest.param("https://desk.example/?MaryMcConnell", "https://desk.example/?MaryMcConnell", id="bare-stays"),
        pytest.param("https://desk.example/a?b=2&a=1", "https://desk.example/a?b=2&a=1", id="order-stays"),
        pytest.param("https://desk.example/a;b=1?c=", "https://desk.example/a;b=1?c=", id="path-parameter"),
        pytest.param("https://desk.example/%7euser/%c3%a9", "https://desk.example/~user/%C3%A9", id="escapes"),
        pytest.param("https://desk.example/é", "https://desk.example/%C3%A9", id="unescaped"),
        pytest.param("https://u:p@desk.example/a", "https://desk.example/a", id="credentials"),
        pytest.param("https://münchen.example/a", "https://xn--mnchen-3ya.example/a", id="idn"),
        pytest.param(" not a url ", "not a url", id="no-url"),
    ],
)
def test_clean(url: str, expected: str) -> None:
    """Only what says where the reader came from goes; what may be the article's number stays. Twice changes nothing."""
    assert clean(url) == expected
    assert clean(clean(url)) == expected


@pytest.mark.parametrize(
    ("url", "site", "host"),
    [
        pytest.param("https://www.desk.example/a", "desk.example", "www.desk.example:443", id="www"),
        pytest.param("http://m.desk.example/a", "desk.example", "m.desk.example:80", id="mobile"),
        pytest.param("https://amp.desk.example/a", "desk.example", "amp.desk.example:443", id="amp"),
        pytest.param("https://www.example/a", "www.example", "www.example:443", id="www-is-the-name"),
        pytest.param("http://127.0.0.1:8000/a", "127.0.0.1", "127.0.0.1:8000", id="port"),
        pytest.param("http://[::1]:8000/a", "::1", "[::1]:8000", id="v6"),
        pytest.param("nonsense", "", "", id="no-url"),
    ],
)
def test_site_and_host(url: str, site: str, host: str) -> None:
    """A site is who publishes, a host is who is asked."""
    assert (site_of(url), host_of(url)) == (site, host)


@pytest.mark.parametrize(
    ("url", "front"),
    [
        pytest.param("https://desk.example", True, id="bare"),
        pytest.param("https://desk.example/", True, id="slash"),
        pytest.param("https://desk.example/en/", True, id="language"),
        pytest.param("https://desk.example/de-AT", True, id="locale"),
        pytest.param("https://desk.example/index.html", True, id="index"),
        pytest.param("https://desk.example/en/home", True, id="home"),
        pytest.param("https://desk.example/news/", False, id="section"),
        pytest.param("https://desk.example/?p=12", False, id="numbered"),
    ],
)
def test_front_pages(url: str, front: bool) -> None:
    """A front page has no path of its own."""
    assert is_front(url) == front


def test_places_of_an_origin() -> None:
    """robots.txt and the front page stand at the origin's root."""
    assert robots_url("https://u:p@desk.example:444/a/b?c") == "https://desk.example:444/robots.txt"
    assert front_of("https://desk.example/a/b?c") == "https://desk.example/"


@pytest.mark.parametrize(
    ("url", "final", "expected"),
    [
        pytest.param("http://a.example/x", "https://a.example/x", "https://a.example/x", id="only-https"),
        pytest.param("http://a.example/x", "https://www.a.example/x", "http://a.example/x", id="another-host"),
        pytest.param("http://a.example/x", "https://a.example/y", "http://a.example/x", id="another-page"),
        pytest.param("http://a.example/x", "", "http://a.example/x", id="not-yet-known"),
        pytest.param("https://a.example/x", "https://a.example/x", "https://a.example/x", id="already"),
    ],
)
def test_secured(url: str, final: str, expected: str) -> None:
    """A page that only moved to https is asked there at once."""
    assert secured(url, final) == expected


def test_case_17_what_is_shown_has_no_credentials() -> None:
    """A feed behind a password can be named without it."""
    assert shown("https://user:s3cret@desk.example/feed?key=1#x") == "https://desk.example/feed?key=1"
    assert shown(" nonsense ") == "nonsense"
    assert shown("ftp://user:s3c@ret@desk.example:0/feed") == "ftp://desk.example:0/feed"
