"""`install`: an extra. The front door, which reads the same command line, has installed it before this runs."""

from typing import Annotated

import typer

from cli import say


def install(extras: Annotated[list[str], typer.Argument(help="ner: names and places by spaCy, 270 MB")]) -> None:
    """Installs extras from requirements/, versions and hashes checked; later set-ups keep them."""
    from config.settings import ROOT

    known = sorted(path.stem for path in (ROOT / "requirements").glob("*.txt"))
    for extra in extras:
        if extra not in known:
            say.fail(f"there is no extra {extra!r}; requirements/ has {', '.join(known)}", code=2)
        say.line(f"{extra} is installed")
