"""A withdrawn article whose address answers again, with its text or with something else."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from store.engine import writing
from store.tables import article
from tests.parts.pages import BODY, page
from tests.parts.reading import Desk

WALL = (
    b"<html><title>Just a moment...</title><body>Checking your browser before accessing "
    b"the site. Enable JavaScript and cookies to continue.</body></html>"
)
REWRITTEN = page((BODY[0].replace("12", "15"), *BODY[1:]))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader of an article that was read and has gone since."""
    desk = Desk(engine, now)
    desk.look(page())
    desk.look(page(nonce="2"))
    withdraw(desk, desk.now + MINUTE)
    return desk


def withdraw(desk: Desk, since: datetime) -> None:
    """The poller's finding."""
    gone = {"availability": "withdrawn", "gone_since": since, "gone_reason": "http-410"}
    with writing(desk.engine) as connection:
        connection.execute(article.update().values(gone))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(page(nonce="3"), id="its text"),
        pytest.param(page(nonce="3", extra="<aside><p>Sign up for our newsletter</p></aside>"), id="more around it"),
        pytest.param(REWRITTEN, id="a new text"),
    ],
)
def test_a_page_that_is_read_again_is_back(desk: Desk, body: bytes) -> None:
    """An article's text, the old one or another, is its return: told once, with what it was gone for."""
    desk.look(body)
    desk.look(body)
    [(_, told)] = [each for each in desk.alerts() if each[0] == "article.restored"]
    assert ("http-410", 1) == (told["reason"], told["last_version"])
    assert "withdrawn" != told["article"]["state"]
    row = desk.article()
    assert ("ok", None, "") == (row.availability, row.gone_since, row.gone_reason)


def test_a_wall_is_no_return(desk: Desk) -> None:
    """A challenge where the page was brings nothing back; the page behind it does, later."""
    assert "blocked" == desk.look(WALL)
    assert ("withdrawn", []) == (desk.article().availability, desk.alerts())
    desk.look(page(nonce="3"))
    assert ["article.restored"] == [type_ for type_, _ in desk.alerts()]


@pytest.mark.parametrize("body", [page(nonce="3"), page(nonce="3", extra="<p>x</p>"), REWRITTEN, WALL])
def test_bytes_from_before_are_no_return(desk: Desk, body: bytes) -> None:
    """What was fetched before the page went may be read after it: the page stays withdrawn."""
    withdraw(desk, desk.now + 10 * MINUTE)
    desk.look(body)
    assert "withdrawn" == desk.article().availability
    assert "article.restored" not in [type_ for type_, _ in desk.alerts()]


def test_nobody_is_told_of_a_page_that_was_never_read(engine: sa.Engine, now: datetime) -> None:
    """A page without a version was not told as withdrawn, so its first version is no return."""
    desk = Desk(engine, now)
    desk.watch()
    withdraw(desk, now)
    desk.look(page())
    assert ("ok", []) == (desk.article().availability, desk.alerts())
