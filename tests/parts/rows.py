"""Rows for tests of lists and pages: a small newsroom written straight into the store."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ingest.blocks import blocks_to_json
from ingest.model import Block
from store.articles import host_id
from store.tables import alert, alias, article, delivery, edit, endpoint, entry, fact_change, feed, role, version
from store.versions import pack_text, sha256_of

TOLL: dict[str, Any] = {
    "type": "casualty",
    "op": "updated",
    "subject": "people killed",
    "before": "12",
    "after": "15",
    "value_before": {"lo": 12, "hi": 12},
    "value_after": {"lo": 15, "hi": 15},
    "direction": "+25%",
    "modality": "stated",
    "position": "body",
    "sentence_before": "At least 12 people were killed.",
    "sentence_after": "At least 15 people were killed.",
    "offsets": {"before": [9, 11], "after": [9, 11]},
    "severity": "critical",
    "confidence": 0.94,
    "rule": "casualty.slot",
}
"""A toll that rises, as the comparison would write it."""


@dataclass(slots=True)
class Newsroom:
    """Writes rows at *now*; each method returns the new id."""

    connection: sa.Connection
    now: datetime
    _written: dict[int, int] = field(default_factory=dict)

    def _insert(self, table: sa.Table, **values: Any) -> int:
        key = self.connection.execute(table.insert().values(**values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def feed(self, url: str = "https://harbour.example/feed.xml", **values: Any) -> int:
        """A feed that answered a minute ago."""
        known = {
            "title": "Harbour Wire",
            "site": "harbour.example",
            "last_checked_at": self.now - timedelta(minutes=1),
            "last_status": 200,
            "next_check_at": self.now + timedelta(minutes=4),
            "created_at": self.now,
        }
        return self._insert(feed, url=url, host_id=host_id(self.connection, "harbour.example:443"), **(known | values))

    def article(self, url: str = "https://harbour.example/bridge", **values: Any) -> int:
        """An article without a version."""
        known = {
            "title": "Bridge collapse",
            "site": "harbour.example",
            "next_check_at": self.now + timedelta(minutes=2),
            "created_at": self.now,
        }
        host = host_id(self.connection, "harbour.example:443")
        made = self._insert(article, url=url, host_id=host, **(known | values))
        self._insert(alias, key=f"url:{url}", article_id=made, kind="url", created_at=self.now)
        return made

    def version(self, article_id: int, text: str, *, stripped: tuple[str, ...] = (), **values: Any) -> int:
        """The next version of an article."""
        number = values.pop("number", self._written.get(article_id, 0) + 1)
        self._written[article_id] = number
        blocks = [Block(line, "article/p") for line in text.split("\n")]
        blocks += [Block(line, "aside/p", "teaser") for line in stripped]
        known = {
            "headline": "Bridge collapse",
            "seen_new_at": self.now + timedelta(minutes=number),
            "sha256": sha256_of(text),
            "chain": f"chain-{number}",
            "fingerprint": sha256_of(text),
        }
        packed = {"text": pack_text(text), "blocks": zlib.compress(blocks_to_json(blocks))}
        made = self._insert(version, article_id=article_id, number=number, **packed, **(known | values))
        moved = {"versions": number, "last_changed_at": self.now + timedelta(minutes=number)}
        self.connection.execute(article.update().where(article.c.id == article_id).values(moved))
        return made

    def change(self, article_id: int, version_id: int, ordinal: int = 0, **values: Any) -> int:
        """A fact change of a version: a toll that rises, unless told otherwise."""
        place = {"article_id": article_id, "version_id": version_id, "ordinal": ordinal, "created_at": self.now}
        self.connection.execute(version.update().where(version.c.id == version_id).values(factual=True))
        return self._insert(fact_change, **(TOLL | place | values))

    def edit(self, version_id: int, before: str, after: str, *, intention: str = "fact") -> int:
        """One aligned pair."""
        return self._insert(
            edit, version_id=version_id, ordinal=0, action="edit", intention=intention, before=before, after=after
        )

    def entry(self, feed_id: int, article_id: int) -> int:
        """An article listed by a feed."""
        link = f"https://harbour.example/{article_id}"
        seen = {"guid": link, "link": link, "first_seen_at": self.now}
        return self._insert(entry, feed_id=feed_id, article_id=article_id, **seen)

    def story(self, url: str = "https://harbour.example/bridge") -> int:
        """An article with two versions and one fact change between them."""
        made = self.article(url)
        self.version(made, "At least 12 people were killed.\nThe bridge opened in 1987.")
        second = self.version(
            made, "At least 15 people were killed.\nThe bridge opened in 1987.", stripped=("Read also: a fair",)
        )
        self.edit(second, TOLL["sentence_before"], TOLL["sentence_after"])
        self.change(made, second)
        return made

    def delivery(self, url: str = "https://desk.example/hook", *, state: str = "delivered") -> int:
        """A delivery to an endpoint of its own."""
        made = self._insert(endpoint, url=url, secret="whsec_canary", created_at=self.now)
        key = f"alert-{made}"
        told = {"type": "article.facts_changed", "subject": "article:1", "cause": key, "severity": "critical"}
        self.connection.execute(alert.insert().values(id=key, body={}, created_at=self.now, **told))
        return self._insert(
            delivery, alert_id=key, endpoint_id=made, sequence=1, body=b"{}", state=state, created_at=self.now
        )

    def role(self, name: str) -> int:
        """A process seen just now."""
        return self._insert(role, owner=f"{name}@here:1", name=name, started_at=self.now, seen_at=self.now)
