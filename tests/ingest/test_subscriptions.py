"""Lists of feeds that somebody else wrote."""

import pytest

from ingest.model import ParseError
from ingest.subscriptions import LARGEST, Subscription, subscriptions

BOMB = (
    b'<!DOCTYPE o [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><opml version="2.0"><body><outline text="&j;" xmlUrl="https://a.example/f" type="rss"/></body></opml>'
)


@pytest.mark.parametrize(
    ("body", "kept", "refused"),
    [
        pytest.param(BOMB, ["https://a.example/f"], [], id="an entity bomb stays shut"),
        pytest.param(
            b'<opml version="2.0"><body>'
            + b"".join(
                b'<outline type="rss" text="x" xmlUrl="http://%s/f"/>' % host
                for host in (b"127.0.0.1", b"[::1]", b"2130706433", b"169.254.169.254", b"10.0.0.7", b"a.example")
            )
            + b'<outline type="rss" text="x" xmlUrl="file:///etc/passwd"/></body></opml>',
            ["http://a.example/f"],
            ["127.0.0.1", "[::1]", "2130706433", "169.254.169.254", "10.0.0.7", "file:///etc/passwd"],
            id="internal addresses",
        ),
        pytest.param(
            b'<opml version="2.0"><body><outline type="rss" text="../../etc/cron.d/x" xmlUrl="https://a.example/../f"/>'
            b"</body></opml>",
            ["https://a.example/../f"],
            [],
            id="names that climb are names",
        ),
    ],
)
def test_case_114_a_list_of_feeds_is_guarded(body: bytes, kept: list[str], refused: list[str]) -> None:
    """Nothing is expanded, opened or connected to; what may not be reached is left out and named."""
    listed, left_out = subscriptions(body)
    assert kept == [each.url for each in listed]
    assert len(refused) == len(left_out)
    assert all(part in each for part, each in zip(refused, left_out, strict=True))
    assert all(isinstance(each, Subscription) and len(each.title) <= 500 for each in listed)


def test_case_114_a_list_of_ten_megabytes_is_refused() -> None:
    """Before anything of it is parsed."""
    with pytest.raises(ParseError, match="too-large"):
        subscriptions(b"<opml>" + b" " * LARGEST)
