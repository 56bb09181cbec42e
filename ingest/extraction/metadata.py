"""What a page says about itself in JSON-LD and meta elements, read directly; nothing of it is trusted to be whole."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from ingest.dates import parse_date, zone_of
from ingest.language import words_in

_MAX_SCRIPT = 1_000_000
_MAX_TITLE = 500
_NAME = 4  # words from which a heading is rather a headline than a site's name
_MOST_POSTS = 2_000
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_ARTICLES = ("article", "newsarticle", "blogposting", "reportage", "report", "liveblogposting")
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=\D|$)")
_SITE_PART = re.compile(r"\s+[|–—·»«:-]\s+")
_PUBLISHED = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "cxenseparse:recs:publishtime",
)
_MODIFIED = (
    "article:modified_time",
    "datemodified",
    "og:updated_time",
    "last-modified",
    "dcterms.modified",
    "lastmod",
    "article.updated",
)
_BYLINE = ("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Fields as the page gives them; empty or None where it does not. *updates* are a live blog's posts, each with its
    address or id; *kinds* are the lower-case JSON-LD types seen; *zone* is the offset (``+02:00``) of its stamps."""

    headline: str
    title: str
    byline: str
    published: datetime | None
    modified: datetime | None
    language: str
    canonical: str
    updates: tuple[tuple[str, str], ...]
    kinds: frozenset[str]
    paywalled: bool
    zone: str = ""


def metadata(tree: etree._Element, url: str) -> Metadata:
    """Reads head and JSON-LD once."""
    metas = _metas(tree)
    nodes = list(_json_ld(tree))
    article = next((node for node in nodes if _kinds(node) & set(_ARTICLES)), {})
    return Metadata(
        headline=_headline(tree, metas, article),
        title=_clean(_text_of(tree.find(".//title"))),
        byline=_byline(article, metas),
        published=_first_date(article.get("datePublished"), *(metas.get(name) for name in _PUBLISHED), _url_day(url)),
        modified=_first_date(article.get("dateModified"), *(metas.get(name) for name in _MODIFIED)),
        language=_language(tree, article, metas),
        canonical=_canonical(tree, metas, url),
        updates=_updates(nodes),
        kinds=frozenset().union(*(_kinds(node) for node in nodes)),
        paywalled=str(article.get("isAccessibleForFree")).lower() in ("false", "no"),
        zone=_zone(article.get("datePublished"), *(metas.get(name) for name in _PUBLISHED)),
    )


def _zone(*written: object) -> str:
    return next((zone for each in written if (zone := zone_of(each))), "")


def _first_date(*written: object) -> datetime | None:
    return next((moment for each in written if (moment := parse_date(each))), None)


def _url_day(url: str) -> str:
    found = _URL_DAY.search(url)
    return "-".join(found.groups()) if found else ""


def _metas(tree: etree._Element) -> dict[str, str]:
    """The first content of each name, property or itemprop, in lower case."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = meta.get("content")
        if name and content:
            found.setdefault(name.lower(), content[:2000])
    return found


def _json_ld(tree: etree._Element) -> Iterator[Mapping[str, Any]]:
    for script in tree.iter("script"):
        written = script.text
        if "ld+json" not in script.get("type", "") or not written or len(written) > _MAX_SCRIPT:
            continue
        try:
            parsed = json.loads(written, strict=False, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            continue
        yield from _nodes(parsed, 0)


def _nodes(parsed: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > 4:
        return
    if isinstance(parsed, list):
        for each in parsed[:200]:
            yield from _nodes(each, depth + 1)
    elif isinstance(parsed, dict):
        yield parsed
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _nodes(parsed.get(key), depth + 1)


def _kinds(node: Mapping[str, Any]) -> set[str]:
    written = node.get("@type")
    return {kind.lower() for kind in (written if isinstance(written, list) else [written]) if isinstance(kind, str)}


def _clean(written: object, limit: int = _MAX_TITLE) -> str:
    if not isinstance(written, str):
        return ""
    text = html.unescape(written) if "&" in written else written
    return " ".join(text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "").split())[:limit]


def _text_of(element: etree._Element | None) -> str:
    return "" if element is None else "".join(str(text) for text in element.itertext())


def _headline(tree: etree._Element, metas: Mapping[str, str], article: Mapping[str, Any]) -> str:
    """The visible heading that says most of what the page claims as its title, else that title without the site."""
    title = _clean(_text_of(tree.find(".//title")))
    claims = [
        _clean(each) for each in (article.get("headline"), metas.get("og:title"), metas.get("twitter:title"), title)
    ]
    claims = [claim for claim in claims if claim]
    headings = [heading for each in tree.iter("h1") if (heading := _clean(_text_of(each)))]
    named = _clean(metas.get("og:site_name"))
    own = [each for each in headings if each != named and not _names_site(each, title, claims[:-1])]
    found = max(own, key=lambda heading: _said(heading, claims), default="")
    if _said(found, claims):
        return found
    if claims:
        return _without_site(claims[0])
    return headings[0] if len(headings) == 1 else ""


def _said(heading: str, claims: Iterable[str]) -> float:
    """The most that a heading says of one of the claims, 0–1; nothing where most of its words are none of the
    claim's, and little for a section's name."""
    words = set(heading.lower().split())
    told = [(len(words & claimed), len(claimed)) for claim in claims if (claimed := set(claim.lower().split()))]
    return max((shared / every for shared, every in told if shared * 2 > len(words)), default=0.0)


def _names_site(heading: str, title: str, claims: Sequence[str]) -> bool:
    """Whether a heading is a logo or a section's: words of the title's end alone, where what stands before is claimed
    elsewhere or longer. A longer heading is none by its length alone: some titles begin with the site."""
    first, *rest = _SITE_PART.split(title)
    words, site = set(heading.casefold().split()), set(" ".join(rest).casefold().split())
    ends = words <= site and not words <= set(first.casefold().split())
    return ends and (first in claims or (words_in(heading) < _NAME and len(first) > len(heading)))


def _without_site(title: str) -> str:
    parts = _SITE_PART.split(title)
    return max(parts, key=len) if len(parts) > 1 and len(max(parts, key=len)) * 2 > len(title) else title


def _byline(article: Mapping[str, Any], metas: Mapping[str, str]) -> str:
    authors = article.get("author")
    names = [_name(each) for each in (authors if isinstance(authors, list) else [authors])[:10]]
    found = ", ".join(dict.fromkeys(name for name in names if name))
    if not found:
        found = next((_clean(metas[name], 200) for name in _BYLINE if name in metas), "")
    return "" if found.startswith(("http:", "https:")) else found[:300]


def _name(author: object) -> str:
    return _clean(author.get("name") if isinstance(author, dict) else author, 200)


def _language(tree: etree._Element, article: Mapping[str, Any], metas: Mapping[str, str]) -> str:
    root = tree if tree.tag == "html" else tree.getroottree().getroot()
    spoken = article.get("inLanguage")
    named = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or metas.get("og:locale") or spoken
    )
    code = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", named) if isinstance(named, str) else None
    return code[0].lower() if code else ""


def _canonical(tree: etree._Element, metas: Mapping[str, str], url: str) -> str:
    """The canonical address where it lies on the page's own site and is not merely its front page."""
    links = (link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    for written in (*links, metas.get("og:url")):
        if not written or len(written) > 2048:
            continue
        try:
            address = urlsplit(urljoin(url, written.strip()))
            here = urlsplit(url)
            if address.scheme not in ("http", "https") or not address.hostname:
                continue
            same = not here.hostname or _bare(address.hostname) == _bare(here.hostname)
        except ValueError:
            continue
        if same and (address.path.strip("/") or address.query or not here.path.strip("/")):
            return address._replace(fragment="").geturl()
    return ""


def _bare(host: str) -> str:
    return re.sub(r"^(?:www\d?|amp|m|mobile)\.", "", host.lower().rstrip("."))


def _updates(nodes: list[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """(address, id or what else tells it apart, text) of each post of a live blog, newest first where all have a date,
    else as ordered by the page."""
    for node in nodes:
        written = node.get("liveBlogUpdate")
        if "liveblogposting" in _kinds(node) and isinstance(written, list | dict):
            every = written if isinstance(written, list) else [written]
            found = [post for post in every[:_MOST_POSTS] if isinstance(post, dict) and _post(post)]
            dates = [parse_date(post.get("datePublished")) for post in found]
            if all(dates):
                dated = sorted(zip(found, dates, strict=True), key=lambda each: each[1] or _NEVER, reverse=True)
                found = [post for post, _ in dated]
            return tuple(_told_apart((_post_key(post), _post(post)) for post in found))
    return ()


def _post_key(post: Mapping[str, Any]) -> str:
    """A post's address or id, else when it was published and under which headline."""
    named = next((key for name in ("url", "@id", "identifier") if (key := _clean(post.get(name), 2048))), "")
    when, headline = _clean(post.get("datePublished"), 60), _clean(post.get("headline"), 80)
    return named or f"{when} {headline}".strip()


def _told_apart(posts: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Posts without their exact repetitions; others under one address are numbered."""
    seen: dict[str, list[str]] = {}
    for key, text in posts:
        texts = seen.setdefault(key, [])
        if text not in texts:
            texts.append(text)
            yield f"{key} {len(texts)}" if key and len(texts) > 1 else key, text


def _post(post: Mapping[str, Any]) -> str:
    headline = _clean(post.get("headline"))
    body = post.get("articleBody") or post.get("text") or post.get("description")
    text = _clean(re.sub(r"<[^>]{0,500}>", " ", body) if isinstance(body, str) else "", 20_000)
    if not headline or text.startswith(headline):
        return text
    return f"{headline}. {text}" if text else headline
