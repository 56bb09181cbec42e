"""`diff`: two versions as one text, with the facts that changed."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from web.article.difference import Difference
    from web.article.marks import Mark


def diff(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="an article's id or URL")],
    first: Annotated[int | None, typer.Argument(metavar="FROM", min=1, help="a version [the one before]")] = None,
    last: Annotated[int | None, typer.Argument(metavar="TO", min=1, help="a later version [the latest]")] = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Shows word by word what changed between two versions: [-gone-] {+come+}, in colours on a terminal."""
    from cli.named import article_named
    from cli.opened import opened
    from store.engine import reading
    from web.article.difference import difference_object

    with opened(context.obj) as engine, reading(engine) as connection:
        named = article_named(connection, article)
        if named.versions < 2:
            say.fail(f"article {named.id} has {named.versions} version(s) so far; there is nothing to compare")
        found = _between(connection, named.id, first, last or named.versions)
    if json:
        say.row(difference_object(found))
    else:
        _print(found)


def _between(connection: "sa.Connection", article_id: int, first: int | None, last: int) -> "Difference":
    from web.article.difference import NoSuchVersionError, difference

    first = last - 1 if first is None else first
    if first >= last:
        say.fail(f"FROM must be an earlier version than TO, not {first} and {last}", code=2)
    try:
        return difference(connection, article_id, first, last)
    except NoSuchVersionError as missing:
        say.fail(f"article {article_id} has no version {missing.number}; see `./writethru versions {article_id}`")


def _print(found: "Difference") -> None:
    from cli.colours import console, severity_style
    from config.plain import plain
    from web.chips import chip_of

    out = console()
    for row in found.changes:
        chip = chip_of(row.change, reverts=row.reverts is not None, stealth=row.stealth)
        out.print(plain(f"{chip.severity:8} {chip.words}"), style=severity_style(chip.severity))
    if not found.changes:
        out.print("wording only: no fact changed")
    out.print(f"v{found.before.number} → v{found.after.number}", style="bold")
    _print_marks(found.headline)
    folded = 0
    for paragraph in found.text:
        if not paragraph.changed:
            folded += 1
            continue
        _print_fold(folded)
        folded = 0
        _print_marks(paragraph.marks)
    _print_fold(folded)


def _print_fold(count: int) -> None:
    if count:
        say.line(f"   … {count} unchanged paragraph{'' if count == 1 else 's'}")


def _print_marks(marks: "Sequence[Mark]") -> None:
    from rich.text import Text

    from cli.colours import console
    from config.plain import plain

    out = console()
    frames = {"same": ("", ""), "del": ("[-", "-]"), "ins": ("{+", "+}")}
    styles = {"same": "", "del": "red strike", "ins": "green underline"}
    line = Text()
    for mark in marks:
        before, after = ("", "") if out.is_terminal else frames[mark.kind]
        line.append(f"{before}{plain(mark.text)}{after}", style=styles[mark.kind])
    out.print(line)
