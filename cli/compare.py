"""`compare`: two texts, or lines of pairs, and which facts changed between them. Needs no database and no settings."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from cli import say

if TYPE_CHECKING:
    from facts.model import Document

LARGEST = 5_000_000
"""Bytes of one text, and of one line of pairs; the same cap as on a fetched page."""
CPU = timedelta(seconds=60)
"""Processor time of a child; five megabytes rewritten from end to end take about half of it."""
MEMORY = 2 << 30
"""Bytes of memory of a child above the parent's own."""
CHUNK = 200_000
"""Characters of text that one child is given."""


class Row(NamedTuple):
    """One pair to compare: its name and the two documents."""

    id: object
    before: "Document"
    after: "Document"


Answer = Callable[[Row], dict[str, object]]
"""Compares a pair; what it returns is one line of ``--json``."""


def compare(
    before: Annotated[Path | None, typer.Argument(help="text file, one paragraph a line")] = None,
    after: Annotated[Path | None, typer.Argument(help="the same, later")] = None,
    jsonl: Annotated[Path | None, typer.Option(help='lines {"id","before","after",…}', metavar="FILE")] = None,
    published: Annotated[str, typer.Option(help="when it was published, ISO 8601", metavar="ISO")] = "",
    lang: Annotated[str, typer.Option(help="language code")] = "en",
    headline_before: Annotated[str, typer.Option(help="the headline then", metavar="TEXT")] = "",
    headline_after: Annotated[str, typer.Option(help="the headline now", metavar="TEXT")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="say for each edit why it is a fact or style")] = False,
    ner: Annotated[bool, typer.Option("--ner", help="let spaCy read names too, in English")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Says which facts changed between two texts."""
    answer = partial(_answer, explain=explain, ner=ner)
    if ner:
        _load_model()
    if jsonl is not None:
        if before is not None:
            say.fail("either two files or --jsonl, not both", code=2)
        _all(jsonl, answer)
        return
    if before is None or after is None:
        say.fail("compare needs two files, BEFORE and AFTER, or --jsonl FILE", code=2)
    fields = {
        "before": _read(before), "after": _read(after), "published": published, "lang": lang,
        "headline_before": headline_before, "headline_after": headline_after,
    }  # fmt: skip
    _tell(_row(fields, "compare"), answer, as_json=as_json, explain=explain)


def _load_model() -> None:
    """Loads spaCy once, before any child is forked."""
    from ingest.entities import NotInstalledError, recogniser

    try:
        recogniser("en")
    except NotInstalledError as missing:
        say.fail(str(missing))


def _all(path: Path, answer: Answer) -> None:
    """Checks every line before the first answer, so that a bad file prints nothing on stdout."""
    rows = list(_rows(path))
    died = 0
    for chunk in _chunks(rows):
        for told in _answers(chunk, answer):
            died += "error" in told
            say.row(told)
    if died:
        say.fail(f"{died} of {len(rows)} pairs could not be compared; their lines say why")


def _chunks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows for one child at a time: a fork costs more than most pairs."""
    chunk: list[Row] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += len(row.before.text) + len(row.after.text)
        if size > CHUNK or len(chunk) >= 500:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _answers(rows: Sequence[Row], answer: Answer) -> list[dict[str, object]]:
    """The answers of some rows; where their child dies, each of them gets a child of its own."""
    from cli.limited import Died, limited

    try:
        return limited(lambda: [answer(row) for row in rows], CPU, MEMORY)
    except Died as death:
        if len(rows) == 1:
            empty = {"id": rows[0].id, "factual": False, "severity": None, "edits": [], "changes": []}
            return [{**empty, "error": str(death)}]
        return [told for row in rows for told in _answers([row], answer)]


def _answer(row: Row, *, explain: bool, ner: bool) -> dict[str, object]:
    from config.lexicon import load
    from facts.compare import compare as compare_documents
    from facts.lexicon import lexicon_for
    from facts.render import comparison_as_dict
    from ingest.entities import sharpened

    lexicon = lexicon_for(load(row.before.language))
    if ner:
        lexicon = sharpened(lexicon)
    found = compare_documents(row.before, row.after, lexicon, explain=explain)
    rendered = comparison_as_dict(found, id=row.id)
    return {**rendered, "explanations": list(found.explanations)} if explain else rendered


def _rows(path: Path) -> Iterator[Row]:
    for number, line in enumerate(_read(path, largest=None).split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path} line {number}"
        if len(line) > 2 * LARGEST:
            say.fail(f"{where}: longer than {2 * LARGEST} characters", code=2)
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError):
            say.fail(f"{where}: not JSON", code=2)
        if not isinstance(fields, dict) or not all(isinstance(fields.get(key), str) for key in ("before", "after")):
            say.fail(f'{where}: needs an object with the texts "before" and "after"', code=2)
        yield _row({"id": str(number), **fields}, where)


def _row(fields: Mapping[str, object], where: str) -> Row:
    from facts.model import Document

    published, language = _when(fields.get("published"), where), str(fields.get("lang") or "en")
    zone = published.isoformat()[-6:] if published and published.utcoffset() else "UTC"
    before, after = (
        Document(str(fields[side]), str(fields.get(f"headline_{side}") or ""), published, language, zone)
        for side in ("before", "after")
    )
    if max(len(before.text), len(after.text)) > LARGEST:
        say.fail(f"{where}: a text is longer than {LARGEST} characters", code=2)
    return Row(fields.get("id"), before, after)


def _when(given: object, where: str) -> datetime | None:
    if not given:
        return None
    try:
        when = datetime.fromisoformat(str(given))
    except ValueError:
        say.fail(f"{where}: published {str(given)[:40]!r} is not an ISO 8601 time (2026-11-23T04:30:00Z)", code=2)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _read(path: Path, largest: int | None = LARGEST) -> str:
    try:
        body = path.read_bytes()
    except OSError as wrong:
        say.fail(f"cannot read {path}: {wrong.strerror or wrong}", code=2)
    if largest is not None and len(body) > largest:
        say.fail(f"{path} has more than {largest} bytes", code=2)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        say.fail(f"{path} is not UTF-8 (byte {wrong.start})", code=2)


def _tell(row: Row, answer: Answer, *, as_json: bool, explain: bool) -> None:
    import facts.compare  # noqa: F401 - before the fork, so that the child starts warm

    (told,) = _answers([row], answer)
    if "error" in told:
        say.fail(f"the comparison did not finish: {told['error']}")
    if as_json:
        say.row(told)
    else:
        _lines(told, explain=explain)


def _lines(told: Mapping[str, Any], *, explain: bool) -> None:
    if not told["changes"]:
        say.line("no fact changed")
    for change in told["changes"]:
        arrow = f"{change['before'] or '–'} → {change['after'] or '–'}"
        about = f" ({change['subject']})" if change["subject"] not in ("", change["type"]) else ""
        more = f" {change['direction']}" if change["direction"] else ""
        say.line(f"{change['severity']:8} {change['type']} {change['op']}: {arrow}{more}{about}")
        if explain:
            say.line(f"         {change['position']}, rule {change['rule']}, confidence {change['confidence']:.2f}")
    for note in told["explanations"] if explain else ():
        say.line(f"         {note}")
