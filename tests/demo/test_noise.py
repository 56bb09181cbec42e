"""However a page fidgets, its article stays at version 1: extraction and judging on the newsroom's noise."""

from collections.abc import Iterator

import httpx
import pytest

from demo.newsroom import Newsroom
from ingest.extraction.page import extract
from ingest.judging.judge import judge
from ingest.model import Page

LOOKS = 6
QUIET = (
    "counters",
    "lists",
    "today",
    "double-encoding",
    "promo",
    "collapse",
    "headline-test",
    "session",
    "modified",
    "topics",
)


@pytest.fixture(scope="module")
def web() -> Iterator[httpx.Client]:
    """A client that knows no proxy."""
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.mark.parametrize("slug", ["bridge-reopens", "rail-strike", "lead-pipes", "lighthouse-fire"])
@pytest.mark.parametrize("noise", QUIET)
def test_noise_makes_no_version(web: httpx.Client, noise: str, slug: str) -> None:
    """Six looks at a page under one kind of noise are the same text, wait for another look, or are not kept."""
    with Newsroom() as room:
        url = room.article_url(slug)

        def look() -> Page:
            answer = web.get(url)
            return extract(answer.content, url, content_type=answer.headers["content-type"])

        first = look()
        room.noise(slug, noise)
        pending, headline, slots, stood = None, None, None, 0
        for _ in range(LOOKS):
            page = look()
            if page.verdict != "article":
                continue
            judged = judge(
                first.blocks,
                pending,
                page.blocks,
                slots,
                headline_before=first.headline,
                headline_pending=headline,
                headline_after=page.headline,
                stood=stood,
            )
            assert judged.outcome != "changed", judged.text_after
            pending, slots, stood = judged.pending, judged.slots, stood + (judged.outcome == "same")
            headline = page.headline if judged.outcome == "wait" else None
