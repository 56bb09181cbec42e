"""Feeds that cost far more than they bring: read, refused, or ended at their limit, and never anybody else's trouble."""

from datetime import timedelta

import pytest

from cli.limited import Died, limited
from ingest.feeds import parse_feed
from ingest.model import ParseError

START = b"<rss version='2.0'><channel><title>t</title><item><title>"
END = b"</title><guid>1</guid></item></channel></rss>"
HEAVY = {
    "case_48-unclosed-comments": START + b"<!--" * 40_000 + END,
    "case_48-five-megabytes-of-them": START + b"<!--" * 1_250_000 + END,
    "case_49-attributes": b"<rss><channel><item "
    + b" ".join(b'a%d="1"' % n for n in range(16_000))
    + b"/></channel></rss>",
    "case_49-very-many-attributes": b"<rss " + b" ".join(b'a%d="1"' % n for n in range(200_000)) + b"></rss>",
    "nested-elements": b"<rss><channel>" + b"<a>" * 200_000,
}


def read(body: bytes) -> str:
    """What comes of a feed: how many entries, or why none."""
    try:
        return f"{len(parse_feed(body, '', 'http://a.example/feed').entries)} entries"
    except ParseError as refused:
        return refused.reason


@pytest.mark.parametrize("name", HEAVY)
def test_case_48_49_heavy_feeds_end_at_their_limit(name: str) -> None:
    """Within a second of CPU and half a gigabyte it is read or refused, or its process is ended; the next feed is
    read."""
    try:
        came = limited(lambda: read(HEAVY[name]), timedelta(seconds=1), 512 << 20)
    except Died as ended:
        came = str(ended)
    assert came in ("0 entries", "1 entries", "not-a-feed", "bad-feed", "out of CPU time", "out of memory")
    assert "1 entries" == limited(lambda: read(START + END), timedelta(seconds=5), 512 << 20)
