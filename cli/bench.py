"""``bench``: measures a part of the product on data that lies beside it."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from cli import say
from config.environment import environment

MODULES: dict[str, str] = {
    "desk": "bench.desk",
    "extract": "bench.extract",
    "facts": "bench.facts",
    "pipeline": "bench.pipeline",
}
"""What can be measured → the module whose ``run(data, quick)`` returns rows, one measure each."""

INVENTED = frozenset({"desk", "pipeline"})
"""Measures that make their own data."""

_DEFAULT = Path(__file__).parents[1] / "../shared/data"


def bench(
    what: Annotated[str, typer.Argument(help=" | ".join(MODULES))],
    data: Annotated[
        Path | None, typer.Option(help="folder of the data [$WRITETHRU_TEST_DATA or ../shared/data]")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="a part of the data")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Measures a part of the product and prints one row a measure."""
    if what not in MODULES:
        say.fail(f"there is no bench {what!r}; there are {', '.join(MODULES)}", code=2)
    folder = data or Path(environment().get("WRITETHRU_TEST_DATA", _DEFAULT))
    if what not in INVENTED and not folder.is_dir():
        say.fail(f"{folder} is no folder; name one with --data or WRITETHRU_TEST_DATA", code=2)
    rows = import_module(MODULES[what]).run(folder, quick)
    say.listing(rows, list(dict.fromkeys(name for row in rows for name in row)), as_json=as_json)
