"""What leaves the house and what comes in: JSON lines, CSV, OPML, WARC, and a copy of the database as it runs."""

import csv
import importlib.util
import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa
import typer

from cli.export import Format, export
from cli.import_ import import_
from config.settings import Settings
from store import feeds
from store.engine import engine_for, reading, writing
from store.tables import endpoint, feed, review, version
from store.tokens import add_token
from store.views.export import cell
from tests.parts.pages import BODY, page
from tests.parts.reading import URL, Desk
from tests.parts.rows import Newsroom

SECRET = "canary-of-the-feed"


def context(url: str) -> typer.Context:
    """What the command line hands to a verb."""
    settings = Settings.model_validate({"database": {"url": url}})
    return cast(typer.Context, SimpleNamespace(obj=settings))


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """The one JSON object that was printed."""
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def house(engine: sa.Engine, now: datetime) -> Desk:
    """A story of three versions with its changes and a review, two articles that became one, feeds with tags."""
    desk = Desk(engine, now)
    with writing(engine) as connection:
        for n, tags in enumerate((["world", "eu/north"], [])):
            url = f"https://reader:{SECRET}@harbour.example/feed-{n}"
            feeds.add(connection, url=url, host_name="harbour.example:443", site="harbour.example", tags=tags, now=now)
        add_token(connection, "desk", ["read"], now)
        connection.execute(endpoint.insert().values(url="https://x.example/", secret="whsec_canary", created_at=now))
    story = desk.watch()
    for toll in ("12", "15", "17"):
        desk.look(page([each.replace("12", toll) for each in BODY], canonical=URL))
    other = desk.watch("http://courier.example/other")
    desk.look(page([each.replace("12", "17") for each in BODY], canonical=URL), article_id=other)
    with writing(engine) as connection:
        said = {"change_id": 1, "verdict": "wrong", "note": "=a toll", "by": "desk", "at": desk.now}
        connection.execute(review.insert().values(said))
    desk.article_id = story
    return desk


def exported(house_url: str, path: Path, form: Format = "jsonl", *, secrets: bool = False) -> Path:
    """An export in a file."""
    export(context(house_url), form, path, with_secrets=secrets)
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    """Its lines, without what another database numbers or dates anew."""
    found = [json.loads(line) for line in path.read_text("ascii").splitlines()]
    for line in found:
        for name in ("id", "change_id", "kept_id", "gone_id", "reverts", "at", "evidence", "snapshot_url"):
            line.pop(name, None)
    return found


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of another database, empty."""
    shutil.copy(sqlite_template, tmp_path / "other.db")
    return f"sqlite+pysqlite:///{tmp_path / 'other.db'}"


def test_case_99_an_export_comes_back_whole_and_once(
    house: Desk, database_url: str, empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Into an empty database: the export of that one is the same, line by line; a second import adds nothing."""
    first = exported(database_url, tmp_path / "first.jsonl")
    import_(context(empty), first, json=True)
    counts = told(capsys)
    assert (2, 2, 3, 1, 1) == tuple(counts[kind] for kind in ("feed", "article", "version", "review", "merge"))
    assert min(counts[kind] for kind in ("fact_change", "edit", "look")) >= 2
    assert lines(first) == lines(exported(empty, tmp_path / "second.jsonl"))
    import_(context(empty), first, json=True)
    assert told(capsys) == {}


def test_an_import_goes_on_where_the_known_versions_end(
    house: Desk, database_url: str, empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was read since the last export is added, chained to what is there."""
    import_(context(empty), exported(database_url, tmp_path / "first.jsonl"), json=True)
    told(capsys)
    house.look(page([each.replace("12", "19") for each in BODY], canonical=URL))
    import_(context(empty), exported(database_url, tmp_path / "second.jsonl"), json=True)
    assert (1, False) == ((counts := told(capsys))["version"], "article" in counts)


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        pytest.param(lambda line: line | {"text": line["text"].replace("15", "51")}, "not the one it was", id="text"),
        pytest.param(lambda line: line | {"headline": "Another"}, "the chain breaks at version 2", id="headline"),
        pytest.param(lambda line: line | {"seen_new_at": "2026-01-01T00:00:00Z"}, "the chain breaks", id="moment"),
        pytest.param(lambda line: line | {"number": 5}, "version 5 comes after version 1", id="gap"),
        pytest.param(lambda line: line | {"kind": "endpoint"}, "not a line of", id="kind"),
        pytest.param(lambda line: {"kind": "version"}, "is missing", id="fields"),
        pytest.param(lambda line: line | {"number": {}}, "TypeError", id="type"),
    ],
)
def test_a_broken_chain_is_refused_by_line(
    house: Desk,
    database_url: str,
    empty: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    tamper: Callable[[dict[str, Any]], dict[str, Any]],
    said: str,
) -> None:
    """One line that does not follow from the one before it: its number is told, and nothing of its article is kept."""
    path = exported(database_url, tmp_path / "export.jsonl")
    written = path.read_text().splitlines()
    at = [n for n, line in enumerate(written) if json.loads(line)["kind"] == "version"][1]
    written[at] = json.dumps(tamper(json.loads(written[at])))
    path.write_text("\n".join(written))
    with pytest.raises(typer.Exit):
        import_(context(empty), path)
    error = capsys.readouterr().err
    assert f"line {at + 1}: " in error
    assert said in error
    other = engine_for(empty)
    with reading(other) as connection:
        assert connection.execute(sa.select(version.c.id)).all() == []
    other.dispose()


@pytest.mark.parametrize("written", [b"", b"{}", b"not json", b'{"kind": "writethru", "format": 99}\n'])
def test_what_is_no_export_is_refused(empty: str, tmp_path: Path, written: bytes) -> None:
    """In one line, and nothing is written."""
    (tmp_path / "file").write_bytes(written)
    with pytest.raises(typer.Exit):
        import_(context(empty), tmp_path / "file")


@pytest.mark.parametrize("form", ["jsonl", "csv", "opml"])
def test_case_110_no_secret_leaves_unless_asked(house: Desk, database_url: str, tmp_path: Path, form: Format) -> None:
    """Credentials of feeds leave on demand alone; tokens and secrets of endpoints never."""
    left = exported(database_url, tmp_path / "left", form).read_text()
    assert not any(secret in left for secret in (SECRET, "whsec_", "wt_", "reader@"))
    asked = exported(database_url, tmp_path / "asked", form, secrets=True).read_text()
    assert (form != "csv") == (SECRET in asked)
    assert "whsec_" not in asked


@pytest.mark.parametrize(
    ("written", "cell_"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("  =1+1", "'  =1+1"),
        ("\t=1", "'\t=1"),
        ("+25%", "'+25%"),
        ("-3", "'-3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("\r=1", "'\r=1"),
        ("12 killed", "12 killed"),
        (None, ""),
        (0.5, 0.5),
    ],
)
def test_case_108_no_cell_is_a_formula(written: Any, cell_: Any) -> None:
    """What a spreadsheet would run begins with an apostrophe; figures of ours stay figures."""
    assert cell_ == cell(written)


def test_case_108_the_table_of_fact_changes(
    engine: sa.Engine, now: datetime, database_url: str, tmp_path: Path
) -> None:
    """A row a change under its header, formulas neutralised, line breaks and quotes whole."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.article(title='=HYPERLINK("http://x.example")')
        newsroom.version(made, "One.")
        newsroom.change(made, newsroom.version(made, "Two."), before='1\n"2"', direction="+25%")
    path = exported(database_url, tmp_path / "changes.csv", "csv")
    [row] = csv.DictReader(path.read_text("utf-8-sig").splitlines(keepends=True))
    assert ('\'=HYPERLINK("http://x.example")', '1\n"2"', "'+25%", "2") == (
        row["title"],
        row["before"],
        row["direction"],
        row["version"],
    )
    assert row["seen_at"].endswith("Z")


def test_feeds_come_back_from_opml(
    house: Desk, database_url: str, empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With their tags, those with a slash too."""
    path = exported(database_url, tmp_path / "feeds.opml", "opml", secrets=True)
    import_(context(empty), path)
    other = engine_for(empty)
    with reading(other) as connection:
        rows = connection.execute(sa.select(feed.c.url, feed.c.tags).order_by(feed.c.id)).all()
    other.dispose()
    assert [["eu/north", "world"], []] == [row.tags for row in rows]
    assert rows[0].url == f"https://reader:{SECRET}@harbour.example/feed-0"


def test_snapshots_as_warc(house: Desk, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A response record a snapshot, the bytes as they were read; without warcio one line says how to get it."""
    if importlib.util.find_spec("warcio") is None:
        with pytest.raises(typer.Exit):
            exported(database_url, tmp_path / "bytes.warc.gz", "warc")
        assert "install archive" in capsys.readouterr().err
        pytest.skip("warcio is not installed: ./writethru install archive")
    from warcio.archiveiterator import ArchiveIterator

    with exported(database_url, tmp_path / "bytes.warc.gz", "warc").open("rb") as file:
        records = [
            (each.rec_type, each.rec_headers.get_header("WARC-Target-URI"), each.content_stream().read())
            for each in ArchiveIterator(file, check_digests="raise")
        ]
    assert ["warcinfo", *["response"] * 4] == [kind for kind, _, _ in records]
    assert (URL, page(BODY, canonical=URL)) == records[1][1:]
