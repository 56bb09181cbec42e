"""`add`: watch a feed, a page that names its feed, an article, or every feed of an OPML file."""

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import say

if TYPE_CHECKING:
    import sqlalchemy as sa

    from config.settings import Settings
    from ingest.subscriptions import Subscription

WAIT = 30.0
"""Seconds that the first look at a single URL is waited for while a poller is running."""


def add(
    context: typer.Context,
    what: Annotated[
        list[str], typer.Argument(help="URLs of feeds, pages or articles; OPML files", metavar="URL|FILE…")
    ],
    tag: Annotated[list[str] | None, typer.Option(help="a tag for these feeds; may be given again")] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Watches feeds, pages that name their feed, or articles."""
    from config.clock import now
    from store import feeds, roles
    from store.engine import engine_for, reading, writing
    from store.migrate import migrate

    wanted = _wanted(what, tuple(tag or ()), context.obj)
    if not wanted:
        say.fail("nothing is left to watch")
    engine = engine_for(context.obj.database_url)
    migrate(engine)
    asked = now()
    with writing(engine) as connection:
        articles = {each.url: _article(connection, each.url) for each in wanted}
        added = [
            (each.url, *((0, False) if articles[each.url] else feeds.add(connection, **_named(each), now=asked)))
            for each in wanted
        ]
        polling = bool(roles.alive(connection, "poller", asked))
    if polling and len(added) == 1 and not articles[added[0][0]]:
        _wait(engine, added[0][1], asked)
    with reading(engine) as connection:
        for url, feed_id, new in added:
            found = articles[url] or _outcome(connection, url, feed_id)
            _tell({**found, "new": new and found["state"] != feeds.NAMES}, polling=polling, as_json=json)
    engine.dispose()


def _wanted(what: list[str], tags: tuple[str, ...], settings: "Settings") -> "list[Subscription]":
    """What the arguments name, in their order; ends the verb where one names nothing."""
    from ingest.model import FetchError, ParseError
    from ingest.subscriptions import LARGEST, Subscription, subscriptions, watched_url
    from ingest.urls import shown

    found: list[Subscription] = []
    for written in what:
        path = Path(written)
        if "://" not in written and not path.exists():
            say.fail(f"no such file: {shown(written)!r}; give an http(s) URL or an OPML file", code=2)
        try:
            if "://" in written or not path.is_file():
                found.append(Subscription(watched_url(written), "", tags))
                continue
            with path.open("rb") as file:
                listed, refused = subscriptions(file.read(LARGEST + 1), settings.fetch.allow_networks)
        except FetchError as error:
            say.fail(f"cannot watch {shown(written)!r}: {error}; give an http(s) URL or an OPML file", code=2)
        except (ParseError, OSError) as error:
            say.fail(f"cannot read {written!r}: {error}")
        for url in refused:
            say.note(f"left out {shown(url)!r}: not an http(s) URL, or an address that may not be reached")
        found += [Subscription(each.url, each.title, (*each.tags, *tags)) for each in listed]
    return found


def _named(each: "Subscription") -> dict[str, Any]:
    from ingest.urls import host_of, site_of

    return {"url": each.url, "host_name": host_of(each.url), "site": site_of(each.url), "tags": each.tags}


def _wait(engine: "sa.Engine", feed_id: int, asked: datetime) -> None:
    from store import asking
    from store.engine import reading

    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        with reading(engine) as connection:
            if asking.answered(connection, "feed", feed_id, asked):
                return
        time.sleep(0.2)


def _article(connection: "sa.Connection", url: str) -> "dict[str, object] | None":
    """The article that is watched at *url*, unless a feed is."""
    from ingest.urls import shown
    from store import articles, feeds
    from workers.entries import names_of

    keys = [key for key, kind in names_of(url).items() if kind != "number"]
    named = articles.by_keys(connection, keys)
    known = next((named[key] for key in keys if key in named), None)
    if known is None or feeds.by_url(connection, url) is not None:
        return None
    return {"kind": "article", "id": known, "url": shown(url), "state": "watched"}


def _outcome(connection: "sa.Connection", url: str, feed_id: int) -> dict[str, object]:
    """What the URL is now known to be."""
    from cli.unread import words
    from store import feeds
    from store.views.feeds import feed_by
    from store.views.unread import unread_sites

    row = feed_by(connection, feeds.named_by(connection, feed_id) or feed_id)
    assert row is not None
    if row.id != feed_id:
        told = {"kind": "feed", "id": row.id, "url": row.url, "title": row.title}
        return {**told, "state": feeds.NAMES, "tags": list(row.tags)}
    article = _article(connection, url) if row.last_reason == feeds.ARTICLE else None
    if article is not None:
        return article
    looked = row.last_checked_at is not None
    state = row.last_reason or ("watched" if looked else "waiting")
    told = {"kind": "feed", "id": feed_id, "url": row.url, "title": row.title, "state": state, "tags": list(row.tags)}
    unread = unread_sites(connection, row.site)
    return {**told, "unread": words(unread[0])} if unread else told


def _tell(outcome: dict[str, object], *, polling: bool, as_json: bool) -> None:
    if as_json:
        say.row(outcome)
        return
    if outcome["state"] == "names-a-feed":
        say.line(f"it names feed {outcome['id']}, which is watched: {outcome['title'] or outcome['url']}")
        return
    known = "now watching" if outcome["new"] else "already watching"
    say.line(
        f"{known} {outcome['kind']} {outcome['id']}: {outcome.get('title') or outcome['url']}  ({outcome['state']})"
    )
    if "unread" in outcome:
        say.note(str(outcome["unread"]))
    if not polling and outcome["state"] == "waiting":
        say.note("nobody polls yet: start `./writethru up`")
