"""Pages and feeds of the newsroom as bytes. Pure: everything that differs between two looks is handed in."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from demo.furniture import Furniture, furnish
from demo.noise import encode_twice, odd, retypeset, stale
from demo.outlets import Outlet
from demo.story import Copy, Story

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(("html", "xml", "j2")),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["rfc822"] = lambda moment: format_datetime(moment, usegmt=True)
_REDESIGN = {"courier": "wire", "wire": "dispatch", "gazette": "courier", "dispatch": "gazette"}
_WHERE = {2: "ad", 3: "read-also", 4: "topics", 5: "promo", 7: "ad"}
_BESIDES = {"topics", "promo"}


@dataclass(frozen=True, slots=True)
class View:
    """One article at one look. *before* is the copy that a stale cache holds, *sheet* the page asked for where an
    article is paginated (1 or 2), *following* the story that infinite scroll appends, *others* headline and path of
    the outlet's other articles."""

    outlet: Outlet
    origin: str
    story: Story
    copy: Copy
    before: Copy
    look: int
    now: datetime
    modified: datetime
    others: tuple[tuple[str, str], ...]
    following: Copy
    sheet: int = 1
    amp: bool = False

    @property
    def noises(self) -> frozenset[str]:
        """The outlet's standing noise and this stage's own."""
        return self.outlet.noises | self.copy.noises


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of an article's body: ``text``, or a kind of furniture that stands between two paragraphs."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed."""

    story: Story
    copy: Copy
    link: str
    modified: datetime


def path_of(story: Story) -> str:
    """Where the story's page stands on its outlet's server."""
    return f"/{story.section.lower()}/{story.slug}.html"


def render_page(view: View) -> bytes:
    """The page as it is served at this look, noise included."""
    copy = _shown(view)
    around = furnish(view.story.slug, view.look, view.now, view.story.published, view.others)
    moved = view.now if "modified" in view.noises else view.modified
    page = _TEMPLATES.get_template(f"{_template(view)}.html.j2").render(
        outlet=view.outlet,
        origin=view.origin,
        story=view.story,
        copy=copy,
        canonical=view.origin + path_of(view.story),
        path=path_of(view.story),
        now=view.now,
        modified=moved,
        shows_stamp=view.modified > view.story.published,
        stamp=view.modified,
        around=around,
        noises=view.noises,
        pieces=tuple(_pieces(copy, view.noises)),
        sheet=view.sheet,
        sheets=2 if "pagination" in view.noises else 1,
        following=view.following if "next-article" in view.noises and view.look else None,
        collapsed="collapse" in view.noises and odd(view.look),
        json_ld=_json_ld(view, copy, moved),
        tracking=_tracking(view, around),
    )
    return page.encode()


def render_feed(outlet: Outlet, origin: str, entries: Sequence[Entry]) -> bytes:
    """The outlet's feed, newest entry first; equal entries give equal bytes."""
    newest = sorted(entries, key=lambda entry: entry.story.published, reverse=True)
    updated = max((entry.modified for entry in entries), default=None)
    template = _TEMPLATES.get_template(f"{outlet.feed}.xml.j2")
    return template.render(outlet=outlet, origin=origin, entries=newest, updated=updated).encode()


def render_front(outlet: Outlet, origin: str, entries: Sequence[Entry]) -> bytes:
    """The outlet's front page, which names its feed."""
    return _TEMPLATES.get_template("front.html.j2").render(outlet=outlet, origin=origin, entries=entries).encode()


def _template(view: View) -> str:
    if view.amp:
        return "amp"
    return _REDESIGN[view.outlet.template] if "redesign" in view.copy.noises else view.outlet.template


def _shown(view: View) -> Copy:
    noises, look = view.noises, view.look
    copy = view.before if "stale-copy" in noises and stale(look) else view.copy
    if "headline-test" in noises and odd(look) and view.story.other_headline:
        copy = replace(copy, headline=view.story.other_headline)
    if "typography" in noises and odd(look):
        copy = _each(copy, retypeset)
    if "double-encoding" in noises and odd(look):
        copy = _each(copy, encode_twice)
    if "pagination" in noises:
        half = (len(copy.paragraphs) + 1) // 2
        copy = replace(copy, paragraphs=copy.paragraphs[:half] if view.sheet == 1 else copy.paragraphs[half:])
    return copy


def _each(copy: Copy, rewrite: Callable[[str], str]) -> Copy:
    paragraphs = tuple(rewrite(text) for text in copy.paragraphs)
    return replace(copy, headline=rewrite(copy.headline), paragraphs=paragraphs)


def _pieces(copy: Copy, noises: frozenset[str]) -> Iterator[Piece]:
    for number, paragraph in enumerate(copy.paragraphs, start=1):
        yield Piece("text", paragraph)
        kind = _WHERE.get(number)
        if kind and number < len(copy.paragraphs) and (kind not in _BESIDES or kind in noises):
            yield Piece(kind)


def _json_ld(view: View, copy: Copy, modified: datetime) -> str:
    """JSON-LD that may stand inside of a script element: nothing in it can close that element."""
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": copy.headline,
        "datePublished": view.story.published.isoformat(),
        "dateModified": modified.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in view.story.byline.split(" and ")],
        "publisher": {"@type": "NewsMediaOrganization", "name": view.outlet.name},
        "mainEntityOfPage": view.origin + path_of(view.story),
        "articleSection": view.story.section,
        "inLanguage": "en",
    }
    return json.dumps(article, ensure_ascii=False).replace("<", "\\u003c")


def _tracking(view: View, around: Furniture) -> str:
    return f"?utm_source=related&sid={around.session}" if "session" in view.noises else ""
