"""Feeds, well and ill formed: entries, or a reason; never a file or a socket opened, never a date in the future."""

import json
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.feeds import parse_feed, sane
from ingest.model import FeedEntry, ParsedFeed, ParseError
from tests.pages.foreign import foreign

URL = "https://courier.example/feeds/all.xml"


def rss(*items: str, channel: str = "<title>The Courier</title>") -> bytes:
    """An RSS feed of items' innards."""
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}{inner}</channel></rss>'.encode()


def parse(body: bytes, content_type: str = "application/rss+xml") -> ParsedFeed:
    return parse_feed(body, content_type, URL)


def only(item: str) -> FeedEntry:
    """The one entry of a feed with one item."""
    (entry,) = parse(rss(item)).entries
    return entry


def test_rss() -> None:
    """Title, language, and entries in the order of the document."""
    feed = parse(
        rss(
            "<title>Granary fire</title><link>https://courier.example/1</link><guid>n1</guid>"
            "<pubDate>Mon, 02 Mar 2026 06:10:00 +0100</pubDate>",
            "<title>Ferries sold</title><link>/2</link>",
            channel="<title>The Courier</title><language>en-GB</language>",
        )
    )
    assert ("The Courier", "en-gb") == (feed.title, feed.language)
    assert (
        FeedEntry("n1", "https://courier.example/1", "Granary fire", datetime(2026, 3, 2, 5, 10, tzinfo=UTC))
        == feed.entries[0]
    )
    assert FeedEntry("https://courier.example/2", "https://courier.example/2", "Ferries sold", None) == feed.entries[1]


def test_atom() -> None:
    """Atom's id is the guid, its alternate link the link."""
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>C</title><entry><id>urn:x:1</id><title type="html">A &amp;lt;b&amp;gt;fire&amp;lt;/b&amp;gt;</title>
    <link rel="enclosure" href="https://courier.example/a.mp3"/><link href="https://courier.example/a"/><updated>2026-03-02T06:10:00Z</updated></entry></feed>"""
    (entry,) = parse(body, "application/atom+xml").entries
    assert ("urn:x:1", "https://courier.example/a", datetime(2026, 3, 2, 6, 10, tzinfo=UTC)) == (
        entry.guid,
        entry.link,
        entry.published,
    )


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        pytest.param("javascript:alert(1)", "", id="javascript"),
        pytest.param("file:///etc/passwd", "", id="file"),
        pytest.param("data:text/html,x", "", id="data"),
        pytest.param("story/7?id=3", "https://courier.example/feeds/story/7?id=3", id="relative"),
        pytest.param("//other.example/x", "https://other.example/x", id="scheme-relative"),
        pytest.param("https://x.example/" + "a" * 3000, "", id="too long"),
        pytest.param("http://[::1", "", id="broken"),
        pytest.param("http://x.example:0/", "", id="port 0"),
        pytest.param("https://x.example/a b", "", id="space"),
    ],
)
def test_links_are_absolute_web_addresses_or_nothing(link: str, expected: str) -> None:
    """A link is resolved against the feed's address; anything that is not http or https is dropped."""
    assert expected == only(f"<title>t</title><link>{link}</link>").link


def test_titles_are_text_of_at_most_500_characters() -> None:
    """Markup in titles becomes text, and long ones are cut."""
    assert "Fire & smoke" == only("<title>&lt;b&gt;Fire&lt;/b&gt; &amp;amp; smoke</title><guid>1</guid>").title
    assert 500 == len(only(f"<title>{'ab ' * 9000}</title><guid>1</guid>").title)


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """What is opened while the test runs: files, sockets, processes."""
    seen: list[str] = []
    watching = [True]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if watching[0] and event in (
            "open",
            "socket.connect",
            "socket.getaddrinfo",
            "subprocess.Popen",
            "urllib.Request",
        ):
            seen.append(f"{event} {arguments[0]}")

    sys.addaudithook(hook)
    yield seen
    watching[0] = False


@pytest.mark.parametrize("body", [b"/etc/passwd", b"/dev/zero", b"http://127.0.0.1/", b"file:///etc/passwd"], ids=repr)
def test_case_44_a_body_that_looks_like_a_path_or_url(body: bytes, opened: list[str]) -> None:
    """Bytes are a feed or a parse error; nothing is opened because of them."""
    with pytest.raises(ParseError) as refused:
        parse(body)
    assert "not-a-feed" == refused.value.reason
    assert not [each for each in opened if body.decode() in each or "socket" in each]


ENTITIES = {
    "billion laughs": "<!DOCTYPE x [<!ENTITY a 'ha'>"
    + "".join(
        f"<!ENTITY {b} '{'&' + a + ';'}{('&' + a + ';') * 9}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>",
    "quadratic": f"<!DOCTYPE x [<!ENTITY i '{'x' * 100_000}'>]>",
    "external": "<!DOCTYPE x [<!ENTITY i SYSTEM 'file:///etc/passwd'>]>",
    "parameter": "<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/evil.dtd'> %p; <!ENTITY i 'x'>]>",
}


@pytest.mark.parametrize("kind", ENTITIES)
def test_case_45_entities(kind: str, opened: list[str]) -> None:
    """Entity bombs and external entities: nothing is loaded and nothing grows."""
    body = b'<?xml version="1.0"?>' + ENTITIES[kind].encode() + rss(f"<title>{'&i;' * 200}</title><guid>1</guid>")[21:]
    try:
        feed = parse(body)
    except ParseError:
        return
    finally:
        assert not [each for each in opened if "passwd" in each or "evil" in each or "socket" in each]
    assert all(len(entry.title) <= 500 and "root:" not in entry.title for entry in feed.entries)


@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#x110000;", "&#99999999999999999999;", "&#0;", "&#x8;", "&#xFFFE;"]
)
def test_case_46_illegal_character_references(reference: str) -> None:
    """One illegal reference in one of fifty entries loses none of them."""
    items = [f"<title>Story {n}{reference if n == 20 else ''}</title><guid>{n}</guid>" for n in range(50)]
    feed = parse(rss(*items))
    assert 50 == len(feed.entries)
    assert "Story 20" == feed.entries[20].title


@pytest.mark.parametrize(
    "name", ["undefined", "unicode_escape", "zlib", "idna", "utf-16", "hex", "rot13", "utf-8\\0", "bz2"]
)
def test_case_47_lying_encodings(name: str) -> None:
    """Whatever codec header and declaration name, the feed is kept or refused with a reason."""
    body = rss("<title>Granary fire</title><guid>1</guid>").replace(b'"1.0"?', f'"1.0" encoding="{name}"?'.encode())
    for content_type in (f"text/xml; charset={name}", "text/xml"):
        try:
            assert "1" == parse(body, content_type).entries[0].guid
        except ParseError as refused:
            assert refused.reason in ("not-a-feed", "bad-feed")


def test_case_48_unclosed_comments() -> None:
    """Forty thousand unclosed comments are refused or parsed, without a fault."""
    try:
        parse(rss("<title>t</title><guid>1</guid>" + "<!--" * 40_000))
    except ParseError as refused:
        assert refused.reason in ("not-a-feed", "bad-feed")


def test_case_49_thousands_of_attributes() -> None:
    """An element with very many attributes costs time, not the process."""
    attributes = " ".join(f'a{n}="{n}"' for n in range(4_000))
    try:
        parse(rss(f"<title {attributes}>t</title><guid>1</guid>"))
    except ParseError as refused:
        assert refused.reason in ("not-a-feed", "bad-feed")


def test_case_50_a_thousand_entries_are_enough() -> None:
    """Of very many entries the first thousand are kept."""
    feed = parse(rss(*(f"<title>{n}</title><guid>{n}</guid>" for n in range(3_000))))
    assert [str(n) for n in range(1_000)] == [entry.guid for entry in feed.entries]


@pytest.mark.parametrize(
    ("item", "guid"),
    [
        pytest.param("<link>https://x.example/1</link>", "https://x.example/1", id="no guid: the link"),
        pytest.param("<title>Only a title</title>", "Only a title", id="neither: the title"),
        pytest.param("<guid>tag:x,1</guid><title>t</title>", "tag:x,1", id="no link"),
    ],
)
def test_case_51_entries_without_guid_link_or_date(item: str, guid: str) -> None:
    """A missing guid falls back to the link, then to the title; no date stays no date."""
    entry = only(item)
    assert (guid, None) == (entry.guid, entry.published)


def test_case_51_an_entry_with_nothing_is_none() -> None:
    """An entry without address, id and title cannot be told from another and is left out."""
    assert () == parse(rss("<description>words</description>")).entries


NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["0000-01-01", "9999-12-31T23:59:59Z", "99999-01-01", "Fri, 01 Jan 2099 00:00:00 GMT", "2026-03-02 06:10", "2026년 3월 2일",
     "yesterday-ish", "7" * 40_000, "", "Mon, 31 Feb 2026 25:61:99 +9999", "-1", "NaN"],
    ids=lambda written: written[:20] or "empty",
)  # fmt: skip
def test_case_52_dates(written: str) -> None:
    """No date crashes, and none sorts an entry into the future."""
    published = only(f"<title>t</title><guid>1</guid><pubDate>{written}</pubDate>").published
    kept = sane(published, NOW)
    assert published is None or published.tzinfo is not None
    assert kept is None or kept <= NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(
            b"<!DOCTYPE html><html><head><title>x</title></head><body><p>Hello</p></body></html>",
            "not-a-feed",
            id="HTML",
        ),
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf", "empty", id="BOM only"),
        pytest.param(b"\x00" * 5000, "empty", id="NUL bytes"),
        pytest.param(bytes(range(256)) * 40, "not-a-feed", id="any bytes"),
        pytest.param(b'{"a": 1}', "not-a-feed", id="JSON"),
        pytest.param(b"{" * 100_000, "not-a-feed", id="deep JSON"),
    ],
)
def test_case_53_what_is_no_feed_has_a_reason(body: bytes, reason: str) -> None:
    """Bodies that are no feed are refused with a reason code."""
    with pytest.raises(ParseError) as refused:
        parse(body)
    assert reason == refused.value.reason


def test_case_53_json_feed() -> None:
    """JSON Feed is a feed."""
    items = [{"id": 7, "url": "/a", "title": "Fire", "date_published": "2026-03-02T06:10:00Z"}, {"id": "8"}, {}, "x"]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "C", "items": items}).encode()
    feed = parse(body, "application/feed+json")
    assert (
        FeedEntry("7", "https://courier.example/a", "Fire", datetime(2026, 3, 2, 6, 10, tzinfo=UTC)) == feed.entries[0]
    )
    assert ["7", "8"] == [entry.guid for entry in feed.entries]


def test_case_56_feeds_of_other_projects() -> None:
    """Every feed of feedparser's and the feed validator's own tests parses or is refused; nothing else escapes."""
    archive = foreign("feeds.tar.gz")
    refused = kept = 0
    for body in _members(archive):
        try:
            parse_feed(body, "", URL)
            kept += 1
        except ParseError:
            refused += 1
    assert kept > 10 * refused


def _members(archive: Path) -> Iterator[bytes]:
    with tarfile.open(archive) as opened:
        for member in opened:
            stream = opened.extractfile(member) if member.isfile() else None
            if stream is not None:
                yield stream.read()
