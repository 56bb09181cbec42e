"""The newsroom: invented outlets on loopback whose stories are advanced by hand or by demo.timeline."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from threading import Lock
from typing import Self
from urllib.parse import parse_qs, urlsplit

from config import clock
from config.clock import Clock
from demo.outlets import OUTLETS, Outlet
from demo.page import Entry, View, path_of, render_feed, render_front, render_page
from demo.serving import Answer, Loopback, Request
from demo.story import Copy, Step, Story, load_stories

ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /share/\n"


@dataclass(frozen=True, slots=True)
class Served:
    """One answer that was given: by which outlet, for which path (with query), with which status."""

    outlet: str
    path: str
    status: int


@dataclass(slots=True)
class _Desk:
    """Where a story stands: its stage, since when, and how often its page was looked at."""

    entered: list[datetime]
    modified: datetime
    looked: dict[int, datetime] = field(default_factory=dict)
    stage: int = 0
    looks: int = 0
    looks_at_stage: int = 0
    extra: frozenset[str] | None = None


class Newsroom:
    """Serves every outlet on a port of its own between ``with`` and its end. Stories stand at their first stage until
    they are advanced; every method may be called from any thread."""

    def __init__(
        self,
        stories: Iterable[Story] | None = None,
        outlets: Iterable[Outlet] = OUTLETS,
        now: Clock = clock.now,
    ) -> None:
        self._now = now
        opening = now()
        self.stories = {story.slug: story for story in (load_stories(opening) if stories is None else stories)}
        self.outlets = {outlet.key: outlet for outlet in outlets}
        self.served: deque[Served] = deque(maxlen=10_000)
        self._desks = {slug: _Desk([opening], story.published) for slug, story in self.stories.items()}
        self._lock = Lock()
        self._servers = {key: Loopback(self._answerer(outlet)) for key, outlet in self.outlets.items()}

    def __enter__(self) -> Self:
        for server in self._servers.values():
            server.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.stop()

    def origin(self, outlet: str) -> str:
        """The outlet's scheme, host and port."""
        return self._servers[outlet].origin

    def feed_url(self, outlet: str) -> str:
        """Where the outlet's feed is."""
        return f"{self.origin(outlet)}/feed.xml"

    def article_url(self, slug: str) -> str:
        """The story's canonical URL."""
        story = self.stories[slug]
        return self.origin(story.outlet) + path_of(story)

    def story_at(self, url: str) -> Story | None:
        """The story whose page *url* is, whatever its query; None for any other URL."""
        bare = urlsplit(url)._replace(query="", fragment="").geturl()
        return next((story for slug, story in self.stories.items() if self.article_url(slug) == bare), None)

    def stage(self, slug: str) -> int:
        """How many steps the story has made since its publication."""
        return self._desks[slug].stage

    def ended(self, slug: str) -> bool:
        """Whether the story has no step left."""
        return self.stage(slug) + 1 == len(self.stories[slug].steps)

    def looks(self, slug: str) -> int:
        """How often the story's page was looked at since it entered its present stage."""
        return self._desks[slug].looks_at_stage

    def entered_at(self, slug: str, stage: int) -> datetime:
        """When the story entered *stage*. Raises IndexError where it has not yet."""
        return self._desks[slug].entered[stage]

    def first_look_at(self, slug: str, stage: int) -> datetime | None:
        """When the story's page was first fetched at *stage*; None where it was not."""
        return self._desks[slug].looked.get(stage)

    def advance(self, slug: str) -> Step | None:
        """Makes the story's next step and returns it; None where it has ended."""
        story, desk = self.stories[slug], self._desks[slug]
        with self._lock:
            if desk.stage + 1 == len(story.steps):
                return None
            desk.stage += 1
            desk.looks_at_stage = 0
            desk.entered.append(self._now())
            step = story.steps[desk.stage]
            if step.copy.moved:
                desk.modified = desk.entered[-1]
            return step

    def noise(self, slug: str, *names: str) -> None:
        """From now on the story's page shows exactly these noises beside the outlet's standing ones."""
        with self._lock:
            self._desks[slug].extra = frozenset(names)

    def _answerer(self, outlet: Outlet) -> Callable[[Request], Answer]:
        def answer(request: Request) -> Answer:
            with self._lock:
                given = self._answer(outlet, request)
                self.served.append(Served(outlet.key, request.path, given.status))
            return given

        return answer

    def _answer(self, outlet: Outlet, request: Request) -> Answer:
        target = urlsplit(request.path)
        if request.method not in ("GET", "HEAD"):
            return Answer(405)
        if target.path == "/robots.txt":
            return Answer(200, ROBOTS.encode())
        if target.path == "/feed.xml":
            return self._feed(outlet, request)
        if target.path == "/":
            return Answer(200, render_front(outlet, self.origin(outlet.key), self._entries(outlet)), "text/html")
        bare = target.path.removeprefix("/amp")
        for story in self.stories.values():
            if story.outlet == outlet.key and path_of(story) == bare:
                return self._page(outlet, story, request, parse_qs(target.query), amp=bare != target.path)
        return Answer(404, b"<h1>Not found</h1>", "text/html; charset=utf-8")

    def _feed(self, outlet: Outlet, request: Request) -> Answer:
        entries = self._entries(outlet)
        body = render_feed(outlet, self.origin(outlet.key), entries)
        changed = max((desk.entered[-1] for slug, desk in self._desks.items() if self._of(outlet, slug)), default=None)
        return _conditional(request, body, f"application/{outlet.feed}+xml; charset=utf-8", _etag(body), changed)

    def _page(self, outlet: Outlet, story: Story, request: Request, query: dict[str, list[str]], amp: bool) -> Answer:
        desk, copy = self._desks[story.slug], self._copy(story)
        if copy.status != 200:
            self._looked(desk)
            return Answer(copy.status, b"<h1>This page is no longer available</h1>", "text/html; charset=utf-8")
        sheet = 2 if query.get("page") == ["2"] else 1
        content_type = "text/html; charset=utf-8"
        body = render_page(self._view(outlet, story, sheet, amp))
        if sheet == 1 and not amp:
            desk.looks += 1
            self._looked(desk)
        if outlet.etags and not copy.noises:
            return _conditional(request, body, content_type, _etag(repr(copy).encode()), desk.entered[-1])
        return Answer(200, body, content_type, {"Cache-Control": "no-cache"})

    def _looked(self, desk: _Desk) -> None:
        desk.looks_at_stage += 1
        desk.looked.setdefault(desk.stage, self._now())

    def _view(self, outlet: Outlet, story: Story, sheet: int, amp: bool) -> View:
        desk = self._desks[story.slug]
        others = [other for slug, other in self.stories.items() if self._of(outlet, slug) and other != story]
        return View(
            outlet=outlet,
            origin=self.origin(outlet.key),
            story=story,
            copy=self._copy(story),
            before=story.steps[max(0, desk.stage - 1)].copy,
            look=desk.looks,
            now=self._now(),
            modified=desk.modified,
            others=tuple((self._copy(other).headline, path_of(other)) for other in others),
            following=others[0].steps[0].copy if others else story.steps[0].copy,
            sheet=sheet,
            amp=amp,
        )

    def _entries(self, outlet: Outlet) -> list[Entry]:
        listed = []
        for slug, story in self.stories.items():
            copy = self._copy(story)
            if self._of(outlet, slug) and copy.status == 200:
                link = self.article_url(slug) + ("?utm_source=feed" if "session" in outlet.noises else "")
                listed.append(Entry(story, copy, link, self._desks[slug].modified))
        return listed

    def _of(self, outlet: Outlet, slug: str) -> bool:
        return self.stories[slug].outlet == outlet.key

    def _copy(self, story: Story) -> Copy:
        desk = self._desks[story.slug]
        copy = story.steps[desk.stage].copy
        return copy if desk.extra is None else replace(copy, noises=desk.extra)


def _etag(content: bytes) -> str:
    return f'"{sha256(content).hexdigest()[:20]}"'


def _conditional(request: Request, body: bytes, content_type: str, etag: str, changed: datetime | None) -> Answer:
    """200 or 304 by the rules of RFC 9110 §13.2.2: If-Modified-Since only counts where no ETag is asked for."""
    stamp = format_datetime(changed, usegmt=True) if changed else ""
    validators = {"ETag": etag} | ({"Last-Modified": stamp} if stamp else {})
    asked = request.headers.get("if-none-match")
    if asked is None:
        fresh = bool(stamp) and request.headers.get("if-modified-since") == stamp
    else:
        fresh = etag in (one.strip().removeprefix("W/") for one in asked.split(","))
    return Answer(304, headers=validators) if fresh else Answer(200, body, content_type, validators)
