"""`doctor`: each thing it looks at, sound and broken."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import doctor
from config.load import load
from config.settings import ROOT, Settings
from ingest.entities import MISSING, is_installed
from workers.claim import claim


def settings(folder: Path, **variables: str) -> Settings:
    """Settings whose data lies in *folder*; variables are named without their prefix."""
    return load(
        {"WRITETHRU_DATA_DIR": str(folder)} | {f"WRITETHRU_{key}": each for key, each in variables.items()}, None, {}
    )


@pytest.fixture
def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of the loopback that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_python() -> None:
    """What runs the tests is new enough."""
    assert "ok" == doctor.python().state


def test_data_dir_leaves_no_trace(tmp_path: Path) -> None:
    """A folder that is not there yet can be made, and is not made by looking."""
    assert "ok" == doctor.folder(settings(tmp_path / "a" / "b")).state
    assert [] == list(tmp_path.iterdir())


def test_data_dir_is_a_file(tmp_path: Path) -> None:
    """Where a file stands in its place, the folder cannot be used."""
    (tmp_path / "var").write_text("")
    assert "broken" == doctor.folder(settings(tmp_path / "var")).state


@pytest.mark.parametrize(
    ("free", "state"), [(10 << 30, "ok"), (500 << 20, "hint"), (1 << 20, "broken")], ids=["much", "little", "none"]
)
def test_room(free: int, state: str) -> None:
    """A full disk is broken, one that fills up is a hint."""
    assert state == doctor.room(free).state


def test_disk_not_there_yet(tmp_path: Path) -> None:
    """Where the folder is not there yet, the disk that it will be on is looked at."""
    assert "disk" == doctor.disk(settings(tmp_path / "a" / "b")).check


def test_database_that_is_current(tmp_path: Path, database_url: str) -> None:
    """A migrated database is fine, on either engine."""
    assert doctor.database(settings(tmp_path, DATABASE__URL=database_url)).state == "ok"


def test_database_not_there_yet(tmp_path: Path) -> None:
    """A SQLite file that the first start will make is fine, and is not made by looking."""
    assert "ok" == doctor.database(settings(tmp_path)).state
    assert [] == list(tmp_path.iterdir())


def test_database_without_tables(tmp_path: Path) -> None:
    """An empty database only needs the next start."""
    (tmp_path / "writethru.db").write_bytes(b"")
    assert "hint" == doctor.database(settings(tmp_path)).state


def test_database_unreachable(tmp_path: Path, free_port: int) -> None:
    """A database that does not answer is broken, and its password is not told."""
    url = f"postgresql+psycopg://someone:geheim@127.0.0.1:{free_port}/news"
    found = doctor.database(settings(tmp_path, DATABASE__URL=url))
    assert "broken" == found.state
    assert "geheim" not in found.found


def test_queue_configured(tmp_path: Path, valkey: str) -> None:
    """A configured server that answers is fine, and so is this machine's clock against its."""
    given = settings(tmp_path, REDIS__URL=valkey)
    assert "ok" == doctor.queue(given).state
    assert doctor.clock(given).state in ("ok", "hint")


def test_queue_unreachable(tmp_path: Path, free_port: int) -> None:
    """A configured server that does not answer is broken."""
    assert doctor.queue(settings(tmp_path, REDIS__URL=f"redis://127.0.0.1:{free_port}")).state == "broken"


def test_queue_embedded(tmp_path: Path) -> None:
    """Without a configured server there is one to embed."""
    found = doctor.queue(settings(tmp_path))
    assert "ok" == found.state
    assert "embedded" in found.found


@pytest.mark.parametrize(
    ("host", "contact", "state"),
    [
        pytest.param("127.0.0.1", "desk@verify.example", "ok", id="named"),
        pytest.param("127.0.0.1", "", "hint", id="private and nameless"),
        pytest.param("::1", "", "hint", id="private over IPv6"),
        pytest.param("localhost", "", "hint", id="private by name"),
        pytest.param("0.0.0.0", "", "broken", id="public and nameless"),
    ],
)
def test_contact(host: str, contact: str, state: str) -> None:
    """A public service says who runs it; a private one is asked to."""
    given = Settings.model_construct(
        web=Settings().web.model_copy(update={"host": host}),
        fetch=Settings().fetch.model_copy(update={"contact": contact}),
    )
    assert state == doctor.contact(given).state


def test_port_free(tmp_path: Path, free_port: int) -> None:
    """A free port is fine."""
    assert doctor.port(settings(tmp_path, WEB__PORT=str(free_port))).state == "ok"


def test_port_taken_by_another(tmp_path: Path, taken: int) -> None:
    """A port that a stranger has is broken."""
    assert doctor.port(settings(tmp_path, WEB__PORT=str(taken))).state == "broken"


def test_port_taken_by_ourselves(tmp_path: Path, taken: int) -> None:
    """A port that the running service has is fine."""
    with claim(tmp_path / "up.lock"):
        found = doctor.port(settings(tmp_path, WEB__PORT=str(taken)))
    assert "ok" == found.state
    assert "running service" in found.found


def test_a_model_that_is_missing_is_broken(tmp_path: Path) -> None:
    """Names by spaCy are looked for only where they are asked for, and what to install is said."""
    assert "ok" == doctor.names(settings(tmp_path)).state
    found = doctor.names(settings(tmp_path, FACTS__NER="true"))
    assert (found.state, found.advice) == (("ok", "") if is_installed() else ("broken", MISSING))


def examined(folder: Path, **environ: str) -> tuple[int, list[dict[str, str]]]:
    """Runs the command with ``--json``; its exit code and what it found."""
    ran = subprocess.run(
        [sys.executable, str(ROOT / "writethru"), "doctor", "--json"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "WRITETHRU_DATA_DIR": str(folder)} | environ,
        capture_output=True,
        text=True,
    )
    return ran.returncode, [json.loads(line) for line in ran.stdout.splitlines()]


def test_command(tmp_path: Path, free_port: int) -> None:
    """The command tells every check as one JSON object, with exit code 0 where nothing is broken."""
    code, findings = examined(tmp_path, WRITETHRU_WEB__PORT=str(free_port))
    assert 0 == code, findings
    told = ["python", "configuration", "data_dir", "disk", "database", "queue", "clock", "contact", "port", "names"]
    assert [each["check"] for each in findings] == told


def test_command_with_a_bad_configuration(tmp_path: Path) -> None:
    """A configuration that cannot be used is a finding like others, and the exit code 1."""
    code, findings = examined(tmp_path, WRITETHRU_WEB__PORT="many")
    assert 1 == code
    assert [each["state"] for each in findings] == ["ok", "broken"]
