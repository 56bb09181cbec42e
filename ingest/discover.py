"""The feed that a page names: ``<link rel="alternate">`` (RSS Advisory Board's and WHATWG's autodiscovery)."""

from ingest.extraction.decode import decode
from ingest.extraction.dom import parse
from ingest.feeds import absolute
from ingest.model import ParseError

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_COMMENTS = ("comment", "kommentar", "commentaire", "comentario")


def feed_named_by(body: bytes, content_type: str, url: str) -> str:
    """The first feed of articles that an HTML page names, absolute; empty where it names none. Feeds of comments come
    last."""
    try:
        tree, _ = parse(decode(body, content_type))
    except ParseError:
        return ""
    found: list[tuple[bool, str]] = []
    for link in tree.iter("link"):
        rel, kind = (link.get("rel") or "").lower().split(), (link.get("type") or "").lower().strip()
        target = absolute(link.get("href") or "", url) if "alternate" in rel and kind in _TYPES else ""
        if target:
            about = f"{link.get('title') or ''} {target}".lower()
            found.append((any(word in about for word in _COMMENTS), target))
    return min(found, key=lambda each: each[0])[1] if found else ""
