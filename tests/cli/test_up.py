"""`up` as an operator meets it: started, killed in parts, stopped, started twice."""

import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.parts.service import DOOR, Service
from tests.parts.waiting import alive, until
from workers import valkey

Start = Callable[..., Service]
ROLES = ("web", "poll", "work read", "work deliver")


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
    folder = tmp_path / "var" / "valkey"
    until(lambda: not valkey.answers(folder))
    valkey.tidy(folder)


def served(url: str) -> bool:
    """Whether the web role says that it lives."""
    with urllib.request.urlopen(f"{url}livez", timeout=10) as answer:
        return bool(answer.status == 200)


def test_everything_starts_and_ends(start: Start, tmp_path: Path) -> None:
    """One command starts the queue, the tables and every role; one SIGTERM ends them all, with exit code 0."""
    service = start("up", WORK__READERS="2")
    url = service.wait_for_line("Writethru is at ")
    assert served(url)
    assert "Writethru is at" not in service.logged
    for words in ROLES:
        service.child(f"writethru {words}")
    assert 2 == len(service.children("work read"))
    assert valkey.answers(tmp_path / "var" / "valkey")
    assert (tmp_path / "var" / "writethru.db").exists()
    assert 0 == service.stop()
    assert not valkey.socket_of(tmp_path / "var" / "valkey").exists()
    port = int(url.rpartition(":")[2].strip("/"))
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_killed_role_comes_back(start: Start) -> None:
    """Whatever is killed with -9 is started again, and the rest is left alone."""
    service = start("up")
    service.wait_for_line("Writethru is at ")
    for victim in ("valkey-server", *(f"writethru {words}" for words in ROLES)):
        killed = service.child(victim)
        others = set(service.children()) - {killed}
        os.kill(killed, signal.SIGKILL)
        service.child(victim, other_than=killed)
        assert all(alive(pid) for pid in others)
    assert 0 == service.stop()


def test_killed_service_leaves_nobody(start: Start) -> None:
    """kill -9 of the whole leaves no process, and the next start works."""
    first = start("up")
    first.wait_for_line("Writethru is at ")
    pids = first.kill()
    assert 5 == len(pids)
    until(lambda: not any(alive(pid) for pid in pids))
    second = start("up")
    assert served(second.wait_for_line("Writethru is at "))
    assert 0 == second.stop(signal.SIGINT)


def once(folder: Path, *command: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command that must end by itself."""
    environ = {"PATH": os.defpath, "WRITETHRU_DATA_DIR": str(folder / "var"), "WRITETHRU_WEB__PORT": "0"}
    environ |= {f"WRITETHRU_{name}": value for name, value in settings.items()}
    return subprocess.run([*DOOR, *command], cwd=folder, env=environ, capture_output=True, text=True, timeout=60)


def test_second_start_on_the_same_folder(start: Start, tmp_path: Path) -> None:
    """A second `up` on the same data says in one line that there is one, and ends with exit code 1."""
    first = start("up")
    first.wait_for_line("Writethru is at ")
    second = once(tmp_path, "up")
    assert 1 == second.returncode
    assert "" == second.stdout
    assert 1 == second.stderr.count("\n")
    assert f"already running on {tmp_path / 'var'} (process {first.process.pid})" in second.stderr
    assert 0 == first.stop()


def test_taken_port(tmp_path: Path) -> None:
    """A port that somebody else has is said in one line before anything starts."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = once(tmp_path, "up", WEB__PORT=str(taken.getsockname()[1]))
    assert 1 == ran.returncode
    assert 1 == ran.stderr.count("\n"), ran.stderr[:300]
    assert "web.port" in ran.stderr
    assert not (tmp_path / "var" / "writethru.db").exists()


def test_folder_that_cannot_be(tmp_path: Path) -> None:
    """A data_dir that cannot be made is said in one line."""
    (tmp_path / "var").write_text("a file")
    ran = once(tmp_path, "up")
    assert 1 == ran.returncode
    assert 1 == ran.stderr.count("\n"), ran.stderr[:300]
    assert "data_dir" in ran.stderr


def test_unreachable_database(tmp_path: Path) -> None:
    """A database that does not answer is said in one line, without its password."""
    ran = once(tmp_path, "up", DATABASE__URL="postgresql+psycopg://someone:geheim@127.0.0.1:1/news")
    assert 1 == ran.returncode
    assert 1 == ran.stderr.count("\n"), ran.stderr[:300]
    assert "database.url" in ran.stderr
    assert "geheim" not in ran.stderr


def test_workers_alone(start: Start, tmp_path: Path) -> None:
    """`work -n` keeps that many processes of a kind, with a queue of its own where none is configured."""
    service = start("work", "deliver", "-n", "2")
    until(lambda: len(service.children("work deliver")) == 2)
    service.child("valkey-server")
    until(lambda: valkey.answers(tmp_path / "var" / "valkey"))
    assert [] == service.children("work read")
    assert 0 == service.stop()


@pytest.mark.parametrize("queue", ["read", "deliver"])
def test_worker_in_this_process(start: Start, valkey: str, queue: str) -> None:
    """One worker of one kind needs no supervisor: SIGTERM ends the process itself, with exit code 0."""
    service = start("work", queue, REDIS__URL=valkey)
    with Redis.from_url(valkey) as client:
        until(lambda: client.smembers("rq:workers"), 60)
    assert [] == service.children("writethru")
    assert 0 == service.stop()


def test_count_without_a_kind(tmp_path: Path) -> None:
    """-n without a kind is wrong usage: exit code 2 and one line that says how to write it."""
    ran = once(tmp_path, "work", "-n", "2")
    assert 2 == ran.returncode
    assert 1 == ran.stderr.count("\n"), ran.stderr[:300]
    assert "work read -n" in ran.stderr
