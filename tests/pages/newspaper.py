"""An invented newspaper: pages of one story as its site might serve them, and a reader that looks again and again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from ingest.extraction.page import extract
from ingest.judging.judge import Judgement, judge
from ingest.model import Block, Page, SiteMemory

URL = "https://courier.example/2026/03/02/granary-fire"
HEADLINE = "Granary fire in Port Almery leaves 12 dead"
STORY = (
    "At least 12 people died when a fire swept through the old granary in Port Almery late on Sunday, the harbour "
    "brigade said.",
    "The blaze began shortly after 21:40 on the third floor, where a theatre company had been rehearsing a new play, "
    "according to chief fire officer Maren Tolvik.",
    "“We reached the stairs within six minutes, but the smoke was already down to the street,” Tolvik told reporters "
    "outside the gates on Monday morning.",
    "Another 31 people were taken to two hospitals, nine of them in a critical condition, the regional health board "
    "said in a statement.",
    "Mayor Osk Lindahl denied that the council had ignored a warning about the building's blocked rear exit.",
    "The granary, built in 1884, was turned into studios and flats in 2011 at a cost of £4.5m and passed its last "
    "inspection two years ago.",
    "Neighbours said they had heard an explosion before the lights went out along the quay.",
    "An inquiry led by Judge Petra Hallow will open on 9 March and is expected to report before the summer.",
)
TEASERS = (
    (
        "Island council sells seven ferries",
        "The council of Norrey has sold seven ferries for 40 million crowns to a private firm.",
    ),
    ("Goalkeeper, 19, wins chess final", "Ilse Marne beat the champion in 43 moves before a crowd of 600 in Lisbrook."),
    (
        "Bridge opens nine years late",
        "Drivers crossed the Vell for the first time since 2017 on Saturday after 3 delays.",
    ),
    (
        "Wheat harvest falls by 8 percent",
        "Farmers blamed a late frost across the southern plains and the price of seed.",
    ),
    ("Minister resigns over lake survey", "Tomas Reck stepped down after 14 months, saying that he had misread a map."),
    ("Library lends its millionth book", "The winner, a 7-year-old from Eastgate, took home an atlas and 2 tickets."),
)


def paragraphs(texts: Iterable[str]) -> str:
    """Plain ``<p>`` elements."""
    return "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in texts)


def page(
    body: str | Sequence[str] = STORY,
    *,
    headline: str = HEADLINE,
    head: str = "",
    above: str = "",
    below: str = "",
    aside: str = "",
    wrapper: str = "story-text",
) -> bytes:
    """A page with masthead, menu, article, sidebar and footer. *body* is HTML or paragraphs; *above* and *below* stand
    inside of the article, around its text."""
    inner = body if isinstance(body, str) else paragraphs(body)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(headline)} | The Courier</title>
<link rel="canonical" href="{URL}"><meta property="article:published_time" content="2026-03-02T06:10:00Z">{head}</head>
<body><header class="masthead"><a href="/">The Courier</a><nav><ul>
<li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li><li><a href="/weather">Weather</a></li></ul></nav></header>
<main><article class="story"><h1>{escape(headline)}</h1>{above}
<div class="{wrapper}">{inner}</div>{below}</article>
<aside class="rail">{aside}</aside></main>
<footer><p>© 2026 The Courier. All rights reserved.</p><a href="/terms">Terms</a></footer></body></html>""".encode()


def with_teaser(at: int, number: int, label: str = "") -> str:
    """The story with another article's headline and paragraph in its middle, in plain ``<p>`` elements."""
    title, text = TEASERS[number % len(TEASERS)]
    return paragraphs([*STORY[:at], *([label] if label else []), title, text, *STORY[at:]])


@dataclass(slots=True)
class Reader:
    """Reads one article as the service does: the latest version, what waits, what is known of slots."""

    memory: SiteMemory = field(default_factory=SiteMemory)
    blocks: Sequence[Block] | None = None
    headline: str = ""
    pending: Sequence[Block] | None = None
    pending_headline: str | None = None
    slots: list[dict[str, Any]] | None = None
    stood: int = 0
    judgements: list[Judgement] = field(default_factory=list)

    def look(self, body: bytes) -> str:
        """One look; returns its outcome (``first`` for the first)."""
        read = extract(body, URL, memory=self.memory)
        assert read.verdict == "article", read.verdict
        return self.see(read)

    def see(self, read: Page) -> str:
        """Judges a page that has been read."""
        if self.blocks is None:
            self.blocks, self.headline = read.blocks, read.headline
            return "first"
        verdict = judge(
            self.blocks, self.pending, read.blocks, self.slots, self.memory, headline_before=self.headline,
            headline_pending=self.pending_headline, headline_after=read.headline, stood=self.stood,
        )  # fmt: skip
        self.judgements.append(verdict)
        self.slots, self.pending = verdict.slots, verdict.pending
        self.pending_headline = read.headline if verdict.pending is not None else None
        self.stood = self.stood + 1 if verdict.outcome == "same" else 0
        if verdict.outcome == "changed":
            self.blocks, self.headline = verdict.blocks, verdict.headline
        return verdict.outcome

    @property
    def text(self) -> str:
        """The latest version's text."""
        return "\n".join(block.text for block in self.blocks or () if block.kept)


def outcomes(looks: Iterable[bytes], memory: SiteMemory | None = None) -> list[str]:
    """The outcome of each look after the first."""
    reader = Reader(memory or SiteMemory())
    return [reader.look(body) for body in looks][1:]
