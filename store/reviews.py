"""Reviews: what people say of a fact change. Nothing is taken back, the last word counts, all words stay readable."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa

from facts.shares import wilson
from store.tables import entry, fact_change, feed
from store.tables import review as table

Verdict = Literal["right", "wrong", "unsure"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
NOTE_MAX = 2_000
"""Characters of a note."""


@dataclass(frozen=True, slots=True)
class Review:
    """One word about a fact change. *by* is the name of the token that brought it, ``desk`` without one."""

    id: int
    change_id: int
    verdict: Verdict
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How the changes of one rule or feed were judged, by their last words. *key* is the rule, or the feed's id."""

    key: str
    name: str
    right: int
    wrong: int
    unsure: int

    @property
    def precision(self) -> float | None:
        """Share of right among right and wrong; None where nobody said either."""
        decided = self.right + self.wrong
        return self.right / decided if decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of that share."""
        return wilson(self.right, self.right + self.wrong)


_JUDGED = table.join(fact_change, fact_change.c.id == table.c.change_id)


def last_word() -> sa.ColumnElement[bool]:
    """The condition under which a review is the last one about its fact change; joins the two."""
    later = table.alias("later")
    newest = sa.select(sa.func.max(later.c.id)).where(later.c.change_id == fact_change.c.id)
    return table.c.id == newest.correlate(fact_change).scalar_subquery()


def review(
    connection: sa.Connection, change_id: int, verdict: Verdict, *, note: str = "", by: str, now: datetime
) -> Review | None:
    """Adds a word; None where there is no such fact change. Raises ValueError for another verdict or a long note."""
    if verdict not in VERDICTS:
        raise ValueError(f"no verdict {verdict!r}; there are {', '.join(VERDICTS)}")
    if len(note) > NOTE_MAX:
        raise ValueError(f"a note has at most {NOTE_MAX:,} characters")
    if connection.execute(sa.select(fact_change.c.id).where(fact_change.c.id == change_id)).first() is None:
        return None
    row = {"change_id": change_id, "verdict": verdict, "note": note, "by": by, "at": now}
    return _read(connection.execute(table.insert().values(row).returning(table)).one())


def reviews_of(connection: sa.Connection, change_id: int) -> tuple[Review, ...]:
    """Every word about a fact change, the last one first."""
    said = sa.select(table).where(table.c.change_id == change_id).order_by(table.c.id.desc())
    return tuple(_read(row) for row in connection.execute(said))


def _read(row: Any) -> Review:
    return Review(**{name: getattr(row, name) for name in Review.__slots__})


def last_words() -> sa.Select[Any]:
    """The ids of the reviews that are the last ones about their fact changes."""
    later = table.alias("later")
    return sa.select(sa.func.max(later.c.id)).group_by(later.c.change_id)


_LAST = table.c.id.in_(last_words())


def tallies_by_rule(connection: sa.Connection) -> tuple[Tally, ...]:
    """How the changes that each rule found were judged, the rule with most words first."""
    told = sa.select(fact_change.c.rule.label("key"), fact_change.c.rule.label("name"), *_counts()).select_from(_JUDGED)
    return _tallied(connection, told.where(_LAST).group_by(fact_change.c.rule))


def tallies_by_feed(connection: sa.Connection) -> tuple[Tally, ...]:
    """How the changes of each feed's articles were judged; an article that two feeds list counts for both."""
    by_article = sa.select(fact_change.c.article_id, *_counts()).select_from(_JUDGED).where(_LAST)
    judged = by_article.group_by(fact_change.c.article_id).cte("judged")
    listed = sa.select(entry.c.feed_id, judged).join(judged, judged.c.article_id == entry.c.article_id)
    once = listed.distinct().subquery()
    name = sa.func.coalesce(sa.func.nullif(feed.c.title, ""), feed.c.site)
    summed = (sa.func.sum(once.c[verdict]).label(verdict) for verdict in VERDICTS)
    told = sa.select(feed.c.id.label("key"), name.label("name"), *summed).join(once, once.c.feed_id == feed.c.id)
    return _tallied(connection, told.group_by(feed.c.id, feed.c.title, feed.c.site))


def _counts() -> Iterator[sa.ColumnElement[int]]:
    for verdict in VERDICTS:
        yield sa.func.count().filter(table.c.verdict == verdict).label(verdict)


def _tallied(connection: sa.Connection, told: sa.Select[Any]) -> tuple[Tally, ...]:
    rows = connection.execute(told)
    found = [Tally(str(row.key), row.name, int(row.right), int(row.wrong), int(row.unsure)) for row in rows]
    return tuple(sorted(found, key=lambda each: (-(each.right + each.wrong + each.unsure), each.name, each.key)))
