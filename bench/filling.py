"""A store as it looks after years: rows written in bulk, so that pages can be measured at their full weight."""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from store import tables
from store.engine import writing
from store.versions import pack_text

FEEDS = 50
HOSTS = 200
CHANGED_EVERY = 4
"""Every so many versions bring a fact change, an alert and a delivery."""
GONE_EVERY = 50
"""Every so many fact changes a page is withdrawn."""
REVIEWED_EVERY = 20
"""Every so many fact changes somebody said a word about."""
LONG, LARGE = 1, 2
"""The article with 500 versions, and the one whose text has 200 kB."""
LONG_VERSIONS = 500
LARGE_BYTES = 200_000
_AT_ONCE = 5_000
_STEP = timedelta(seconds=20)
_TYPES = ("casualty", "number", "status", "quote", "name", "attribution", "correction", "date")
_SEVERITIES = ("critical", "high", "medium", "low")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: articles, and versions of each ordinary one."""

    articles: int
    versions_each: int

    def versions_of(self, article: int) -> int:
        """How many versions an article has."""
        return LONG_VERSIONS if article == LONG else self.versions_each

    @property
    def versions(self) -> int:
        """All of them."""
        return self.articles * self.versions_each - self.versions_each + LONG_VERSIONS


@dataclass(frozen=True, slots=True)
class _Written:
    """One text of an article, packed."""

    text: bytes
    blocks: bytes
    sha256: str


class Filling:
    """Writes everything that *size* asks for; the newest version was seen at *now*."""

    def __init__(self, engine: sa.Engine, size: Size, now: datetime) -> None:
        self._engine, self._size, self._now = engine, size, now
        self._texts: Final = [_written(_paragraphs(12, toll)) for toll in range(60)]
        self._large: Final = [_written(_paragraphs(LARGE_BYTES // 130, toll)) for toll in range(2)]

    def fill(self) -> None:
        """Table after table, in chunks of one transaction each."""
        everything: list[tuple[sa.Table, Callable[[], Iterator[Row]]]] = [
            (tables.host, self._hosts),
            (tables.feed, self._feeds),
            (tables.article, self._articles),
            (tables.entry, self._entries),
            (tables.look, self._looks),
            (tables.version, self._versions),
            (tables.edit, self._edits),
            (tables.fact_change, self._changes),
            (tables.endpoint, self._endpoints),
            (tables.alert, self._alerts),
            (tables.delivery, self._deliveries),
            (tables.attempt, self._attempts),
            (tables.review, self._reviews),
            (tables.saved_filter, self._filters),
        ]
        for table, rows in everything:
            pending = rows()
            while chunk := list(islice(pending, _AT_ONCE)):
                with writing(self._engine) as connection:
                    connection.execute(table.insert(), chunk)

    def _numbered(self) -> Iterator[tuple[int, int, int]]:
        """Version id, article id, number: in the order in which they were seen, article after article in turn."""
        made = 0
        for number in range(1, max(LONG_VERSIONS, self._size.versions_each) + 1):
            whose = range(1, self._size.articles + 1) if number <= self._size.versions_each else (LONG,)
            for article in whose:
                made += 1
                yield made, article, number

    def _changed(self) -> Iterator[tuple[int, int, int, int]]:
        """Change id, version id, article id, number."""
        made = 0
        for version, article, number in self._numbered():
            if number > 1 and (version % CHANGED_EVERY == 0 or article == LARGE):
                made += 1
                yield made, version, article, number

    def _at(self, version: int) -> datetime:
        return self._now - _STEP * (self._size.versions - version)

    def _hosts(self) -> Iterator[Row]:
        for n in range(1, HOSTS + 1):
            yield {"id": n, "name": f"site{n}.example:443"}

    def _feeds(self) -> Iterator[Row]:
        for n in range(1, FEEDS + 1):
            url = f"https://site{n}.example/feed.xml"
            named = {"title": f"Wire {n}", "site": f"site{n}.example", "tags": ["world"] if n % 2 else []}
            yield {"id": n, "url": url, **named, **self._looked(n)}

    def _looked(self, n: int) -> Row:
        failed = n % 20 == 0
        return {
            "host_id": 1 + n % HOSTS,
            "created_at": self._now - timedelta(days=300),
            "last_checked_at": self._now - timedelta(seconds=n % 3600),
            "next_check_at": self._now + timedelta(seconds=n % 3600 - 60),
            "last_status": 503 if failed else 200,
            "last_reason": "http-503" if failed else "",
            "failures": 3 if failed else 0,
            "interval": 300.0,
        }

    def _articles(self) -> Iterator[Row]:
        for n in range(1, self._size.articles + 1):
            url = f"https://site{1 + n % HOSTS}.example/news/{n}"
            last = self._now - timedelta(seconds=n % 100_000)
            named = {"title": f"Ferry {n} sinks off the cape", "site": f"site{1 + n % HOSTS}.example", "language": "en"}
            known = {"versions": self._size.versions_of(n), "last_changed_at": last}
            yield {"id": n, "url": url, "canonical": url, **named, **known, **self._looked(n)}

    def _entries(self) -> Iterator[Row]:
        for n in range(1, self._size.articles + 1):
            link = f"https://site{1 + n % HOSTS}.example/news/{n}"
            seen = {"first_seen_at": self._now - timedelta(days=200)}
            yield {"feed_id": 1 + n % FEEDS, "guid": link, "link": link, "article_id": n, **seen}

    def _looks(self) -> Iterator[Row]:
        for n in range(1, self._size.articles + 1):
            for k, outcome in enumerate(("200-same", "failed", "200-same")):
                begun = self._now - timedelta(hours=3 - k)
                yield {"article_id": n, "from_at": begun, "to_at": begun + timedelta(minutes=50), "outcome": outcome,
                       "count": 10, "reason": "timeout" if outcome == "failed" else ""}  # fmt: skip

    def _versions(self) -> Iterator[Row]:
        for n, article, number in self._numbered():
            held = self._large[number % 2] if article == LARGE else self._texts[number % len(self._texts)]
            yield {
                "id": n,
                "article_id": article,
                "number": number,
                "fingerprint": held.sha256,
                "headline": f"Ferry {article} sinks off the cape",
                "text": held.text,
                "blocks": held.blocks,
                "sha256": held.sha256,
                "language": "en",
                "factual": number > 1 and n % CHANGED_EVERY == 0,
                "severity": _SEVERITIES[n % 4],
                "seen_old_at": self._at(n) - _STEP if number > 1 else None,
                "seen_new_at": self._at(n),
                "chain": held.sha256,
            }

    def _edits(self) -> Iterator[Row]:
        for n, _article, number in self._numbered():
            if number > 1:
                pair = {"before": _sentence(0, number - 1), "after": _sentence(0, number)}
                yield {"version_id": n, "ordinal": 0, "action": "edit", "intention": "fact", **pair}

    def _changes(self) -> Iterator[Row]:
        for n, version, article, number in self._changed():
            place = {"version_id": version, "article_id": article, "ordinal": 0, "created_at": self._at(version)}
            yield {"id": n, **place, **_change(n, number)}

    def _endpoints(self) -> Iterator[Row]:
        for n in range(1, 11):
            yield {"id": n, "url": f"https://desk{n}.example/hook", "secret": "whsec_x", "created_at": self._now}

    def _alerts(self) -> Iterator[Row]:
        for n, version, article, number in self._changed():
            cause = {"subject": f"article:{article}", "cause": f"version:{version}"}
            told = {"type": "article.facts_changed", "severity": _SEVERITIES[n % 4], "created_at": self._at(version)}
            about = {"id": article, "title": f"Ferry {article} sinks off the cape", "tags": ["world"]}
            said = {"article": about, "version": {"from": number - 1, "to": number}, "stealth": False}
            yield {"id": f"alert-{n}", **cause, **told, "body": said | {"changes": [_change(n, number)]}}
            if n % GONE_EVERY == 0:
                gone = {"type": "article.withdrawn", "cause": f"outbox:{n}", "severity": "high"}
                yield {"id": f"gone-{n}", **cause, **told, **gone, "body": {"reason": "http-404"}}

    def _deliveries(self) -> Iterator[Row]:
        for n, version, _article, _number in self._changed():
            state = {"state": "failed" if n % 50 == 0 else "delivered", "attempts": 1, "done_at": self._at(version)}
            yield {"id": n, "alert_id": f"alert-{n}", "endpoint_id": 1 + n % 10, "sequence": n, "body": b"{}",
                   "created_at": self._at(version), **state}  # fmt: skip

    def _attempts(self) -> Iterator[Row]:
        for n, version, _article, _number in self._changed():
            yield {"delivery_id": n, "at": self._at(version), "status": 200, "elapsed_ms": 12, "response_head": "ok"}

    def _reviews(self) -> Iterator[Row]:
        for n, version, _article, _number in self._changed():
            if n % REVIEWED_EVERY == 0:
                said = {
                    "verdict": ("right", "right", "wrong", "unsure")[n // REVIEWED_EVERY % 4],
                    "note": "seen in print",
                }
                yield {"change_id": n, "by": "desk", "at": self._at(version), **said}

    def _filters(self) -> Iterator[Row]:
        for n in range(1, 11):
            query = f"type={_TYPES[n % 8]}&tag=world"
            yield {"name": f"filter-{n}", "query": query, "by": "desk", "at": self._now}


def _change(n: int, number: int) -> Row:
    """A fact change, as it is stored and as an alert tells it."""
    values = {"before": str(number - 1), "after": str(number), "direction": "+10%"}
    pair = {"sentence_before": _sentence(0, number - 1), "sentence_after": _sentence(0, number)}
    intervals = {"value_before": {"lo": number - 1}, "value_after": {"lo": number}}
    kind = {"type": _TYPES[n % 8], "op": "updated", "subject": "people killed", "rule": f"rule.{n % 30}"}
    place = {"position": "lede", "offsets": {"before": [9, 11], "after": [9, 11]}}
    return {**values, **pair, **intervals, **kind, **place, "severity": _SEVERITIES[n // 8 % 4], "confidence": 0.9}


def _sentence(n: int, toll: int) -> str:
    if n == 0:
        return f"At least {toll} people were killed when a ferry sank off the cape, the coast guard said on Monday."
    return (
        f"Witness {n} said that boat {n} left the pier with {n * 7} people aboard before the wind turned to the north."
    )


def _paragraphs(count: int, toll: int) -> list[str]:
    return [_sentence(n, toll) for n in range(count)]


def _written(paragraphs: list[str]) -> _Written:
    text = "\n".join(paragraphs)
    blocks: list[Mapping[str, Any] | list[str]] = [[each, "article/p", "", ""] for each in paragraphs]
    packed = zlib.compress(json.dumps(blocks).encode())
    return _Written(pack_text(text), packed, hashlib.sha256(text.encode()).hexdigest())
