"""`pin`: says what a block of a site is, whatever was learnt."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli import say

if TYPE_CHECKING:
    from ingest.model import Block


class Verdict(StrEnum):
    """What a block can be."""

    furniture = "furniture"
    text = "text"


def pin(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="an article that shows the block, by id or URL")],
    block: Annotated[
        str, typer.Argument(help="its key, as `show ARTICLE --stripped` or `--blocks` lists it, or a part of its text")
    ],
    verdict: Annotated[Verdict, typer.Option("--as", help="what it is on every page of the site")],
    note: Annotated[str, typer.Option(help="why, for those who come after you")] = "",
    json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Pins a block of an article's latest version on all of its site, from the next look at each page on."""
    from dataclasses import asdict

    from cli.named import article_named
    from cli.opened import opened
    from config.clock import now
    from ingest.blocks import blocks_from_json
    from ingest.memory import fingerprint
    from store import pins
    from store.engine import writing
    from store.views.versions import kept, version_by

    with opened(context.obj) as engine, writing(engine) as connection:
        named = article_named(connection, article)
        version = version_by(connection, named.id, named.versions)
        if version is None:
            say.fail(f"article {named.id} has no version yet")
        text = _named(blocks_from_json(kept(connection, version.id).blocks), block, named.id)
        put = pins.put(connection, named.site, fingerprint(text), verdict.value, text, note, "command line", now())
    if json:
        say.row(asdict(put))
    else:
        say.line(f"pin {put.id}: on {put.site} this is {put.verdict} from now on: {text[:100]}")


def _named(blocks: "Sequence[Block]", written: str, article_id: int) -> str:
    """The text of the one block that a key or a part of its text names; ends the verb where there is none, or more."""
    from ingest.memory import block_key

    texts = dict.fromkeys(block.text for block in blocks)
    found = [text for text in texts if block_key(text) == written]
    found = found or [text for text in texts if text == written]
    found = found or [text for text in texts if len(written) > 3 and written.casefold() in text.casefold()]
    if len(found) != 1:
        how_many = f"{len(found)} blocks" if found else "no block"
        say.fail(f"{how_many} {written!r} on this page; see `./writethru show {article_id} --blocks`")
    return found[0]
