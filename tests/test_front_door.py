"""The front door: it sets itself up anywhere, repairs what was cut short, and costs nothing afterwards."""

import importlib.machinery
import importlib.util
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from types import ModuleType

import pytest

from tests.parts.small_house import ROOT, SmallHouse, base_python, build, uv_binary

DEAD = "http://127.0.0.1:9/index"


@pytest.fixture
def house(tmp_path: Path) -> SmallHouse:
    """A small house that nobody opened yet, on a machine with uv."""
    uv = uv_binary()
    if uv is None and not os.environ.get("CI"):
        pytest.skip("there is no uv on PATH or in .uv")
    assert uv is not None
    return build(tmp_path / "a hoúse of paper", uv)


@pytest.fixture
def poor_house(tmp_path: Path) -> SmallHouse:
    """A small house on a machine where uv cannot be made to work."""
    return build(tmp_path / "a hoúse of paper", None)


@pytest.fixture
def door() -> ModuleType:
    """The script as a module."""
    loader = importlib.machinery.SourceFileLoader("front_door", str(ROOT / "writethru"))
    spec = importlib.util.spec_from_loader("front_door", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def without(folder: Path, *modules: str) -> dict[str, str]:
    """The variables that make these modules missing."""
    folder.mkdir()
    for module in modules:
        (folder / f"{module}.py").write_text(f"raise ImportError('no {module} here')")
    return {"PYTHONPATH": str(folder)}


def test_first_start_sets_up_and_the_next_is_free(house: SmallHouse) -> None:
    """The first start installs what is locked; the next says nothing, writes nothing and needs no index."""
    code, out, err = house.run("hello", "a  b", "--flag")
    told = json.loads(out)
    assert 0 == code
    assert 1 == err.count("setting up")
    assert ["core_part"] == told["parts"]
    assert ["hello", "a  b", "--flag"] == told["arguments"]
    assert str(house.folder / ".venv") == told["prefix"]
    assert str(house.folder / ".venv/bin/python") == told["argv0"]
    before = {path: path.stat().st_mtime_ns for path in house.folder.rglob("*") if "__pycache__" not in str(path)}
    code, again, err = house.run(
        "hello", PIP_INDEX_URL=DEAD, UV_DEFAULT_INDEX=DEAD, UV_FIND_LINKS="", PIP_FIND_LINKS=""
    )
    assert (0, "") == (code, err)
    assert ["hello"] == json.loads(again)["arguments"]
    assert before == {
        path: path.stat().st_mtime_ns for path in house.folder.rglob("*") if "__pycache__" not in str(path)
    }


def test_the_verb_keeps_its_folder_and_its_exit_code(house: SmallHouse, tmp_path: Path) -> None:
    """Through a symlink and from another folder the door finds its house, and the verb stays where the caller is."""
    link = tmp_path / "link"
    link.symlink_to(house.door)
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "cli").mkdir(parents=True)
    (elsewhere / "cli" / "main.py").write_text("raise SystemExit('a stranger')")
    ended = subprocess.run(
        [base_python(), link, "seven"], cwd=elsewhere, env=house.environ, capture_output=True, text=True, timeout=120
    )
    assert 7 == ended.returncode
    assert str(elsewhere) == json.loads(ended.stdout)["cwd"]


def test_groups_are_only_added(house: SmallHouse) -> None:
    """`test` adds its group, and a new lock of another group does not strip it."""
    assert ["core_part", "test_part"] == json.loads(house.run("test")[1])["parts"]
    house.part("core", "2.0")
    code, out, err = house.run("hello")
    assert (0, ["core_part", "test_part"]) == (code, json.loads(out)["parts"])
    assert "(core, test)" in err
    assert (0, "") == house.run("test")[::2]


def test_install_adds_an_extra(house: SmallHouse) -> None:
    """`install` adds the extras that it names, and later set-ups keep them."""
    assert ["core_part", "test_part"] == json.loads(house.run("install", "test")[1])["parts"]
    house.part("core", "2.0")
    code, out, err = house.run("hello")
    assert (0, ["core_part", "test_part"]) == (code, json.loads(out)["parts"])
    assert "(core, test)" in err


@pytest.mark.parametrize("left", ["nothing", "folder", "no stamp", "broken stamp", "no python"])
def test_half_a_set_up_is_repaired(house: SmallHouse, left: str) -> None:
    """Whatever an interrupted set-up left behind, the next start makes whole."""
    venv = house.folder / ".venv"
    if left == "folder":
        (venv / "bin").mkdir(parents=True)
    elif left != "nothing":
        house.run()
        next(venv.rglob("core_part.py")).unlink()
    if left == "no stamp":
        (venv / "installed.json").unlink()
    elif left == "broken stamp":
        (venv / "installed.json").write_text('{"core": ')
    elif left == "no python":
        (venv / "bin" / "python").unlink()
    code, out, _ = house.run("hello")
    assert (0, ["core_part"]) == (code, json.loads(out)["parts"])


def test_a_killed_set_up_is_repaired(poor_house: SmallHouse) -> None:
    """A start that was killed while it installed leaves nothing that the next one would believe."""
    started = poor_house.start("hello")
    while started.poll() is None and not (poor_house.folder / ".venv").exists():
        time.sleep(0.01)
    started.kill()
    started.communicate()
    code, out, _ = poor_house.run("hello")
    assert (0, ["core_part"]) == (code, json.loads(out)["parts"])


def test_two_first_starts_set_up_once(house: SmallHouse) -> None:
    """Of two starts at once one sets up, and the other waits for it."""
    starts = [house.start("hello") for _ in range(2)]
    ends = [start.communicate(timeout=120) for start in starts]
    assert [0, 0] == [start.returncode for start in starts]
    assert 1 == sum("setting up " in err.replace("another start is setting up", "") for _, err in ends)


def test_case_113_pip_takes_over(poor_house: SmallHouse) -> None:
    """Where uv fails, pip installs the same files, hashes checked."""
    code, out, err = poor_house.run("hello")
    assert (0, ["core_part"]) == (code, json.loads(out)["parts"])
    assert "uv could not do it; trying pip" in err


def test_no_venv_module(poor_house: SmallHouse, tmp_path: Path) -> None:
    """Without the venv module pip fills the environment from outside."""
    variables = without(tmp_path / "missing", "venv", "ensurepip")
    code, out, err = poor_house.run("hello", **variables)
    assert (0, ["core_part"]) == (code, json.loads(out)["parts"]), err
    assert (0, "") == poor_house.run("hello", **variables)[::2]


def test_neither_venv_nor_pip(poor_house: SmallHouse, tmp_path: Path) -> None:
    """Without both, one line says what to install on Debian, Fedora and macOS."""
    code, out, err = poor_house.run("hello", **without(tmp_path / "missing", "venv", "pip"))
    assert (1, "") == (code, out)
    assert all(name in err.splitlines()[-1] for name in ("Debian", "Fedora", "macOS", "python3-venv"))


def test_case_113_a_wrong_hash_is_refused(poor_house: SmallHouse) -> None:
    """A package that is not the one that was locked is not installed, and no stamp says that it was."""
    lock = poor_house.folder / "requirements" / "core.txt"
    lock.write_text(lock.read_text()[:-5] + "beef\n")
    code, out, err = poor_house.run("hello")
    assert (1, "") == (code, out)
    assert "could not be installed" in err.splitlines()[-1]
    assert not (poor_house.folder / ".venv" / "installed.json").exists()


def test_ctrl_c_reaches_the_verb(house: SmallHouse) -> None:
    """The door becomes the verb: the same process gets the signal, and nothing is left behind."""
    assert 0 == house.run("hello")[0]
    started = house.start("wait")
    assert started.stdout is not None
    assert ["wait"] == json.loads(started.stdout.readline())["arguments"]
    started.send_signal(signal.SIGINT)
    started.communicate(timeout=60)
    assert 130 == started.returncode


def test_no_python_new_enough(
    door: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no Python is new enough, one line says which are and how to get one."""
    monkeypatch.setattr(door, "VERSIONS", ((9, 9),))
    with pytest.raises(SystemExit) as ended:
        door.find_python()
    assert 1 == ended.value.code
    err = capsys.readouterr().err
    assert 1 == err.count("\n")
    assert "needs Python 3.11 to 3.14" in err


@pytest.mark.parametrize(
    ("arguments", "groups"),
    [
        pytest.param([], ["core"], id="none"),
        pytest.param(["--help"], ["core"], id="help"),
        pytest.param(["show", "test"], ["core"], id="not the verb"),
        pytest.param(["--config", "test", "up"], ["core"], id="an option's value"),
        pytest.param(["--config", "x", "test", "-k", "y"], ["core", "test"], id="behind an option"),
        pytest.param(["--config=x", "lint"], ["core", "e2e", "lint", "test"], id="lint"),
        pytest.param(["install", "ner"], ["core", "ner"], id="an extra"),
        pytest.param(["install", "nothing"], ["core"], id="no extra"),
        pytest.param(["show", "ner"], ["core"], id="an extra's name elsewhere"),
    ],
)
def test_groups_for(door: ModuleType, monkeypatch: pytest.MonkeyPatch, arguments: list[str], groups: list[str]) -> None:
    """What is installed depends on the verb, and on what `install` names."""
    monkeypatch.setattr(door, "BROWSERS", ())
    assert groups == door.groups_for(arguments)


def test_a_browser_brings_its_group(door: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where a browser is on PATH, the tests and the demo's pictures get what drives it; nothing else does."""
    (tmp_path / "chromium").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ["core", "test", "e2e"] == door.groups_for(["test"])
    for pictures in (["--screenshots", "x"], ["--screenshots=x"]):
        assert ["core", "e2e"] == door.groups_for(["demo", *pictures])
    assert [["core"], ["core"]] == [door.groups_for([verb]) for verb in ("up", "demo")]


def test_uv_is_told_what_pip_is_told(door: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip's index and certificates are passed on in uv's words, unless uv was told otherwise; nothing is downloaded."""
    (tmp_path / "pip.conf").write_text(
        f"[global]\nindex-url = {DEAD}\ncert = /etc/global.pem\n[install]\ncert = /etc/x.pem\n"
    )
    for name in ("PIP_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE", "UV_DEFAULT_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    environ = door.environment_for_uv(base_python())
    assert (DEAD, "/etc/x.pem", "never") == tuple(
        environ[name] for name in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE", "UV_PYTHON_DOWNLOADS")
    )
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:10/index")
    assert "http://127.0.0.1:10/index" == door.environment_for_uv(base_python())["UV_DEFAULT_INDEX"]


def test_no_address_is_written_down() -> None:
    """Lock files and the door hold no index address and no path of a machine."""
    texts = {path: path.read_text() for path in [ROOT / "writethru", *(ROOT / "requirements").glob("*.txt")]}
    assert [] == [str(path) for path, text in texts.items() if "://" in text or "find-links" in text or " @ " in text]
