"""One of each thing that the desk shows, and the addresses of all its pages, read out of the route table."""

import re
from datetime import datetime

import sqlalchemy as sa
from fastapi.routing import APIRoute

from store import previews
from store.engine import writing
from store.filters import save_filter
from store.reviews import review
from store.tables import look
from tests.parts.rows import Newsroom
from web.app import ROUTERS

_NO_PAGE = ("/livez", "/readyz", "/metrics", "/login", "/endpoints/{endpoint_id}/secret")
_NAMED = re.compile(r"\{(\w+)(:\w+)?\}")


def one_of_each(store: sa.Engine, now: datetime, url: str = "https://harbour.example/bridge") -> int:
    """A feed with a tag, a story of two versions with a word about its change, an article without a version, looks, a
    delivery to an endpoint, a saved filter, a dry run; each has the id 1. Returns the id of the story."""
    with writing(store) as connection:
        newsroom = Newsroom(connection, now)
        story = newsroom.story(url)
        newsroom.entry(newsroom.feed(tags=["harbour"]), story)
        newsroom.article(f"{url}/unread", last_reason="timeout", failures=2)
        for outcome in ("200-new", "failed", "200-same"):
            known = {"reason": "timeout" if outcome == "failed" else "", "count": 2, "outcome": outcome}
            connection.execute(look.insert().values(article_id=story, from_at=now, to_at=now, **known))
        newsroom.delivery()
        newsroom.role("poller")
        review(connection, 1, "right", note="seen in print", by="ana", now=now)
        save_filter(connection, "night", "type=casualty&tag=harbour", by="ana", now=now)
        previews.ask(connection, url="https://dry.example/", host_name="dry.example:443", now=now)
    return story


def _routes() -> list[APIRoute]:
    routes = (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))
    return [route for route in routes if "GET" in (route.methods or ())]


def _filled(path: str) -> str:
    return _NAMED.sub("1", path)


def twins() -> list[str]:
    """The address of every page's twin in JSON."""
    return sorted(
        {_filled(route.path) for route in _routes() if route.path.endswith(".json") and "/api/" not in route.path}
    )


def pages() -> list[str]:
    """The address of every page for people, with 1 in place of what is asked for."""
    shown = [route.path for route in _routes() if not route.path.startswith(("/api/v1", "/atom"))]
    return sorted(
        {_filled(path) for path in shown if path not in _NO_PAGE and not path.endswith((".json", ".jsonl", "snapshot"))}
    )
