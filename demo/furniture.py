"""Page text that is not the article: ads, teasers, lists, counters, comments. Pure functions of the look's number."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from random import Random

_POOL = tomllib.loads((Path(__file__).parent / "furniture.toml").read_text("utf-8"))
PLACES: list[str] = _POOL["places"]
PEOPLE: list[str] = _POOL["people"]
COMMENTS: list[str] = _POOL["comments"]
PROMOS: list[str] = _POOL["promos"]
TOPICS: list[dict[str, str]] = _POOL["topic"]


@dataclass(frozen=True, slots=True)
class Teaser:
    """Another story's headline and first paragraph, with a link to it."""

    headline: str
    paragraph: str
    href: str


@dataclass(frozen=True, slots=True)
class Furniture:
    """Everything around an article at one look. Counts are plain numbers, *ago* is text as shown."""

    teaser: Teaser
    read_also: Teaser
    promo: str
    comments: tuple[str, ...]
    most_read: tuple[Teaser, ...]
    related: tuple[tuple[str, str], ...]
    views: int
    shares: int
    reading: int
    ago: str
    ticker: str
    weather: str
    nonce: str
    session: str


def teaser(number: int) -> Teaser:
    """Teaser *number*; two that follow each other share neither headline nor figures."""
    topic, words = TOPICS[number % len(TOPICS)], _words(number)
    return Teaser(
        topic["headline"].format(**words), topic["paragraph"].format(**words), f"/news/{2000 + number * 7}.html"
    )


def furnish(slug: str, look: int, now: datetime, published: datetime, others: Sequence[tuple[str, str]]) -> Furniture:
    """What stands around the article *slug* at its look *look*; *others* are headlines and paths of the same outlet."""
    dice = Random(f"{slug}:{look}")
    start = Random(slug).randrange(90)
    related = list(others)
    dice.shuffle(related)
    digest = sha256(f"{slug}:{look}".encode()).hexdigest()
    return Furniture(
        teaser=teaser(start + look),
        read_also=teaser(start + 3 + look // 4),
        promo=PROMOS[look % len(PROMOS)].format(**_words(look)),
        comments=tuple(COMMENTS[i % len(COMMENTS)].format(**_words(start + i)) for i in range(1 + min(look, 60))),
        most_read=tuple(teaser(start + 20 + (look + i) % 9) for i in range(5)),
        related=tuple(related),
        views=1_200 + start * 3 + look * 37,
        shares=40 + look * 3,
        reading=dice.randrange(60, 400),
        ago=_ago(now, published, look),
        ticker=f"CRN/EUR {9 + dice.random():.4f}  TOR/CRN {2 + dice.random():.4f}  Barley {180 + dice.randrange(40)}",
        weather=f"{dice.randrange(-2, 14)}°, wind {dice.randrange(2, 18)} m/s",
        nonce=digest[:22],
        session=digest[22:46],
    )


def _words(number: int) -> dict[str, object]:
    return {
        "place": PLACES[number % len(PLACES)],
        "person": PEOPLE[(number * 3 + number // 7) % len(PEOPLE)],
        "few": 11 + number * 5 % 43,
        "less": 4 + number % 5,
        "many": f"{1_150 + number * 61:,}",
        "money": f"{3 + number % 23}.{1 + number % 9}",
    }


def _ago(now: datetime, published: datetime, look: int) -> str:
    minutes = max(1, int((now - published).total_seconds() // 60)) + look
    if minutes < 60:
        return f"{minutes} minutes ago"
    return f"{minutes // 60} h {minutes % 60} min ago"
