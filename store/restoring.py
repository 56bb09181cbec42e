"""What an export held, written into another database: what is there already stays, chains are checked link by link."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store import articles, feeds, versions
from store.columns import Moment
from store.engine import insert
from store.tables import alias, article, edit, entry, fact_change, feed, look, merge, review, snapshot, version
from store.versions import Draft, pack_text
from store.views.export import ARTICLE, CHANGE, EDIT, ENTRY, FEED, LOOK, MERGE, REVIEW, VERSION

_NOTHING = zlib.compress(b"")
Line = Mapping[str, Any]


class Broken(ValueError):  # noqa: N818 - said of a line
    """A line that does not continue what stood before it, or is not what an export writes."""


@dataclass(slots=True)
class Restoring:
    """Takes lines in the order of an export. *counts* says what was written; what was there already is not counted."""

    connection: sa.Connection
    now: datetime
    counts: dict[str, int] = field(default_factory=dict)
    _articles: dict[int, int] = field(default_factory=dict)
    _changes: dict[int, int] = field(default_factory=dict)
    _article: int = 0
    _url: str = ""
    _new: bool = False
    _number: int = 0
    _chain: str = ""
    _version: int | None = None

    def feed(self, line: Line, host_name: str) -> None:
        """A feed; one that is known keeps what it has and gets the tags beside its own."""
        row = _row(feed, FEED, line)
        tags = [str(tag) for tag in row["tags"] or ()]
        key, new = feeds.add(
            self.connection, url=row["url"], host_name=host_name, site=row["site"], tags=tags, now=self.now
        )
        if new:
            kept = {name: row[name] for name in FEED if name not in ("url", "tags")}
            self.connection.execute(feed.update().where(feed.c.id == key).values(kept))
            self._count("feed")

    def article(self, line: Line, host_name: str) -> None:
        """An article: the known one with its URL, else a new one that is looked at as this one was. Where another
        article has its names, it is kept beside that one, which goes on being looked at alone."""
        row, names = _row(article, ARTICLE, line), {str(key): str(kind) for key, kind in line["names"]}
        url = str(row["url"])
        owners = articles.by_keys(self.connection, [f"import:{url}", f"url:{url}", *names])
        found = self._with_url(url, list(owners.values()))
        self._new, self._url = found is None, url
        if found is None:
            ended = {"watch": "ended"} if owners else {}
            found = self._add(row | ended, host_name, {f"import:{url}": "import", **names})
        self._article = self._articles[int(line["id"])] = found
        self._number, self._chain, self._version, self._changes = 0, "", None, {}

    def _with_url(self, url: str, owners: list[int]) -> int | None:
        """Which of the owners of its names, or of what became part of them, is kept under this very URL."""
        parts = sa.select(merge.c.gone_id).where(merge.c.kept_id.in_(owners))
        near = sa.or_(article.c.id.in_(owners), article.c.id.in_(parts))
        found = sa.select(article.c.id).where(near, article.c.url == url).order_by(article.c.id)
        return self.connection.execute(found.limit(1)).scalar()

    def _add(self, row: dict[str, Any], host_name: str, names: Mapping[str, str]) -> int:
        idle = row["paused"] or row["watch"] == "ended"
        host = articles.host_id(self.connection, host_name)
        made = self.connection.execute(
            article.insert().values(row | {"host_id": host, "next_check_at": None if idle else self.now})
        ).inserted_primary_key
        assert made is not None
        for key, kind in names.items():
            named = {"key": key, "kind": kind, "article_id": int(made[0]), "created_at": row["created_at"]}
            self.connection.execute(insert(self.connection, alias).values(named).on_conflict_do_nothing())
        self._count("article")
        return int(made[0])

    def entry(self, line: Line) -> None:
        """A feed's entry of the article."""
        found = self.connection.execute(sa.select(feed.c.id).where(feed.c.url == line["feed"])).scalar()
        if found is None:
            return  # its URL has credentials that were not exported
        row = _row(entry, ENTRY, line) | {"feed_id": found, "article_id": self._article}
        made = insert(self.connection, entry).values(row).on_conflict_do_nothing().returning(entry.c.id)
        if self.connection.execute(made).first() is not None:
            self._count("entry")

    def version(self, line: Line) -> None:
        """The article's next version. Raises Broken where its number or chain does not follow from the one before, or
        another version stands in its place."""
        row = _row(version, VERSION, line)
        text, number = str(line["text"]), int(row["number"])
        draft = self._draft(line, row, text)
        if number != self._number + 1:
            raise Broken(f"version {number} comes after version {self._number}")
        if versions.sha256_of(text) != row["sha256"]:
            raise Broken(f"the text of version {number} is not the one it was")
        if versions.chain(self._chain, draft) != row["chain"]:
            raise Broken(f"the chain breaks at version {number}")
        self._number, self._chain = number, str(row["chain"])
        mine = sa.and_(version.c.article_id == self._article, version.c.number == number)
        there = self.connection.execute(sa.select(version.c.chain).where(mine)).scalar()
        if there not in (None, self._chain):
            raise Broken(f"another version {number} of {self._url} is kept here")
        self._version = None if there else self._write(draft, row, line)

    def _draft(self, line: Line, row: Mapping[str, Any], text: str) -> Draft:
        names = ("number", "fingerprint", "headline", "published", "modified", "seen_new_at")
        return Draft(
            article_id=self._article,
            article_url=self._url,
            text=text,
            snapshot_id=None,
            snapshot_sha256=line["snapshot_sha256"] or "",
            blocks=b"",
            columns={},
            **{name: row[name] for name in names},
        )

    def _write(self, draft: Draft, row: Mapping[str, Any], line: Line) -> int:
        """The bytes of its page are not in an export: its snapshot is their hash."""
        import json

        came = {"article_id": self._article, "fetched_at": draft.seen_new_at, "url": line["snapshot_url"] or ""}
        came |= {"status": 0, "headers": {}, "sha256": draft.snapshot_sha256, "body": _NOTHING}
        kept = self.connection.execute(snapshot.insert().values(came)).inserted_primary_key
        assert kept is not None
        blocks = zlib.compress(json.dumps(line["blocks"], ensure_ascii=False).encode())
        packed = {"text": pack_text(draft.text), "blocks": blocks, "snapshot_id": int(kept[0])}
        made = self.connection.execute(
            version.insert().values({**row, **packed, "article_id": self._article})
        ).inserted_primary_key
        assert made is not None
        moved = {"versions": draft.number, "title": draft.headline, "last_changed_at": draft.seen_new_at}
        self.connection.execute(article.update().where(article.c.id == self._article).values(moved))
        self._count("version")
        return int(made[0])

    def edit(self, line: Line) -> None:
        """An edit of the version before it."""
        if self._version is not None:
            self.connection.execute(edit.insert().values(_row(edit, EDIT, line) | {"version_id": self._version}))
            self._count("edit")

    def fact_change(self, line: Line) -> None:
        """A fact change of the version before it."""
        row = _row(fact_change, CHANGE, line)
        old, reverts = int(row.pop("id")), row.pop("reverts")
        if self._version is None:
            return self._meet(old, int(row["ordinal"]))
        place = {"version_id": self._version, "article_id": self._article, "reverts": self._changes.get(reverts or 0)}
        self._changes[old] = versions.write_change(self.connection, row | place)
        self._count("fact_change")
        return None

    def _meet(self, old: int, ordinal: int) -> None:
        """Which change here is one that was imported before."""
        mine = sa.and_(fact_change.c.article_id == self._article, version.c.number == self._number)
        query = sa.select(fact_change.c.id).join(version).where(mine, fact_change.c.ordinal == ordinal)
        found = self.connection.execute(query).scalar()
        if found is not None:
            self._changes[old] = int(found)

    def review(self, line: Line) -> None:
        """What somebody said of a fact change before it."""
        row = _row(review, REVIEW, line)
        change = self._changes.get(int(row["change_id"]))
        if change is not None and not self._there(review, row | {"change_id": change}):
            self.connection.execute(review.insert().values(row | {"change_id": change}))
            self._count("review")

    def look(self, line: Line) -> None:
        """A run of looks at the article; only at one that was not known."""
        if self._new:
            self.connection.execute(look.insert().values(_row(look, LOOK, line) | {"article_id": self._article}))
            self._count("look")

    def merge(self, line: Line) -> None:
        """A merge or a split of two articles of this export."""
        row = _row(merge, MERGE, line)
        pair = {name: self._articles.get(int(row[name]), 0) for name in ("kept_id", "gone_id")}
        if not all(pair.values()) or len(set(pair.values())) < 2 or self._there(merge, {**pair, "at": row["at"]}):
            return
        # Entries have other numbers here: a split gives back the names alone.
        evidence = {name: told for name, told in (row["evidence"] or {}).items() if name != "entries"}
        self.connection.execute(merge.insert().values({**row, **pair, "evidence": evidence}))
        self._count("merge")

    def _there(self, table: sa.Table, row: Mapping[str, Any]) -> bool:
        same = [table.c[name] == value for name, value in row.items()]
        return self.connection.execute(sa.select(table.c.id).where(*same).limit(1)).first() is not None

    def _count(self, kind: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1


def _row(table: sa.Table, columns: tuple[str, ...], line: Line) -> dict[str, Any]:
    """The columns of a line, moments read. Raises Broken for one that is missing or cannot be read."""
    try:
        return {name: _value(table.c[name], line[name]) for name in columns}
    except KeyError as missing:
        raise Broken(f"{missing} is missing") from missing
    except (TypeError, ValueError) as error:
        raise Broken(str(error)) from error


def _value(column: sa.Column[Any], written: Any) -> Any:
    if not isinstance(column.type, Moment) or written is None:
        return written
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(f"{column.name} has no zone")
    return moment
