"""The command line as a whole: exit codes, one line of error, and rows that no text from outside can break."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import typer

from cli import say
from cli.main import run
from cli.verbs import VERBS, Verb
from config.settings import ROOT

CONTROL = "a\x1b[31m\r\nb \u202e \x9b \ud800"


@pytest.fixture(autouse=True)
def no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starts each test in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("argv", "code", "line"),
    [
        pytest.param(["nonsense"], 2, "No such command 'nonsense'", id="unknown verb"),
        pytest.param(["config", "nonsense"], 2, "see ./writethru config --help", id="unknown verb of a verb"),
        pytest.param(["token"], 2, "Missing command", id="no verb of a verb"),
        pytest.param(["pin", "1", "x"], 2, "Missing option '--as'. Choose from: furniture, text", id="option left out"),
        pytest.param(["config", "check", "--nonsense"], 2, "No such option: --nonsense", id="unknown option"),
        pytest.param(["--config", "none.toml", "config", "check"], 2, "no such configuration file", id="no file"),
        pytest.param(
            ["--config", "none.toml", "config", "show"], 2, "no such configuration file", id="no file to show"
        ),
    ],
)
def test_wrong_usage(argv: list[str], code: int, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage and a wrong configuration end with exit code 2 and one line on stderr."""
    assert code == run(argv)
    told = capsys.readouterr()
    assert "" == told.out
    assert line in told.err
    assert 1 == told.err.count("\n")


@pytest.mark.parametrize(
    "argv", [[], ["--help"], ["config", "--help"], ["endpoint", "--help"], ["config", "show", "--help"]]
)
def test_help(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Help is no error, whatever it is asked of, and its lines are whole."""
    assert 0 == run(argv)
    told = capsys.readouterr().out
    assert "Usage: writethru" in told
    assert "..." not in told.replace("[ARGS]...", "")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The version is that of pyproject.toml."""
    assert 0 == run(["--version"])
    assert f'version = "{capsys.readouterr().out.split()[1]}"' in (ROOT / "pyproject.toml").read_text()


def test_a_pipe_that_closes_is_no_error() -> None:
    """Whoever has seen enough (`… | head`) ends the verb quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        ran = subprocess.run([sys.executable, ROOT / "writethru", "--help"], stdout=closed, stderr=subprocess.PIPE)
    assert (0, b"") == (ran.returncode, ran.stderr)


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        pytest.param(80, [20, 4, 20, 30], id="fits"),
        pytest.param(70, [20, 4, 20, 20], id="the widest"),
        pytest.param(60, [20, 4, 15, 15], id="the widest together"),
        pytest.param(20, [20, 4, 12, 12], id="no narrower than can be read"),
    ],
)
def test_tables_fit_the_terminal(room: int, expected: list[int]) -> None:
    """Long columns of text give way; moments and short ones stay."""
    assert expected == say.fitted([20, 4, 20, 30], {1, 2, 3}, room)


def test_config_show(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every setting is shown as one object, with its origin and without its secret."""
    monkeypatch.setenv("WRITETHRU_REDIS__URL", "redis://:hush@127.0.0.1/0")
    assert 0 == run(["config", "show", "--json"])
    out = capsys.readouterr().out
    rows = {row["key"]: row for row in map(json.loads, out.splitlines())}
    assert {"key": "redis.url", "value": "***", "from": "WRITETHRU_REDIS__URL"} == rows["redis.url"]
    assert {"key": "schedule.feed_max", "value": "1h", "from": "default"} == rows["schedule.feed_max"]
    assert "hush" not in out


def test_ctrl_c_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An interrupt ends the verb with exit code 130 and no traceback."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.lint.lint", interrupted)
    assert 130 == run(["lint"])
    assert "" == capsys.readouterr().err.strip()


def test_what_the_system_refuses_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that cannot be had is told by its name, without a traceback."""
    monkeypatch.setattr("cli.lint.lint", lambda: Path("none\x1b").read_bytes())
    assert 1 == run(["lint"])
    assert "writethru: none\\x1b: No such file or directory\n" == capsys.readouterr().err


def test_settings_are_loaded_for_verbs_that_need_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verb finds the settings in its context; another starts although the configuration is broken."""
    seen = []

    def lint(context: typer.Context) -> None:
        seen.append(context.obj and context.obj.web.port)

    monkeypatch.setattr("cli.lint.lint", lint)
    monkeypatch.setenv("WRITETHRU_WEB__PORT", "8701")
    monkeypatch.setitem(VERBS, "lint", Verb("cli.lint", ""))
    assert 0 == run(["lint"])
    monkeypatch.setenv("WRITETHRU_WEB__PORT", "none")
    assert 2 == run(["lint"])
    monkeypatch.setitem(VERBS, "lint", Verb("cli.lint", "", settings=False))
    assert 0 == run(["lint"])
    assert [8701, None] == seen


def test_fail_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """An error that quotes text from outside stays one line."""
    with pytest.raises(typer.Exit) as ended:
        say.fail(CONTROL, code=2)
    assert 2 == ended.value.exit_code
    assert "writethru: a\\x1b[31m\\r\\nb \\u202e \\x9b \\ud800\n" == capsys.readouterr().err


def test_row_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    """A row comes back as it was, times in UTC, and holds no character that steers a terminal."""
    moment = datetime(2026, 3, 2, 11, tzinfo=timezone(timedelta(hours=2)))
    say.row({"title": CONTROL, "at": moment, "every": timedelta(minutes=5), "none": None, "path": Path("x")})
    out = capsys.readouterr().out
    assert {"title": CONTROL, "at": "2026-03-02T09:00:00Z", "every": 300.0, "none": None, "path": "x"} == json.loads(
        out
    )
    assert out.rstrip("\n").isascii()
    assert out.rstrip("\n").isprintable()


def test_row_is_strict_json() -> None:
    """What JSON cannot say is refused, never written as NaN."""
    with pytest.raises(ValueError, match="JSON"):
        say.row({"value": float("nan")})


def test_table_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    """People get columns, with a dash where nothing is and escapes where something would steer the terminal."""
    say.listing(
        [{"id": 1, "title": "x\x1b"}, {"id": 22, "title": None, "seen_at": datetime(2026, 3, 2, tzinfo=UTC)}],
        ["id", "title", "seen_at"],
        as_json=False,
    )
    expected = ["id  title  seen at", "1   x\\x1b  –", "22  –      2026-03-02 00:00 UTC"]
    assert expected == capsys.readouterr().out.splitlines()
