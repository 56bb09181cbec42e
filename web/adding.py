"""What is watched, changed from the desk: a dry run asked for and taken up, a feed added, paused, tagged, removed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ingest.model import FetchError
from ingest.subscriptions import watched_url
from ingest.urls import host_of, site_of
from store import articles, curating, feeds, previews, watching
from store.ruling import LONGEST, MOST
from web.answers import RefusalError
from web.tending import existing
from workers.entries import names_of
from workers.feeds import watch

WHAT_MAX = 60_000
"""Characters of a URL or an OPML document; a longer list is for `./writethru add FILE`."""


def ask(connection: sa.Connection, what: str, now: datetime) -> int:
    """A dry run of a URL, or of an OPML document: its first character tells them apart. Raises RefusalError 400, 429
    while too many are under way."""
    written = what.strip()
    if written.startswith("<"):
        made = previews.ask_list(connection, written.encode("utf-8", "replace"), now)
    else:
        url = address(written)
        made = previews.ask(connection, url=url, host_name=host_of(url), now=now)
    if made is None:
        raise RefusalError(429, "Too many dry runs are under way; watch or leave one.", headers={"retry-after": "60"})
    return made


def address(written: str) -> str:
    """A URL as it is watched. Raises RefusalError 400."""
    try:
        return watched_url(written if "://" in written else f"https://{written}")
    except FetchError:
        raise RefusalError(400, "That is neither an http or https address nor an OPML document.") from None


def tags_of(written: str | Sequence[str]) -> tuple[str, ...]:
    """Tags out of a field with commas, or a list. Raises RefusalError 400 for too many or too long ones."""
    parts = written.split(",") if isinstance(written, str) else written
    tags = tuple(dict.fromkeys(tag for part in parts if (tag := " ".join(part.split()))))
    if len(tags) > MOST or any(len(tag) > LONGEST for tag in tags):
        raise RefusalError(400, f"A feed may have {MOST} tags of {LONGEST} characters.")
    return tags


def watched_as(connection: sa.Connection, row: previews.PreviewRow) -> int | None:
    """The feed or article that is watched already under the address of a dry run; None where it is new, or a list."""
    kind = (row.found or {}).get("kind")
    if kind not in ("feed", "article"):
        return None
    url = previews.address(connection, row.id)
    if kind == "feed":
        return feeds.by_url(connection, url)
    keys = [key for key, known in names_of(url).items() if known != "number"]
    named = articles.by_keys(connection, keys)
    return next((named[key] for key in keys if key in named), None)


def take_up(
    connection: sa.Connection, preview_id: int, tags: Sequence[str], only: Sequence[str], now: datetime
) -> list[dict[str, Any]]:
    """Watches what a dry run found (of a list the feeds named in *only*, or all), and forgets the dry run; returns
    ``{"kind", "id"}`` each. Raises RefusalError 404, or 409 where there is nothing to watch."""
    row = existing(previews.get(connection, preview_id, now), "dry run, or its hour is over")
    if row.state != "read" or row.found is None:
        raise RefusalError(409, "This dry run found nothing that can be watched.")
    watched = [_watch(connection, each, tags, now) for each in _targets(connection, row.id, row.found, only)]
    previews.drop(connection, preview_id)
    return watched


def _targets(
    connection: sa.Connection, preview_id: int, found: Mapping[str, Any], only: Sequence[str]
) -> list[dict[str, Any]]:
    if found["kind"] == "list":
        return [{"kind": "feed", **each} for each in found["feeds"] if not only or each["url"] in only]
    return [{"kind": found["kind"], "url": previews.address(connection, preview_id), "tags": []}]


def _watch(connection: sa.Connection, each: Mapping[str, Any], tags: Sequence[str], now: datetime) -> dict[str, Any]:
    if each["kind"] == "article":
        return {"kind": "article", "id": watch(connection, each["url"], "", now)}
    return {"kind": "feed", "id": add_feed(connection, each["url"], (*each["tags"], *tags), now)}


def add_feed(connection: sa.Connection, url: str, tags: Sequence[str], now: datetime) -> int:
    """Watches a feed from now on; a known one is resumed and keeps its tags."""
    return feeds.add(connection, url=url, host_name=host_of(url), site=site_of(url), tags=tags, now=now)[0]


def pause(connection: sa.Connection, feed_id: int) -> None:
    """Looks at a feed no more until it is resumed. Raises RefusalError 404."""
    existing(watching.pause(connection, "feed", feed_id), "feed")


def resume(connection: sa.Connection, feed_id: int, now: datetime) -> None:
    """Looks at it again, at once. Raises RefusalError 404."""
    existing(watching.resume(connection, "feed", feed_id, now), "feed")


def tag(connection: sa.Connection, feed_id: int, tags: Sequence[str]) -> None:
    """Raises RefusalError 404."""
    existing(curating.set_tags(connection, feed_id, tags) or None, "feed")


def remove(connection: sa.Connection, feed_id: int) -> None:
    """Forgets a feed; its articles stay watched. Raises RefusalError 404."""
    existing(curating.remove(connection, feed_id) or None, "feed")
