"""Makes digests: one message that names what was told in a while, in pages that no receiver refuses for their length.

The alerts named, the message and its delivery are one transaction: whoever dies on the way leaves all of them waiting.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from store import alerts, digests
from store.digests import Item
from store.engine import reading, writing
from store.events import plain, stamp
from workers.bodies import ENGINE

TYPE = "alerts.digest"
PAGE = 16_000
"""Bytes of alerts in one message; what stands around them has room below the 20 kB of every body."""
CHIPS = 5
"""Fact changes of one alert that are named; the rest are counted."""
LONG, SHORT = 200, 60
"""Characters of a headline, and of a value in a chip."""
URL = 500
"""Characters of an address; a longer one is left out, for half of it leads nowhere."""

log = structlog.get_logger()


def send_due(engine: sa.Engine, now: datetime) -> int:
    """Owes every digest that is due at *now*; returns how many messages that makes."""
    with reading(engine) as connection:
        due = [each for each in digests.waiting(connection) if each.rule.digest_due(each.first) <= now]
    return sum(_sent(engine, each.endpoint_id, now) for each in due)


def _sent(engine: sa.Engine, endpoint_id: int, now: datetime) -> int:
    """One endpoint's digest; a fault in it costs nobody else their bell."""
    try:
        return _send(engine, endpoint_id, now)
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("digest cannot be made", endpoint=endpoint_id)
        return 0


def _send(engine: sa.Engine, endpoint_id: int, now: datetime) -> int:
    with writing(engine) as connection:
        items = digests.take(connection, endpoint_id)
        pages = paged([entry_of(item) for item in items])
        for number, page in enumerate(pages, 1):
            _owe(connection, endpoint_id, page, {"page": number, "pages": len(pages)}, now)
    return len(pages)


def _owe(
    connection: sa.Connection,
    endpoint_id: int,
    page: Sequence[Mapping[str, Any]],
    numbers: Mapping[str, int],
    now: datetime,
) -> None:
    ids = [str(each["id"]) for each in page]
    span = {"from": page[0]["timestamp"], "to": page[-1]["timestamp"]}
    digest_id = alerts.tell(
        connection,
        type=TYPE,
        subject=f"endpoint:{endpoint_id}",
        cause=f"alert:{ids[0]}",
        engine=ENGINE,
        body={"endpoint": {"id": endpoint_id}, **numbers, **span, "count": len(page), "alerts": page},
        now=now,
        only=endpoint_id,
    )
    assert digest_id is not None, "an alert that a digest named waits for another one"
    digests.cover(connection, endpoint_id, ids, digest_id)


def entry_of(item: Item) -> dict[str, Any]:
    """What a digest says of one alert: its id, what it is about, the loudest of its changes as chips, and where it has
    them, its reason and what it takes back."""
    about = item.body.get("article") or item.body.get("feed") or {}
    changes: Sequence[Mapping[str, Any]] = item.body.get("changes") or ()
    links = {name: url for name, url in (item.body.get("links") or {}).items() if len(str(url)) <= URL}
    return {
        "id": item.alert_id,
        "type": item.type,
        "timestamp": stamp(item.at),
        "severity": item.severity or None,
        "headline": _short(about.get("title"), LONG),
        "url": str(about.get("url") or "") if len(str(about.get("url") or "")) <= URL else "",
        "chips": [_chip(change) for change in changes[:CHIPS]],
        "more": max(0, len(changes) - CHIPS),
        "links": links,
        **_beside(item.body),
    }


def _beside(body: Mapping[str, Any]) -> dict[str, Any]:
    """What an event says that carries no changes: why a page went or a feed fails, which change was wrong."""
    said = {name: _short(body[name], LONG) for name in ("reason", "note") if body.get(name)}
    return said | {name: body[name] for name in ("retracts",) if body.get(name)}


def paged(entries: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """The entries in order, as many a page as fit; one that is long by itself stands alone."""
    pages: list[list[Mapping[str, Any]]] = []
    left = 0
    for entry in entries:
        needs = len(json.dumps(plain(entry), ensure_ascii=True, separators=(",", ":"))) + 1
        if not pages or needs > left:
            pages.append([])
            left = PAGE
        pages[-1].append(entry)
        left -= needs
    return pages


def _chip(change: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: _short(change.get(name), SHORT) for name in ("subject", "before", "after")}
    return {"id": change.get("id"), "type": change.get("type"), **said, "severity": change.get("severity")}


def _short(written: Any, most: int) -> str | None:
    if written is None:
        return None
    text = " ".join(str(written).split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
