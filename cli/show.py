"""`show`: one version's text, and what was left out of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli import say

if TYPE_CHECKING:
    from ingest.model import Block

COLUMNS = ("block", "rule", "evidence", "text")


def show(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="an article's id or URL")],
    version: Annotated[int | None, typer.Argument(min=1, help="which version [the latest]")] = None,
    stripped: Annotated[bool, typer.Option("--stripped", help="what was left out of the text, and why")] = False,
    blocks: Annotated[
        bool, typer.Option("--blocks", help="every block of the page, by the key that `pin` takes")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="one JSON object with text and stripped blocks")] = False,
) -> None:
    """Prints one version: headline, then one paragraph a line."""
    from dataclasses import asdict

    from cli.named import article_named
    from cli.opened import opened
    from ingest.blocks import blocks_from_json
    from store.engine import reading
    from store.views.versions import kept, version_by

    with opened(context.obj) as engine, reading(engine) as connection:
        named = article_named(connection, article)
        number = version or named.versions
        found = version_by(connection, named.id, number)
        if not named.versions:
            say.fail(f"article {named.id} is not read yet{f': {named.last_reason}' if named.last_reason else ''}")
        if found is None:
            say.fail(f"article {named.id} has no version {number}; see `./writethru versions {named.id}`")
        text = kept(connection, found.id)
    page = blocks_from_json(text.blocks)
    left_out = [_row(block) for block in page if not block.kept]
    if json:
        say.row({**asdict(found), "url": named.url, "text": text.text, "stripped": left_out})
    elif stripped or blocks:
        say.table([_row(block) for block in page] if blocks else left_out, COLUMNS)
    else:
        for line in (found.headline, "", *text.text.split("\n")):
            say.line(line)


def _row(block: "Block") -> dict[str, object]:
    from ingest.memory import block_key

    told = {"text": block.text, "path": block.path, "rule": block.rule, "evidence": block.evidence}
    return {"block": block_key(block.text), **told}
