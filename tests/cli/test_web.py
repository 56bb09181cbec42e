"""`web` as an operator meets it: bound, refused, stopped."""

import json
import signal
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.parts.service import DOOR, Service
from tests.parts.waiting import until

Start = Callable[..., Service]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts services that end with the test."""
    started: list[Service] = []

    def one(*command: str, **settings: str) -> Service:
        started.append(Service(tmp_path, *command, **{"WEB__PORT": "0"} | settings))
        return started[-1]

    yield one
    for each in started:
        each.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_case_85_web_stops_cleanly_with_a_stream_open(start: Start, number: signal.Signals) -> None:
    """A stop ends open streams too, and the exit code is 0."""
    service = start("web")
    url = service.wait_for_line("Writethru is at ")
    with urllib.request.urlopen(f"{url}api/v1/changes/stream", timeout=30) as stream:
        assert b"retry: 2000\n" == stream.readline()
        service.process.send_signal(number)
        assert 0 == service.process.wait(30)


def test_web_says_that_it_lives(start: Start, tmp_path: Path) -> None:
    """The role beats while it runs and leaves when it ends."""

    def roles() -> list[str]:
        status = start("status", "--json")
        assert 0 == status.process.wait(30)
        return [role["name"] for role in json.loads(status.said)["roles"]]

    (tmp_path / "web").mkdir()
    service = Service(tmp_path / "web", "web", WEB__PORT="0", DATA_DIR=str(tmp_path / "var"))
    try:
        service.wait_for_line("Writethru is at ")
        until(lambda: roles() == ["web"])
        assert 0 == service.stop()
        assert [] == roles()
    finally:
        service.kill()


def test_case_102_no_open_door_without_a_token(start: Start, tmp_path: Path) -> None:
    """Bound to an address that others reach, the service starts only once there is a token."""
    outside = {"WEB__HOST": "0.0.0.0", "FETCH__CONTACT": "desk@example.org"}
    refused = start("web", **outside)
    assert 2 == refused.process.wait(30)
    assert "./writethru token add" in refused.logged
    made = start("token", "add", "desk", **outside)
    assert 0 == made.process.wait(30)
    token = made.said.strip()
    assert token.startswith("wt_")
    service = start("web", **outside)
    url = service.wait_for_line("Writethru is at ")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{url}api/v1/feeds", timeout=30)
    asked = urllib.request.Request(f"{url}api/v1/feeds", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert {"items": [], "next": None} == json.load(answer)


def test_a_taken_port_is_one_line(start: Start, tmp_path: Path) -> None:
    """A port that somebody else has ends the verb with what to do."""
    url = start("web").wait_for_line("Writethru is at ")
    port = url.rpartition(":")[2].strip("/")
    (tmp_path / "second").mkdir()
    second = Service(tmp_path / "second", "web", WEB__PORT=port)
    assert 1 == second.process.wait(30)
    assert f"cannot listen on 127.0.0.1 port {port}" in second.logged


def test_token_list_and_remove(tmp_path: Path) -> None:
    """A token is listed without what opens, and removed by its name."""

    def token(*arguments: str) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": "/usr/bin:/bin", "WRITETHRU_DATA_DIR": str(tmp_path / "var")}
        command = [*DOOR, "token", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    made = json.loads(token("add", "desk", "--scope", "read", "--json").stdout)
    listed = token("list", "--json").stdout
    assert (["read"], False) == (json.loads(listed)["scopes"], made["token"] in listed)
    assert 0 == token("remove", "desk").returncode
    gone = token("remove", "desk")
    assert (1, "") == (gone.returncode, gone.stdout)
    assert "no token 'desk'" in gone.stderr
