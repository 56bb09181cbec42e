"""Three invented sites in other languages and other markup than the demo's, whose pages fidget in every known way."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SITES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "abroad.toml").read_text("utf-8"))
NOISES = (
    "counters", "lists", "comments", "today", "redesign", "typography", "double-encoding", "promo", "pagination",
    "collapse", "stale-copy", "headline-test", "session", "modified", "next-article", "topics",
)  # fmt: skip
_TYPOGRAPHY = str.maketrans({"„": '"', "“": '"', "«": '"', "»": '"', "–": "—", "'": "’"})


@dataclass(frozen=True, slots=True)
class Fidget:
    """One look (from 0) at a site's page under one noise; *edited*: the toll has moved."""

    site: str
    noise: str
    look: int
    edited: bool = False

    @property
    def odd(self) -> bool:
        """Whether this look shows the other face of a noise that flips."""
        return self.look % 2 == 1

    def says(self, key: str) -> str:
        """One of the site's phrases with this look's figures."""
        return str(SITES[self.site][key]).format(n=3 + self.look * 7, m=12 + self.look * 3)


def page(fidget: Fidget) -> bytes:
    """The page as served."""
    site, noise, odd = SITES[fidget.site], fidget.noise, fidget.odd
    stale = noise == "stale-copy" and fidget.look % 3 == 2
    texts = [_edited(text, site) if fidget.edited and not stale else text for text in site["paragraphs"]]
    headline = site["other_headline"] if noise == "headline-test" and odd else site["headline"]
    if noise == "typography" and odd:
        texts = [text.translate(_TYPOGRAPHY).replace(" ", "\u00a0", 2) for text in texts]
    if noise == "pagination":
        texts = texts[4:] if odd else texts[:4]
    body = list(_body(texts, fidget))
    layout = _LAYOUTS[fidget.site if noise != "redesign" else _NEXT[fidget.site]]
    markup = _document(fidget, headline, layout(headline, body, list(_below(fidget)), _aside(fidget)))
    if noise == "double-encoding" and odd:
        return "".join(_as_windows_1252(byte) for byte in markup.encode()).encode()
    return markup.encode()


def _edited(text: str, site: dict[str, Any]) -> str:
    return text.replace(site["before"], site["after"])


def _as_windows_1252(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def _body(texts: Sequence[str], fidget: Fidget) -> Iterator[str]:
    site, noise = SITES[fidget.site], fidget.noise
    title, teaser = site["teasers"][fidget.look % 4]
    if noise == "collapse" and fidget.odd:
        yield fidget.says("loading")
        return
    for number, text in enumerate(texts):
        yield text
        if number == 2 and noise == "topics":
            yield from (site["topics"], title, teaser)
        if number == 3 and noise == "promo":
            yield fidget.says("promo")
        if number == 4:
            yield f'{site["also"]} <a href="/x{fidget.look}">{title}</a>'


def _below(fidget: Fidget) -> Iterator[tuple[str, str]]:
    """(kind, text) of what follows the article: ``label``, ``headline`` or ``text``."""
    site, noise, look = SITES[fidget.site], fidget.noise, fidget.look
    if noise == "pagination":
        yield "text", site["pager"].format(n=2 if fidget.odd else 1)
    if noise == "comments":
        yield "label", site["readers"].format(n=look + 1)
        for number in range(look + 1):
            yield "text", site["comments"][number % 3].format(n=number + 2, m=number + 5)
    if noise == "next-article":
        other = SITES[_NEXT[fidget.site]]
        yield "headline", other["headline"]
        yield from (("text", text) for text in other["paragraphs"])


def _aside(fidget: Fidget) -> str:
    site = SITES[fidget.site]
    turned = [*site["teasers"][fidget.look % 4 :], *site["teasers"][: fidget.look % 4]]
    shown = turned if fidget.noise == "lists" else site["teasers"]
    links = "".join(f'<a href="/{number}">{title}</a><br>' for number, (title, _) in enumerate(shown))
    today = f"<div>{fidget.says('today')}</div>" if fidget.noise == "today" else ""
    counters = f"<div>{fidget.says('ago')} | {fidget.says('views')}</div>" if fidget.noise == "counters" else ""
    return f"{today}{counters}<b>{site['read']}</b><br>{links}"


def _document(fidget: Fidget, headline: str, inner: str) -> str:
    session = f' data-s="{fidget.look * 7919:x}"' if fidget.noise == "session" else ""
    hour = 7 + (fidget.look if fidget.noise == "modified" else 0)
    return (
        f'<!DOCTYPE html><html lang="{SITES[fidget.site]["language"]}"><head><meta charset="utf-8"><title>{headline}'
        f'</title><meta property="article:published_time" content="2026-03-03T06:00:00Z">'
        f'<meta property="article:modified_time" content="2026-03-03T{hour:02}:00:00Z"></head><body{session}>{inner}</body></html>'
    )


def _bote(headline: str, body: list[str], below: list[tuple[str, str]], aside: str) -> str:
    lines = "".join(f'<div class="absatz">{text}</div>' for text in body)
    tags = {"label": '<div class="leser"><b>{}</b></div>', "headline": "<h1>{}</h1>", "text": "<div>{}</div>"}
    after = "".join(tags[kind].format(text) for kind, text in below)
    return (
        f'<div class="kopf"><a href="/">Bote</a></div><main><h1>{headline}</h1><div class="text">{lines}</div>'
        f'<div class="fuss">{after}</div></main><div class="rand">{aside}</div>'
    )


def _visnyk(headline: str, body: list[str], below: list[tuple[str, str]], aside: str) -> str:
    tags = {"label": "<h3>{}</h3>", "headline": "<h1>{}</h1>", "text": "<p>{}</p>"}
    lines = "".join(f"<p>{text}</p>" for text in body) + "".join(tags[kind].format(text) for kind, text in below)
    return (
        f'<header><a href="/">Вісник</a></header><div class="layout"><article><h1>{headline}</h1>{lines}</article>'
        f"<aside>{aside}</aside></div>"
    )


def _heraldo(headline: str, body: list[str], below: list[tuple[str, str]], aside: str) -> str:
    tags = {"label": "<h4>{}</h4>", "headline": "<h1>{}</h1>", "text": "{}<br><br>"}
    lines = "<br><br>".join(body) + "<br><br>" + "".join(tags[kind].format(text) for kind, text in below)
    return (
        f'<table width="780"><tr><td colspan="2"><a href="/">El Heraldo</a></td></tr><tr><td width="560"><h1>{headline}</h1>'
        f'<font size="3">{lines}</font></td><td>{aside}</td></tr></table>'
    )


_LAYOUTS: dict[str, Callable[[str, list[str], list[tuple[str, str]], str], str]] = {
    "bote": _bote,
    "visnyk": _visnyk,
    "heraldo": _heraldo,
}
_NEXT = {"bote": "visnyk", "visnyk": "heraldo", "heraldo": "bote"}
