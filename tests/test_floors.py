"""What must stay true of the house itself: floors, sizes, names, and where the outside is read."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from cli.verbs import VERBS

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["config", "facts", "store", "ingest", "workers", "web", "demo", "cli"]
RANK = {**{name: rank for rank, name in enumerate(FLOORS)}, "bench": FLOORS.index("cli")}
INNER: dict[str, set[str]] = {
    "ingest.fetching": set(),
    "ingest.extraction": set(),
    "ingest.judging": {"ingest.extraction"},
    "web.article": set(),
}
"""Rooms within a floor, and which of them each may know."""
CODE = sorted(path for floor in RANK for path in (ROOT / floor).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
DOOR = ROOT / "writethru"
BUILT = [path for path in CODE if "migrations" not in path.parts]  # a migration is a list that nobody edits again
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

BANNED_NAMES = {"util", "utils", "common", "helper", "helpers", "manager", "handler", "process", "data", "info"}
OUTSIDE = {
    *("asyncio", "ftplib", "glob", "http", "io", "locale", "logging", "multiprocessing", "os", "pathlib", "random"),
    *("secrets", "select", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile"),
    *("threading", "time", "urllib", "uuid"),
    *("httpcore", "httpx", "psycopg", "redis", "rq", "sqlalchemy", "structlog", "trafilatura", "feedparser"),
}
CLOCKS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now", "datetime.datetime.utcnow"),
    *("date.today", "datetime.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime"),
}
ENVIRONMENTS = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"}


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def at(path: Path, node: ast.AST) -> str:
    """Where something stands, as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def imports(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, "." * node.level + (node.module or "")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and inner ones included."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, FUNCTION):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a body, its docstring not counted."""
    first = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - first[0].lineno + 1 if first else 0


def reads(path: Path, names: set[str], modules: dict[str, set[str]]) -> Iterator[str]:
    """Where a file uses one of these dotted names, or imports one of them from its module."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in names:
            yield f"{at(path, node)} {ast.unparse(node)}"
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                if each.name in modules.get(node.module or "", set()):
                    yield f"{at(path, node)} {node.module}.{each.name}"


def words(name: str) -> set[str]:
    """The words of a snake_case or CamelCase name."""
    spaced = "".join(f" {letter}" if letter.isupper() else letter for letter in name).replace("_", " ")
    return set(spaced.lower().split())


def inherited(path: Path) -> list[ast.stmt]:
    """The methods of classes that have a base, which may have named them."""
    derived = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef) and node.bases]
    return [method for node in derived for method in node.body]


def undocumented(path: Path) -> Iterator[str]:
    """Public functions, classes and methods without a docstring; a method that may override another needs none."""
    public = [node for node in tree_of(path).body if isinstance(node, DEFINITION)]
    methods = [each for node in public if isinstance(node, ast.ClassDef) and not node.bases for each in node.body]
    for node in (*public, *methods):
        if isinstance(node, DEFINITION) and not node.name.startswith("_") and ast.get_docstring(node) is None:
            yield f"{at(path, node)} {node.name}"


def test_imports_go_down() -> None:
    """No floor imports one above it; the command line and the benchmarks share the roof."""
    upward = [
        f"{at(path, node)} imports {name}"
        for path in CODE
        for node, name in imports(path)
        if name.startswith(".") or RANK.get(name.split(".")[0], -1) > RANK[path.relative_to(ROOT).parts[0]]
    ]
    assert [] == upward


@pytest.mark.parametrize(("room", "below"), INNER.items())
def test_inner_rooms_know_what_lies_below(room: str, below: set[str]) -> None:
    """A room within a floor imports of its floor what lies below it, and nothing that knows an inner room itself."""
    floor = room.split(".", maxsplit=1)[0]
    others = {each for each in INNER if each.startswith(f"{floor}.")} - {room, *below}
    knowing = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / floor).glob("*.py")
        if any(name.startswith(tuple(INNER)) for _, name in imports(path))
    }
    known = [
        f"{at(path, node)} imports {name}"
        for path in (ROOT / room.replace(".", "/")).glob("*.py")
        for node, name in imports(path)
        if name in knowing or ".".join(name.split(".")[:2]) in others
    ]
    assert [] == known


def test_the_ground_floors_know_nobody() -> None:
    """`config` imports no floor at all, and `facts` not even `config`."""
    known = [
        f"{at(path, node)} imports {name}"
        for path in CODE
        for node, name in imports(path)
        if (floor := path.relative_to(ROOT).parts[0]) in {"config", "facts"} and name.split(".")[0] in {*RANK} - {floor}
    ]
    assert [] == known


def test_facts_are_pure() -> None:
    """`facts` imports nothing that reaches outside, opens no file and reads no clock."""
    files = [path for path in CODE if path.relative_to(ROOT).parts[0] == "facts"]
    reaching = [
        f"{at(path, node)} imports {name}"
        for path in files
        for node, name in imports(path)
        if name.split(".")[0] in OUTSIDE
    ]
    opening = [
        at(path, node)
        for path in files
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"open", "print", "input"}
    ]
    assert [] == reaching + opening


def test_one_place_reads_the_clock() -> None:
    """The wall clock is read in `config/clock.py`; everything else is handed the time."""
    modules = {"time": {"time", "time_ns", "localtime", "gmtime"}}
    others = [path for path in CODE if path != ROOT / "config/clock.py"]
    assert [] == [read for path in others for read in reads(path, CLOCKS, modules)]


def test_one_place_reads_the_environment() -> None:
    """The environment is read in `config/environment.py`; everything else is handed settings."""
    modules = {"os": {"environ", "environb", "getenv", "getenvb"}}
    others = [path for path in CODE if path != ROOT / "config/environment.py"]
    assert [] == [read for path in others for read in reads(path, ENVIRONMENTS, modules)]


def test_files_are_short() -> None:
    """No file has more than 300 lines."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in [*BUILT, *TESTS, DOOR]}
    assert {} == {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > 300}


def test_functions_are_short() -> None:
    """No function has a body of more than 40 lines."""
    long = [
        f"{at(path, function)} {function.name}: {body_lines(function)} lines"
        for path in [*BUILT, *TESTS, DOOR]
        for function in functions(path)
        if body_lines(function) > 40
    ]
    assert [] == long


def test_names_say_something() -> None:
    """No module, class or function is named by a word that could name anything; what a library calls is not ours."""
    modules = [str(path.relative_to(ROOT)) for path in CODE if words(path.stem) & BANNED_NAMES]
    inner = [
        f"{at(path, node)} {node.name}"
        for path in [*CODE, DOOR]
        for node in ast.walk(tree_of(path))
        if isinstance(node, DEFINITION) and words(node.name) & BANNED_NAMES and node not in inherited(path)
    ]
    assert [] == modules + inner


def test_public_names_are_documented() -> None:
    """Every module, and every public function, class and method, has a docstring."""
    silent = [
        str(path.relative_to(ROOT)) for path in CODE if path.stat().st_size and not ast.get_docstring(tree_of(path))
    ]
    assert [] == silent + [name for path in [*CODE, DOOR] for name in undocumented(path)]


def test_tests_are_sentences() -> None:
    """Every test has a docstring that says what it holds true."""
    silent = [
        f"{at(path, function)} {function.name}"
        for path in TESTS
        for function in functions(path)
        if function.name.startswith("test_") and ast.get_docstring(function) is None
    ]
    assert [] == silent


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=str(path.relative_to(ROOT))) for path in BUILT],
)
def test_every_module_imports(path: Path) -> None:
    """A module, and so every job, imports: RQ would call a missing import an invalid name."""
    import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_exists(name: str) -> None:
    """A row of the table of verbs names a module that exports the verb."""
    module = VERBS[name].module
    assert callable(getattr(import_module(module), module.rpartition(".")[2]))


def test_verbs_are_sorted() -> None:
    """The help lists the verbs in the order of the alphabet."""
    assert sorted(VERBS) == list(VERBS)


def test_help_imports_nothing_heavy() -> None:
    """The help costs the command line's own modules: no settings, no database, no verb."""
    ask = (
        "import sys; from cli.main import run; run(['--help']);"
        "print(sorted({'pydantic', 'sqlalchemy', 'rich', 'rq', 'trafilatura', 'fastapi', 'httpx'} & {*sys.modules}))"
    )
    told = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "[]" == told.stdout.splitlines()[-1]
    assert all(f"  {name} " in told.stdout for name in VERBS)
