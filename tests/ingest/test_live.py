"""Live blogs: each post is known by its address, whatever order and however few of them the page shows."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.pages.newspaper import HEADLINE, STORY, TEASERS, Reader, page

TEXTS = [*STORY, *(text for _, text in TEASERS)]
POSTS: list[dict[str, Any]] = [
    {"@type": "BlogPosting", "url": f"/live#{n}", "headline": f"Entry {n}", "articleBody": text,
     "datePublished": f"2026-03-02T{20 - n:02}:00:00Z"}
    for n, text in enumerate(TEXTS)
]  # fmt: skip


def live(posts: Sequence[Any]) -> bytes:
    """A live blog's page; its visible text is the newest few posts, as most pages have it."""
    written = {"@type": "LiveBlogPosting", "headline": HEADLINE, "liveBlogUpdate": list(posts)}
    shown = [str(post.get("articleBody", "")) for post in posts[:3] if isinstance(post, dict)]
    return page(shown, head=f'<script type="application/ld+json">{json.dumps(written)}</script>')


def outcomes(*looks: Sequence[Any]) -> tuple[list[str], Reader]:
    """The outcome of each look after the first, and the reader."""
    reader = Reader()
    return [reader.look(live(posts)) for posts in looks][1:], reader


def without(posts: Sequence[dict[str, Any]], *keys: str) -> list[dict[str, Any]]:
    """The posts without some of their fields."""
    return [{name: value for name, value in post.items() if name not in keys} for post in posts]


def edited(n: int, text: str) -> list[dict[str, Any]]:
    """The posts, one of them with another text."""
    return [{**post, "articleBody": text} if at == n else post for at, post in enumerate(POSTS)]


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        pytest.param(POSTS, "same", id="nothing"),
        pytest.param(POSTS[::-1], "same", id="another order"),
        pytest.param(without(POSTS[::-1], "datePublished"), "same", id="another order, no dates"),
        pytest.param([*POSTS, POSTS[3]], "same", id="one post twice"),
        pytest.param([{**POSTS[0], "@id": "x", "url": f"/n{n}"} | post | {"url": f"/n{n}"} for n, post in
                      enumerate(POSTS)], "same", id="other ids at this fetch"),
        pytest.param([*POSTS, {"url": "/live#99", "datePublished": "2026-03-02T23:00:00Z"}, None, 7, []], "same",
                     id="posts without a body"),
        pytest.param(POSTS[:4], "same", id="older ones fell off"),
        pytest.param(edited(5, "Nothing of what stood here before is true, the ministry now says."), "changed",
                     id="an old post rewritten"),
        pytest.param(edited(2, TEXTS[2].replace("six minutes", "nine minutes")), "changed", id="an old post edited"),
        pytest.param([*POSTS[:4], *POSTS[5:]], "changed", id="one deleted from the middle"),
    ],
)  # fmt: skip
def test_what_a_second_look_means(then: Sequence[Any], expected: str) -> None:
    """Order, repetitions, ids and how many posts are shown mean nothing; texts do."""
    assert [expected] == outcomes(POSTS, then)[0]


def test_a_window_that_moves_adds_and_removes_nothing_else() -> None:
    """The page shows the newest five: each look adds one post, and those that fall off stay in the text."""
    windows = [POSTS[n : n + 5] for n in (4, 3, 2, 1)]
    seen, reader = outcomes(*windows)
    assert ["changed"] * 3 == seen
    for found, number in zip(reader.judgements, (3, 2, 1), strict=True):
        added = set(found.text_after.split("\n")) - set(found.text_before.split("\n"))
        assert ([f"Entry {number}. {TEXTS[number]}"], set()) == (
            list(added),
            set(found.text_before.split("\n")) - set(found.text_after.split("\n")),
        )


def test_an_edit_of_a_post_is_told_while_the_window_moves_and_posts_reorder() -> None:
    """The edited post is paired with itself."""
    first, then = POSTS[1:6], [*edited(3, TEXTS[3].replace("31 people", "38 people"))[:5]][::-1]
    seen, reader = outcomes(first, then)
    assert ["changed"] == seen
    assert {f"Entry 3. {TEXTS[3]}"} == set(reader.judgements[0].text_before.split("\n")) - set(reader.text.split("\n"))


@pytest.mark.parametrize("keys", [("url",), ("url", "datePublished"), ("url", "headline")], ids=str)
def test_posts_without_an_address(keys: tuple[str, ...]) -> None:
    """When it was published, under which headline, or its text tells a post."""
    posts = without(POSTS, *keys)
    assert ["same", "changed"] == outcomes(posts, posts, [*posts[:3], *posts[4:]])[0]


def test_two_thousand_posts_whose_ids_are_never_the_same() -> None:
    """No flood: neither new ids nor repeated ones are news."""
    many = [[{"@id": f"urn:{look}:{n}", "articleBody": f"Line {n} of the long night at the quay, {n * 7} boats passed."}
             for n in range(2_000)] for look in range(3)]  # fmt: skip
    assert ["same", "same"] == outcomes(*many)[0]
    same_id = [[{**post, "@id": "urn:one"} for post in posts[:300]] for posts in many]
    assert ["same", "same"] == outcomes(*same_id)[0]
