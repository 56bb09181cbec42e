"""What people say of fact changes: the last word counts, all are kept, and lists know them."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from store.engine import reading, writing
from store.reviews import review, reviews_of, tallies_by_feed, tallies_by_rule
from store.tables import entry, feed
from store.views.changes import Wanted, changes, changes_by_version
from store.views.listing import Cut
from tests.parts.rows import Newsroom


def a_story(connection: sa.Connection, now: datetime, changes: int = 2, tags: tuple[str, ...] = ()) -> list[int]:
    """The ids of so many changes of one version, in an article that a feed with these tags lists."""
    newsroom = Newsroom(connection, now)
    number = connection.execute(sa.select(sa.func.count()).select_from(feed)).scalar_one()
    listed = newsroom.feed(f"https://harbour.example/{number}.xml", tags=list(tags))
    made = newsroom.article(f"https://harbour.example/{number}")
    row = {"feed_id": listed, "guid": str(number), "article_id": made, "first_seen_at": now}
    connection.execute(entry.insert().values(row))
    newsroom.version(made, "12.")
    second = newsroom.version(made, "15.")
    kinds = ("casualty", "quote")
    return [newsroom.change(made, second, each, type=kinds[each % 2]) for each in range(changes)]


def test_the_last_word_counts(engine: sa.Engine, now: datetime) -> None:
    """Two editors say different things: both stay readable, and lists show the later one."""
    with writing(engine) as connection:
        change_id, other = a_story(connection, now)
        assert review(connection, change_id, "right", by="ana", now=now)
        assert review(connection, change_id, "wrong", note="a street number", by="ben", now=now + timedelta(minutes=1))
    with reading(engine) as connection:
        said = reviews_of(connection, change_id)
        assert [("wrong", "ben"), ("right", "ana")] == [(each.verdict, each.by) for each in said]
        rows = {row.id: row.review for row in changes(connection, Cut()).rows}
        assert {change_id: said[0], other: None} == rows


def test_what_cannot_be_said(engine: sa.Engine, now: datetime) -> None:
    """A change that does not exist is nothing to speak of; another verdict or a book of a note is refused."""
    with writing(engine) as connection:
        change_id, _ = a_story(connection, now)
        assert review(connection, 999, "right", by="ana", now=now) is None
        with pytest.raises(ValueError, match="right, wrong, unsure"):
            review(connection, change_id, "perhaps", by="ana", now=now)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="2,000"):
            review(connection, change_id, "right", note="x" * 2_001, by="ana", now=now)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param(Wanted(), [2, 3, 0, 1], id="all"),
        pytest.param(Wanted(verdict="none"), [3, 1], id="unreviewed"),
        pytest.param(Wanted(verdict="wrong"), [2], id="last word wrong"),
        pytest.param(Wanted(verdict="right"), [0], id="last word right, not an earlier one"),
        pytest.param(Wanted(tag="sea"), [0, 1], id="tag"),
        pytest.param(Wanted(tag="harbour"), [2, 3, 0, 1], id="tag of both"),
        pytest.param(Wanted(tag="se"), [], id="part of a tag"),
        pytest.param(Wanted(types=("quote",)), [3, 1], id="type"),
        pytest.param(Wanted(types=("quote",), tag="sea", verdict="none"), [1], id="all at once"),
        pytest.param(Wanted(feed=2), [2, 3], id="feed"),
    ],
)
def test_which_changes(engine: sa.Engine, now: datetime, wanted: Wanted, found: list[int]) -> None:
    """A list holds what was asked for, the last version first and its changes in their order."""
    with writing(engine) as connection:
        ids = [*a_story(connection, now, tags=("sea", "harbour")), *a_story(connection, now, tags=("harbour",))]
        review(connection, ids[0], "right", by="ana", now=now)
        review(connection, ids[2], "right", by="ana", now=now)
        review(connection, ids[2], "wrong", by="ana", now=now)
        groups = changes_by_version(connection, Cut(), wanted).rows
        assert [ids[each] for each in found] == [row.id for group in groups for row in group.rows]
        assert {ids[each] for each in found} == {row.id for row in changes(connection, Cut(), wanted).rows}


def test_versions_are_cut(engine: sa.Engine, now: datetime) -> None:
    """A version with many changes shows its first ones and says how many there are more; a piece leads to the next."""
    with writing(engine) as connection:
        many, few = a_story(connection, now, 9), a_story(connection, now, 1)
        first = changes_by_version(connection, Cut(limit=1), most=4)
        second = changes_by_version(connection, Cut(first.next or "", 1), most=4)
        shown = [(tuple(row.id for row in group.rows), group.more) for group in (*first.rows, *second.rows)]
        assert [(tuple(few), 0), (tuple(many[:4]), 5)] == shown
        assert second.next is None


def test_tallies(engine: sa.Engine, now: datetime) -> None:
    """Last words are counted by rule and by feed; what nobody judged is not there."""
    with writing(engine) as connection:
        ids = [*a_story(connection, now, 4), *a_story(connection, now, 1)]
        for change_id, verdict in ((ids[0], "wrong"), (ids[0], "right"), (ids[1], "wrong"), (ids[2], "unsure")):
            review(connection, change_id, verdict, by="ana", now=now)  # type: ignore[arg-type]
        (by_rule,) = tallies_by_rule(connection)
        (by_feed,) = tallies_by_feed(connection)
        assert ("casualty.slot", 1, 1, 1) == (by_rule.key, by_rule.right, by_rule.wrong, by_rule.unsure)
        assert ("1", "Harbour Wire", 1, 1, 1) == (
            by_feed.key,
            by_feed.name,
            by_feed.right,
            by_feed.wrong,
            by_feed.unsure,
        )
