"""A reader in this process, fed with pages as the poller would keep them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from config.settings import Settings
from ingest.urls import site_of
from store import looks, outbox, snapshots
from store.engine import reading, writing
from store.snapshots import Bytes
from store.tables import alert, article, feed
from workers import pages
from workers.feeds import watch
from workers.limits import Hand
from workers.prepared import Prepared
from workers.reader import Reader
from workers.sites import Sites

URL = "http://courier.example/news/bridge"


@dataclass(slots=True)
class Desk:
    """Gives pages to a real Reader, one look after the other, and says what came of them."""

    engine: sa.Engine
    now: datetime
    settings: Settings = field(default_factory=Settings)
    article_id: int = 0

    def watch(self, url: str = URL) -> int:
        """An article; returns its id."""
        with writing(self.engine) as connection:
            self.article_id = watch(connection, url, "", self.now)
        return self.article_id

    def look(self, body: bytes, *, url: str = URL, article_id: int | None = None, minutes: float = 5) -> str:
        """One fetch of a page *minutes* after the last one, read at once; returns the outbox row's outcome."""
        self.now += timedelta(minutes=minutes)
        key = article_id or self.article_id or self.watch(url)
        return self._read("article", "page", key, url, body)

    def feed(self, body: bytes, *, url: str = "http://courier.example/feed") -> str:
        """One fetch of a feed, read at once."""
        self.now += timedelta(minutes=1)
        with writing(self.engine) as connection:
            known = connection.execute(sa.select(feed.c.id).where(feed.c.url == url)).scalar()
            if known is None:
                from store import feeds

                known, _ = feeds.add(
                    connection, url=url, host_name="courier.example:80", site=site_of(url), now=self.now
                )
        return self._read("feed", "feed", known, url, body)

    def _read(self, kind: looks.Kind, work: str, key: int, url: str, body: bytes) -> str:
        with writing(self.engine) as connection:
            looks.note(connection, kind, key, self.now, looks.NEW)
            came = Bytes(url, 200, {"content-type": "text/html; charset=utf-8"}, str(hash(body)), body)
            kept = snapshots.keep(connection, kind, key, came, self.now)
            owed = outbox.owe(connection, work, subject=f"{kind}:{key}", snapshot_id=kept, now=self.now)
        Reader(self.engine, self.settings, "reader@test", Hand(), lambda: self.now).read([owed])
        with reading(self.engine) as connection:
            return outbox.outcome(connection, owed)[1]

    def prepared(self, body: bytes) -> Prepared:
        """What reading a page would come to, written nowhere."""
        with writing(self.engine) as connection:
            came = Bytes(URL, 200, {"content-type": "text/html; charset=utf-8"}, str(hash(body)), body)
            kept = snapshots.keep(connection, "article", self.article_id, came, self.now)
            subject = f"article:{self.article_id}"
            owed = outbox.owe(connection, "page", subject=subject, snapshot_id=kept, now=self.now)
            [work] = outbox.lease(connection, [owed], "reader@test", self.now)
            prepared = pages.prepare(connection, work, self.settings, Sites())
            outbox.close(connection, work, self.now)
        return prepared

    def alerts(self) -> list[tuple[str, Any]]:
        """(type, body) of every alert told, oldest first, without the opt-in ones."""
        with reading(self.engine) as connection:
            rows = connection.execute(sa.select(alert.c.type, alert.c.body).order_by(alert.c.created_at, alert.c.type))
            return [(row.type, row.body) for row in rows if row.type != "article.version_created"]

    def article(self) -> Any:
        """The article's row."""
        with reading(self.engine) as connection:
            return connection.execute(sa.select(article).where(article.c.id == self.article_id)).one()
