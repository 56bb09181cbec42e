"""`show`: one version's text."""

from typing import Annotated

import typer

from cli import say


def show(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="an article's id or URL")],
    version: Annotated[int | None, typer.Argument(min=1, help="which version [the latest]")] = None,
    stripped: Annotated[bool, typer.Option("--stripped", help="what was left out of the text, and why")] = False,
    json: Annotated[bool, typer.Option("--json", help="one JSON object with text and stripped blocks")] = False,
) -> None:
    """Prints one version: headline, then one paragraph a line."""
    from dataclasses import asdict

    from cli.named import article_named
    from cli.opened import opened
    from store.engine import reading
    from store.views.versions import kept, version_by
    from web.difference import stripped_of

    with opened(context.obj) as engine, reading(engine) as connection:
        named = article_named(connection, article)
        number = version or named.versions
        found = version_by(connection, named.id, number)
        if found is None:
            say.fail(f"article {named.id} has no version {number}; see `./writethru versions {named.id}`")
        text = kept(connection, found.id)
    left_out = stripped_of(text)
    if json:
        blocks = [{"text": b.text, "path": b.path, "rule": b.rule, "evidence": b.evidence} for b in left_out]
        say.row({**asdict(found), "url": named.url, "text": text.text, "stripped": blocks})
    elif stripped:
        say.listing([{"rule": b.rule, "text": b.text} for b in left_out], ("rule", "text"), as_json=False)
    else:
        for line in (found.headline, "", *text.text.split("\n")):
            say.line(line)
