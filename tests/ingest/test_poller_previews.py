"""Dry runs through the real poller: fetched politely, kept apart, refused with the reason."""

import pytest
import sqlalchemy as sa

from config.clock import now as clock
from ingest.urls import host_of
from store import previews
from store.engine import reading, writing
from store.tables import article, feed, look, outbox, preview, snapshot
from tests.ingest.hostile import Reply, answer, serving
from tests.ingest.polling import asked, counted, polling, until

FORBIDDEN = answer("200 OK", b"User-agent: *\nDisallow: /", "Content-Type: text/plain")


@pytest.mark.parametrize(
    ("robots", "page", "state", "reason"),
    [
        pytest.param(answer("404 Not Found"), answer("200 OK", b"<p>story</p>"), "fetched", "", id="it came"),
        pytest.param(answer("404 Not Found"), answer("410 Gone"), "refused", "http-410", id="it is gone"),
        pytest.param(FORBIDDEN, answer("200 OK", b"<p>story</p>"), "refused", "robots", id="robots.txt forbids it"),
    ],
)
def test_a_dry_run_is_fetched_once(engine: sa.Engine, robots: Reply, page: Reply, state: str, reason: str) -> None:
    """It is kept for a reader, or refused with the reason; nothing else is written down, and it is not asked again."""
    with serving({"/robots.txt": robots, "/a": page}) as server:
        url = server.url("/a")
        with writing(engine) as connection:
            made = previews.ask(connection, url=url, host_name=host_of(url), now=clock())
        assert made is not None
        with polling(engine) as running:
            until(engine, counted(preview, preview.c.state != "asked"))
        assert len(asked(server, "/a")) == (0 if reason == "robots" else 1)
    with reading(engine) as connection:
        row = previews.get(connection, made, clock())
        kept = previews.load(connection, made)
        elsewhere = [counted(table)(connection) for table in (article, feed, look, snapshot)]
        owed = [*connection.scalars(sa.select(outbox.c.id).where(outbox.c.kind == "preview"))]
    assert row is not None
    assert (row.state, row.reason[: len(reason)]) == (state, reason)
    assert (kept.body if kept else None) == (b"<p>story</p>" if state == "fetched" else None)
    assert (elsewhere, running.rung) == ([0, 0, 0, 0], owed)
