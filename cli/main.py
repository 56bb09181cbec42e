"""The command line: finds the verb (see `cli.verbs`), loads the settings it needs, turns errors into one line."""

import os
import sys
import tomllib
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import say
from cli.verbs import VERBS, Verb
from config import crash
from config.environment import environment
from config.plain import plain

if TYPE_CHECKING:
    from config.settings import Settings


def run(argv: Sequence[str]) -> int:
    """Runs one command line (without the program's name) and returns its exit code."""
    app = _app_for(argv)
    try:
        code = app(list(argv) or ["--help"], prog_name="writethru", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as wrong:
        print(f"writethru: {_said(wrong)}", file=sys.stderr)
        return wrong.exit_code
    except typer.Abort:
        return 1
    except BrokenPipeError:
        return _unheard()
    except SystemExit as ended:
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
        return _unheard()  # typer noticed it first
    except OSError as refused:
        if refused.filename is None:
            raise
        print(f"writethru: {plain(str(refused.filename))}: {refused.strerror}", file=sys.stderr)
        return 1
    return code if isinstance(code, int) else 0


def _unheard() -> int:
    """Whoever read the output has seen enough (`… | head`): no error, and nothing more is written at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


def _said(wrong: typer.TyperException) -> str:
    """What is wrong with a command line, in one line that names the help to ask."""
    context = getattr(wrong, "ctx", None)
    message = " ".join(wrong.format_message().replace("Value error, ", "").split())
    return f"{plain(message)}  (see ./{context.command_path if context else 'writethru'} --help)"


def _app_for(argv: Sequence[str]) -> typer.Typer:
    """An app in which only the verbs named in *argv* are imported; the others are there for the help alone."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

    @app.callback(help="Watches news feeds for developing stories and says which facts changed.")
    def writethru(
        context: typer.Context,
        config: Annotated[Path | None, typer.Option(help="configuration file [writethru.toml]", metavar="FILE")] = None,
        version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_tell_version)] = False,  # noqa: ARG001
    ) -> None:
        verb = VERBS.get(context.invoked_subcommand or "")
        _arm()
        if verb is not None and "--help" not in argv:
            context.obj = settings_from(config) if verb.settings else None
            _start_log(context.obj)

    for name, verb in VERBS.items():
        _register(app, name, verb, wanted=name in argv)
    return app


def _tell_version(wanted: bool) -> None:
    """Ends with the version that pyproject.toml names."""
    if wanted:
        with (Path(__file__).parent.parent / "pyproject.toml").open("rb") as file:
            print(f"writethru {tomllib.load(file)['project']['version']}")
        raise typer.Exit


def _arm() -> None:
    """Test harnesses kill the real command at named points; without their variable nothing happens."""
    try:
        crash.arm_from(environment())
    except ValueError as wrong:
        say.fail(str(wrong), code=2)


def settings_from(path: Path | None) -> "Settings":
    """The settings of this command line, or exit 2 with one line that says what is wrong with them."""
    from config.load import ConfigError, load

    try:
        return load(environment(), path, {})
    except ConfigError as wrong:
        say.fail(str(wrong), code=2)


def _start_log(settings: "Settings | None") -> None:
    """Stdout is the verb's own, so logging goes to stderr from the start; a verb without settings only warns."""
    from config.log import configure
    from config.settings import Log

    configure(settings.log if settings else Log(level="warning"))


def _register(app: typer.Typer, name: str, verb: Verb, *, wanted: bool) -> None:
    if not wanted:
        app.command(name, help=verb.line)(_unwanted)
        return
    exported = getattr(import_module(verb.module), verb.module.rpartition(".")[2])
    if isinstance(exported, typer.Typer):
        app.add_typer(exported, name=name, help=verb.line)
    else:
        app.command(name, context_settings={"ignore_unknown_options": verb.passes_on})(exported)


def _unwanted() -> None:
    """Never runs: a verb on the command line is registered in full."""
    raise AssertionError
