"""``bench``: measures a part of the product on data that lies beside it."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from cli import say
from config.environment import environment

MODULES: dict[str, str] = {
    "desk": "bench.desk",
    "doors": "bench.doors",
    "extract": "bench.extract",
    "facts": "bench.facts",
    "pipeline": "bench.pipeline",
    "waiting": "bench.waiting",
}
"""What can be measured → the module whose ``run(data, quick)`` returns rows, one measure each."""

LASTING: dict[str, str] = {"chaos": "bench.chaos", "soak": "bench.soak"}
"""What lasts as long as you say → the module whose ``run(minutes, seed, postgres)`` gives rows one by one."""

INVENTED = frozenset({"desk", "pipeline", "waiting"})
"""Measures that make their own data."""

_DEFAULT = Path(__file__).parents[1] / "../shared/data"


def bench(
    what: Annotated[str, typer.Argument(help=" | ".join((*MODULES, *LASTING)))],
    data: Annotated[
        Path | None, typer.Option(help="folder of the data [$WRITETHRU_TEST_DATA or ../shared/data]")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="a part of the data")] = False,
    minutes: Annotated[float, typer.Option(help="how long: chaos, soak", min=0)] = 10,
    seed: Annotated[int | None, typer.Option(help="the faults of an earlier run: chaos")] = None,
    postgres: Annotated[bool, typer.Option("--postgres", help="on a PostgreSQL of its own: chaos, soak")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Measures a part of the product and prints one row a measure."""
    if what in LASTING:
        _lasting(what, minutes, seed, postgres, as_json)
        return
    if what not in MODULES:
        say.fail(f"there is no bench {what!r}; there are {', '.join((*MODULES, *LASTING))}", code=2)
    folder = data or Path(environment().get("WRITETHRU_TEST_DATA", _DEFAULT))
    if what not in INVENTED and not folder.is_dir():
        say.fail(f"{folder} is no folder; name one with --data or WRITETHRU_TEST_DATA", code=2)
    rows = import_module(MODULES[what]).run(folder, quick)
    say.listing(rows, list(dict.fromkeys(name for row in rows for name in row)), as_json=as_json)


def _lasting(what: str, minutes: float, seed: int | None, postgres: bool, as_json: bool) -> None:
    """Says each row as it comes; exit 1 where something broke."""
    broken = False
    try:
        for row in import_module(LASTING[what]).run(minutes, seed, postgres):
            broken |= row["measure"] == "BROKEN"
            if as_json:
                say.row(row)
            else:
                say.line("  ".join(f"{value}" for value in row.values()))
            sys.stdout.flush()
    except ModuleNotFoundError as missing:
        say.fail(f"{missing.name} is missing: the harness lies in tests/, run it from a checkout with the test group")
    except RuntimeError as wrong:
        say.fail(str(wrong))
    if broken:
        raise typer.Exit(1)
