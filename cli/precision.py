"""`precision`: how often each rule and feed was right, by what people said of its changes."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import say

if TYPE_CHECKING:
    from store.labels import Label
    from store.reviews import Tally

COLUMNS = ("of", "name", "right", "wrong", "unsure", "precision", "low", "high")
LABELS = Path("facts") / "pairs_labelled.jsonl"
"""Where ``bench facts --data`` looks for labelled pairs."""


def precision(
    context: typer.Context,
    labels: Annotated[
        Path | None, typer.Option(help="write the reviewed pairs below this folder, for `bench facts --data`")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Lists rules and feeds with how often they were right, and the 95 % interval of that."""
    from cli.opened import opened
    from store import labels as labelling
    from store.engine import reading
    from store.reviews import tallies_by_feed, tallies_by_rule

    with opened(context.obj) as engine, reading(engine) as connection:
        rows = [_row("rule", each) for each in tallies_by_rule(connection)]
        rows += [_row("feed", each) for each in tallies_by_feed(connection)]
        written = _written(labels, labelling.labels(connection)) if labels else 0
    if rows or json:
        say.listing(rows, COLUMNS, as_json=json)
    else:
        say.line("No change was reviewed yet. Say with `./writethru review CHANGE right|wrong|unsure`.")
    if labels:
        say.note(f"{written} labelled pairs in {labels / LABELS}")


def _row(of: str, tally: "Tally") -> dict[str, object]:
    known = {name: getattr(tally, name) for name in ("key", "name", "right", "wrong", "unsure")}
    share = None if tally.precision is None else round(tally.precision, 3)
    low, high = tally.interval
    return {"of": of, **known, "precision": share, "low": round(low, 3), "high": round(high, 3)}


def _written(folder: Path, found: "Iterable[Label]") -> int:
    """Writes one JSON object a line; returns how many."""
    from json import dumps

    path = folder / LABELS
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [dumps(each, ensure_ascii=True) for each in found]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return len(lines)
