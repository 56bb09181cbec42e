"""URLs as names: when two of them mean the same page, the same site, the same host.

courlan.clean_url was measured and left: it drops ``?cid=738``, ``?uid=…``, ``?keyword=…`` and every parameter without a
value (``?MaryMcConnell``), which are the article's number on real sites, and so makes one article of many."""

import re
from urllib.parse import unquote, urlsplit, urlunsplit

from ingest.fetching.target import Target, target
from ingest.model import FetchError

# Parameters that say where a reader came from. Whole names only: "ref" is a campaign, "refid" may be the article.
TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_(?:campaign|kwd|source|medium|keyword)|matomo_\w+|itm_\w+|hsa_\w+|vero_(?:id|conv)|oly_(?:anon|enc)_id"
    r"|at_(?:medium|campaign|custom\d|link_\w+|ptr_\w+|bbc_team|format)|ns_(?:mchannel|source|campaign|linkname|fee)"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|igshid|igsh|li_fat_id|mc_[ce]id|_hs(?:enc|mi)"
    r"|mkt_tok|s_cid|icid|ncid|cmpid|cmp|ocid|xtor|ftag|smid|smtyp|ref_src|ref_url|__twitter_impression|guccounter"
    r"|_ga|_gl|spm|taid|partner_cid|campaign_id|traffic_source|wt_mc|wt\.mc_id|dicbo",
    re.IGNORECASE,
)
_FRONTS = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.\w{3,5})?/?)?", re.IGNORECASE)
_ALIASES = ("www.", "amp.", "m.", "mobile.")
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_AMP_END = re.compile(r"(?:/amp/?|\.amp)$|\.amp(?=\.html?$)", re.IGNORECASE)
_OTHER_DRESS = re.compile(r"/(?:amp|mobile|m)(?=/.{8})", re.IGNORECASE)
_AMP_QUERY = re.compile(r"_?amp(?:=(?:1|true)?)?|output(?:type)?=amp|view=(?:amp|mobile)|m=1", re.IGNORECASE)
_AMP_CACHE = re.compile(r"(?:https?:)?//[\w.-]+\.cdn\.ampproject\.org/(?:[civwr]/)?(s/)?(?=[^/]+\.)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\da-z])[a-z]?(\d{6,14})(?!\d)", re.IGNORECASE)
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6})?")
_ESCAPED = re.compile(r"%[0-9a-fA-F]{2}")
_CREDENTIALS = re.compile(r"(?<=//)[^/?#\s]*@")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


def clean(url: str) -> str:
    """The URL without its fragment, credentials and tracking parameters, host and escapes normalised, so that equal
    pages have equal URLs. What no request can be made of comes back as it is, stripped."""
    there = _target(url)
    if there is None:
        return url.strip()
    split = urlsplit(there.url)
    kept = [part for part in split.query.split("&") if part and not TRACKING.fullmatch(_name(part))]
    path = _ESCAPED.sub(_unescaped, split.path)
    return urlunsplit((split.scheme, split.netloc, path, _ESCAPED.sub(_unescaped, "&".join(kept)), ""))


def site_of(url: str) -> str:
    """The site that a page belongs to: its host without ``www.``, ``amp.``, ``m.``; empty for what is no URL."""
    there = _target(url)
    if there is None:
        return ""
    host = there.host
    for alias in _ALIASES:
        shorter = host.removeprefix(alias)
        if shorter != host and "." in shorter:
            return shorter
    return host


def page_of(url: str) -> str:
    """The page that a URL leads to, whatever way: without scheme, ``www.`` and its like, AMP and mobile dress, index
    file and last slash, the parameters sorted. Equal pages are one article as long as nobody shows that they are not;
    empty for what is no URL."""
    cached = _AMP_CACHE.match(url.strip())
    there = _target(clean(f"http{'s' if cached[1] else ''}://{url.strip()[cached.end() :]}" if cached else url))
    if there is None:
        return ""
    split = urlsplit(clean(there.url))
    parameters = sorted(part for part in split.query.split("&") if part and not _AMP_QUERY.fullmatch(part))
    path = _INDEX.sub("/", _AMP_END.sub("", split.path))
    path = _OTHER_DRESS.sub("", path, count=1) if _OTHER_DRESS.match(path) else path
    port = "" if there.port in (80, 443) else f":{there.port}"
    return f"{site_of(there.url)}{port}{path.rstrip('/')}{'?' if parameters else ''}{'&'.join(parameters)}"


def story_number(url: str) -> str:
    """The number by which a site keeps the story, whatever the words around it in the path say: the last one of six or
    more digits that is no date. With its site; empty where the path has none."""
    there = _target(url)
    found = _NUMBER.findall(urlsplit(there.url).path) if there else []
    numbers = [number for number in found if not _DAY.fullmatch(number)]
    return f"{site_of(url)}/{numbers[-1]}" if numbers else ""


def host_of(url: str) -> str:
    """``host:port`` with the default port filled in: what is asked one request at a time; empty for what is no URL."""
    there = _target(url)
    if there is None:
        return ""
    return f"[{there.host}]:{there.port}" if ":" in there.host else f"{there.host}:{there.port}"


def is_front(url: str) -> bool:
    """Whether the URL is a site's front page, in one language perhaps: no path to speak of, and no query."""
    split = urlsplit(url)
    return not split.query and _FRONTS.fullmatch(split.path) is not None


def shown(url: str) -> str:
    """The URL as it may be shown, logged and sent: without credentials, even where no request can be made of it."""
    there = _target(url)
    return _CREDENTIALS.sub("", url.strip()) if there is None else there.url


def secured(url: str, final_url: str) -> str:
    """*final_url* where it is *url* with https for http and nothing else changed, else *url*: to be redirected there
    each time would make two requests of every look. A URL with credentials stays: *final_url* has none."""
    there = _target(url)
    if there is None or there.userinfo:
        return url
    return final_url if clean(final_url) == clean(url.replace("http://", "https://", 1)) else url


def robots_url(url: str) -> str:
    """Where the rules for this URL stand (RFC 9309 §2.3): robots.txt of its origin."""
    there = target(url)
    return Target(there.scheme, there.host, there.port, "/robots.txt").url


def front_of(url: str) -> str:
    """The front page of the URL's origin."""
    there = target(url)
    return Target(there.scheme, there.host, there.port, "/").url


def _target(url: str) -> Target | None:
    try:
        return target(url.strip())
    except FetchError:
        return None


def _name(parameter: str) -> str:
    return unquote(parameter.partition("=")[0])


def _unescaped(match: re.Match[str]) -> str:
    """RFC 3986 §6.2.2: an escaped unreserved character is that character; other escapes are in upper case."""
    written = unquote(match[0], "latin-1")
    return written if _UNRESERVED.fullmatch(written) else match[0].upper()
