"""Everything that the page of an article says, gathered from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import sqlalchemy as sa

from facts.model import SEVERITIES, Document
from ingest.blocks import blocks_from_json
from ingest.model import Block
from store.views.articles import ArticleRow
from store.views.changes import ChangeRow, changes_between, edits_of
from store.views.evidence import Link, SnapshotRow, link, snapshot_row
from store.views.listing import Cut, Listing
from store.views.told import AlertRow, alerts_about, alerts_of_version, with_deliveries
from store.views.versions import Kept, VersionRow, kept, version_by, versions
from web.answers import RefusalError
from web.article.chart import Chart, chart, intervals
from web.article.difference import judged_alike
from web.article.explaining import Explanation, explained
from web.article.ledger import Ledger, facts_of, ledger
from web.article.marks import Effort, Pair, paired
from web.article.numbered import CHIPS, Numbered, moved, numbered, wanted
from web.article.pieces import Span, echoed, pieces
from web.article.placing import HEADLINE, Texts, anchors
from web.article.reading import Laid, Reading, broken, laid, places_of
from web.article.timeline import EVENTS, Happening, Node, timeline

View = Literal["inline", "side", "final", "stripped", "explain"]

NODES = 20
"""Versions on one piece of the rail."""
ROWS = 150
"""Fact changes that one page looks at, the last ones."""
FACTS, COLUMNS = 12, 7
"""Lines and columns of the ledger on the page; the API has all."""
BLOCKS = 60
"""Stripped blocks on one page."""
OTHERS = 4
"""Alerts on the page that no version gave rise to."""
EVENTS_MAX = 60
"""Happenings that the rail can place."""
_LOUDNESS = tuple(str(each) for each in SEVERITIES)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see. *first* 0: version *last* alone."""

    first: int
    last: int
    view: View = "inline"
    whole: bool = False
    at: int = 0
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """Two versions (or, *before* None, one alone) and what lies between.

    *since*: the version from which the chips tell, where more changed than they are read out of, else 0; *left*: facts
    without a chip; *furniture*: lines that one of them took for text and that stood on both pages;
    *placed*: the numbers that stand on this page; *elsewhere*: number → the paragraph where another page shows it.
    """

    before: VersionRow | None
    after: VersionRow
    headline: tuple[Span, ...]
    facts: tuple[Numbered, ...]
    since: int
    left: int
    severity: str
    text: Laid
    paragraphs: int
    changed: int
    furniture: int
    placed: tuple[int, ...]
    elsewhere: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Stripped:
    """What the newer version's page held beside its text: a piece of it from block *start*, and how many in all."""

    blocks: tuple[Block, ...]
    start: int
    total: int


@dataclass(frozen=True, slots=True)
class Story:
    """The rail, the ledger with the charts of its lines, what was told of the newer version and, last, of the page
    itself, and what it all rests on."""

    rail: tuple[Node, ...]
    older: str | None
    ledger: Ledger
    charts: tuple[Chart | None, ...]
    alerts: tuple[AlertRow, ...]
    others: tuple[AlertRow, ...]
    snapshot: SnapshotRow | None
    link: Link | None


@dataclass(frozen=True, slots=True)
class _Two:
    """The texts of the two versions shown; *old* is empty where there is one version alone."""

    before: VersionRow | None
    after: VersionRow
    old: Texts
    new: Texts
    kept_before: Kept
    kept: Kept


def shown(connection: sa.Connection, article_id: int, asked: Asked) -> tuple[Shown, Stripped, Explanation | None]:
    """The middle of the page. Raises RefusalError for versions that the article does not have."""
    two = _two(connection, article_id, asked)
    rows = changes_between(connection, article_id, asked.first, asked.last, ROWS) if two.before else ()
    facts, since = numbered(rows), _since(rows, asked)
    stripped = _stripped(two.kept, asked.at if asked.view == "stripped" else 0)
    why = _why(connection, two) if asked.view == "explain" and asked.last == asked.first + 1 else None
    middle = _shown(two, facts[:CHIPS], len(facts) - len(facts[:CHIPS]), asked)
    return replace(middle, since=since), stripped, why


def _since(rows: Sequence[ChangeRow], asked: Asked) -> int:
    """The version that the oldest of as many changes as are read was compared with; 0 where it is the one asked for."""
    return rows[0].version - 1 if len(rows) == ROWS and rows[0].version > asked.first + 1 else 0


def _two(connection: sa.Connection, article_id: int, asked: Asked) -> _Two:
    after, new = _version(connection, article_id, asked.last)
    if not asked.first:
        return _Two(None, after, Texts("", ""), _texts(after, new), new, new)
    before, old = _version(connection, article_id, asked.first)
    return _Two(before, after, _texts(before, old), _texts(after, new), old, new)


def _texts(version: VersionRow, text: Kept) -> Texts:
    return Texts(version.headline, broken(text.text))


def _version(connection: sa.Connection, article_id: int, number: int) -> tuple[VersionRow, Kept]:
    found = version_by(connection, article_id, number)
    if found is None:
        raise RefusalError(404, f"This article has no version {number}.")
    return found, kept(connection, found.id)


def _shown(two: _Two, facts: tuple[Numbered, ...], left: int, asked: Asked) -> Shown:
    alone = two.before is None or asked.view == "final"
    pairs = paired(two.new.text if alone else two.old.text, two.new.text)
    believed = pairs if alone else judged_alike(pairs, two.kept_before, two.kept)
    places = anchors(wanted(facts, asked.first, asked.last), two.old, two.new)
    places = tuple(each for each in places if not alone or each.side == "new")
    language = two.after.language or "en"
    heading = Pair(two.new.headline if alone else two.old.headline, two.new.headline, HEADLINE, HEADLINE)
    heads = [each for each in places if each.line == HEADLINE]
    headline = tuple(span for piece in pieces(heading, heads, language, Effort()) for span in piece.spans)
    reading = Reading(believed, places, moved(facts), language, asked.whole or alone)
    text = laid(reading, asked.at if asked.view != "stripped" else 0)
    on_page = text.numbers | {each.number for each in heads}
    return Shown(
        before=two.before,
        after=two.after,
        headline=echoed(headline, moved(facts)),
        facts=facts,
        since=0,
        left=left,
        severity=max((each.chip.severity for each in facts), key=_LOUDNESS.index, default=""),
        text=text,
        paragraphs=len(believed),
        changed=sum(pair.changed for pair in believed),
        furniture=sum(pair.changed for pair in pairs) - sum(pair.changed for pair in believed),
        placed=tuple(sorted(on_page)),
        elsewhere={a.number: at for at, found in places_of(reading).items() for a in found if a.number not in on_page},
    )


def _stripped(kept_: Kept, start: int) -> Stripped:
    out = (block for block in blocks_from_json(kept_.blocks) if not block.kept)
    blocks = sorted(out, key=lambda block: block.rule == "extractor")  # what no rule had to find comes last
    return Stripped(tuple(blocks[start : start + BLOCKS]), start, len(blocks))


def _why(connection: sa.Connection, two: _Two) -> Explanation | None:
    if two.before is None:
        return None
    documents = (_document(two.before, two.old), _document(two.after, two.new))
    return explained(*documents, edits_of(connection, two.after.id))


def _document(version: VersionRow, texts: Texts) -> Document:
    notices = (version.signals or {}).get("notices", ())
    outside = tuple(notice for notice in notices if notice not in texts.text)
    return Document(texts.text, texts.headline, version.published, version.language or "en", notices=outside)


def story(connection: sa.Connection, article: ArticleRow, after: VersionRow, asked: Asked) -> Story:
    """What stands around the text. Raises CursorError."""
    rail: Listing[VersionRow] = versions(connection, Cut(asked.cursor, NODES), article=article.id)
    last_rows = changes_between(connection, article.id, 0, article.versions, ROWS)
    told = alerts_about(connection, article.id, tuple(EVENTS), EVENTS_MAX)
    happenings = [Happening(each.type, each.created_at) for each in told]
    rows = _of_rail(connection, article, rail.rows, last_rows)
    lines = ledger(facts_of(last_rows), lines=FACTS, columns=COLUMNS)
    return Story(
        rail=timeline(article, rail.rows, rows, happenings, (asked.first, asked.last)),
        older=rail.next,
        ledger=lines,
        charts=tuple(chart(intervals(line.fact), line.fact.last.subject) for line in lines.lines),
        alerts=alerts_of_version(connection, article.id, after.id),
        others=with_deliveries(connection, told[:OTHERS]),
        snapshot=snapshot_row(connection, after.snapshot_id) if after.snapshot_id else None,
        link=link(connection, article.id, after.number),
    )


def _of_rail(
    connection: sa.Connection, article: ArticleRow, rail: Sequence[VersionRow], known: Sequence[ChangeRow]
) -> Sequence[ChangeRow]:
    """The fact changes of the versions on the rail; those already read where they reach far enough back."""
    if not rail or len(known) < ROWS or known[0].version < rail[-1].number:
        return known
    return changes_between(connection, article.id, rail[-1].number - 1, rail[0].number, ROWS)
