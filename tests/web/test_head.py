"""HEAD: what GET would answer, without its body."""

import httpx
import pytest


@pytest.mark.parametrize(
    "path", ["/", "/changes.json", "/api/v1/feeds", "/atom/changes", "/livez", "/static/desk.css", "/articles/99"]
)
def test_a_head_is_that_of_the_page(one_client: httpx.Client, path: str) -> None:
    """HEAD tells what GET would, without the body; link checkers and watchdogs ask so."""
    got, head = one_client.get(path), one_client.head(path)
    assert (got.status_code, b"") == (head.status_code, head.content)
    assert got.headers["content-type"] == head.headers["content-type"]
    assert got.headers["content-length"] == head.headers["content-length"]


def test_a_stream_has_no_head(one_client: httpx.Client) -> None:
    """It would never end."""
    assert 405 == one_client.head("/api/v1/changes/stream").status_code
