"""``extract``: the article in files, as the service would keep it. Each page is read in a limited child process."""

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import say
from cli.limited import Died, limited

if TYPE_CHECKING:
    from config.settings import Work

_SUFFIXES = (".html", ".htm", ".xhtml", ".html.gz", ".htm.gz", ".xhtml.gz")
_LARGEST = 20_000_000  # decoded bytes read of one file; the extractor refuses half of that
_CHUNK = 16  # pages a child: a fork costs more than most pages


def extract(
    context: typer.Context,
    pages: Annotated[list[Path], typer.Argument(help="HTML files, .gz too; a folder is read whole", metavar="PAGE…")],
    url: Annotated[str, typer.Option(help="where the page came from")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Prints the article of each page: its text and metadata, and what was stripped."""
    import ingest.extraction.page  # noqa: F401 - before the fork, so that each child starts warm

    files = list(_files(pages))
    if not files:
        say.fail("no HTML files there", code=2)
    for start in range(0, len(files), _CHUNK):
        for row in _read(files[start : start + _CHUNK], url, context.obj.work):
            _tell(row, as_json=as_json)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (
                each for each in sorted(path.rglob("*")) if each.name.lower().endswith(_SUFFIXES) and each.is_file()
            )
        elif path.is_file():
            yield path
        else:
            say.fail(f"{path} is no file", code=2)


def _read(files: Sequence[Path], url: str, work: "Work") -> list[dict[str, object]]:
    """The rows of some files; where their child dies, each of them gets a child of its own."""
    try:
        return limited(lambda: [_row(file, url) for file in files], work.page_cpu, work.page_memory)
    except Died as death:
        if len(files) == 1:
            return [_row_of_dead(files[0], url, str(death))]
        return [row for file in files for row in _read([file], url, work)]


def _row(file: Path, url: str) -> dict[str, object]:
    from ingest.extraction.page import extract as read

    try:
        body = _bytes(file)
    except (OSError, zlib.error) as error:
        return _row_of_dead(file, url, f"unreadable: {error}")
    page = read(body, url)
    return {
        "file": str(file),
        "url": page.url,
        "canonical": page.canonical,
        "title": page.headline,
        "byline": page.byline,
        "published": page.published,
        "modified": page.modified,
        "language": page.language,
        "developing": page.marker in ("developing", "live"),
        "marker": page.marker,
        "signals": {"notices": list(page.signals.notices), "stamp": page.signals.stamp},
        "text": page.text if page.verdict == "article" else "",
        "furniture": [
            {"text": block.text, "rule": block.rule, "evidence": block.evidence}
            for block in page.blocks
            if not block.kept and block.rule != "extractor"
        ],
        "verdict": page.verdict,
    }


def _bytes(file: Path) -> bytes:
    raw = file.read_bytes()
    if not file.name.lower().endswith(".gz"):
        return raw[:_LARGEST]
    unzip = zlib.decompressobj(16 + zlib.MAX_WBITS)
    return unzip.decompress(raw, _LARGEST)


def _row_of_dead(file: Path, url: str, reason: str) -> dict[str, object]:
    """The line of a page that cost its child or could not be opened: no text, and why."""
    empty = dict.fromkeys(("canonical", "title", "byline", "language", "text"), "")
    return {
        "file": str(file), "url": url, **empty, "published": None, "modified": None, "developing": False,
        "marker": "none", "signals": {"notices": [], "stamp": ""}, "furniture": [],
        "verdict": "failed", "reason": reason,
    }  # fmt: skip


def _tell(row: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        say.row(row)
        return
    say.line(f"# {row['title'] or row['file']}")
    for name in ("verdict", "reason", "byline", "published", "modified", "language", "marker", "canonical"):
        if row.get(name):
            say.line(f"{name}: {row[name]}")
    for line in str(row["text"]).split("\n"):
        say.line(line)
    say.line("")
