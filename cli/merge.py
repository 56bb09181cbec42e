"""`merge`: say that two articles are one, or list what was merged and parted."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli import say

if TYPE_CHECKING:
    import sqlalchemy as sa

COLUMNS = ("id", "kept_id", "gone_id", "reason", "by", "at", "undone_at", "undone_by")


def merge(
    context: typer.Context,
    kept: Annotated[str | None, typer.Argument(help="the article that stays, by id or URL")] = None,
    other: Annotated[str | None, typer.Argument(help="the article that becomes part of it")] = None,
    listed: Annotated[bool, typer.Option("--list", help="every merge and split, the newest first")] = False,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Lets OTHER be part of KEPT from now on. Both keep their versions; `split` undoes it."""
    from cli.opened import opened
    from store.engine import reading, writing

    if listed != (kept is None and other is None) or (kept is None) != (other is None):
        say.fail("give two articles, or --list", code=2)
    with opened(context.obj) as engine:
        if kept is None or other is None:
            with reading(engine) as connection:
                _list(connection, as_json=json)
            return
        with writing(engine) as connection:
            made = _merge(connection, kept, other)
    if json:
        say.row(made)
    else:
        say.line(f"article {made['gone_id']} is part of article {made['kept_id']} now (merge {made['id']})")


def _list(connection: "sa.Connection", *, as_json: bool) -> None:
    from dataclasses import asdict

    from store import merges

    rows = [asdict(each) for each in merges.merges(connection)]
    if rows or as_json:
        say.listing(rows, COLUMNS, as_json=as_json)
    else:
        say.line("No articles were merged yet.")


def _merge(connection: "sa.Connection", kept: str, other: str) -> dict[str, object]:
    from cli.named import article_named
    from config.clock import now
    from store import merges

    stays, goes = article_named(connection, kept).id, article_named(connection, other).id
    if stays == goes:
        say.fail(f"both are article {stays}", code=2)
    merges.both(connection, stays, goes)
    for each in (stays, goes):
        part_of = merges.kept_for(connection, each)
        if part_of is not None:
            say.fail(f"article {each} is part of article {part_of} already; see `./writethru merge --list`")
    said = {"reason": "by-hand", "evidence": {}, "by": "command line"}
    made = merges.make(connection, kept=stays, gone=goes, now=now(), **said)  # type: ignore[arg-type]
    return {"id": made, "kept_id": stays, "gone_id": goes}
