"""`demo` as a real process: all kinds of story, every webhook verified, and nothing left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts.playing import DOOR, PATIENCE, Playing

LAST = "All stories have ended"


def left_behind(folder: Path) -> dict[int, str]:
    """Pids and command lines of processes that were started with this TMPDIR."""
    found = {}
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        try:
            if f"TMPDIR={folder}\0".encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:
            continue
    return found


def gone(folder: Path) -> bool:
    """Whether nothing is left behind, now or soon."""
    last = time.monotonic() + PATIENCE
    while left_behind(folder) and time.monotonic() < last:
        time.sleep(0.05)
    return not left_behind(folder)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Playing, int, Path, int]]:
    """A demo that was played to its end and interrupted: what it printed, exit code, folder, and its web port."""
    folder = tmp_path_factory.mktemp("demo")
    with Playing(folder, "--speed", "4") as playing:
        port = int(re.findall(r"127\.0\.0\.1:(\d+)", playing.wait_for("Open http"))[0])
        playing.wait_for(LAST)
        yield playing, playing.ended(signal.SIGINT), folder, port


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            r"casualty    12 → 15  (people killed|dead)  critical   Port Harrow Courier: Explosion", id="toll"
        ),
        pytest.param(r"casualty    15 → 19  (people killed|dead)", id="toll again"),
        pytest.param(r"status      denies → confirms .* Meridian Wire: ", id="denied → confirmed"),
        pytest.param(r"quote       .*should have told.* → .*could not have told", id="quote"),
        pytest.param(r"correction  \+ Correction: An earlier version", id="correction"),
        pytest.param(r"corrected   ", id="corrected"),
        pytest.param(r"wording     a new version, no fact changed   Meridian Wire: Commuters", id="wording only"),
        pytest.param(r"withdrawn   the page is gone   Northern Dispatch: ", id="withdrawn"),
        pytest.param(r"settled     .* Port Harrow Courier: Explosion", id="settled"),
        pytest.param(r"attribution − .*police", id="attribution removed"),
    ],
)
def test_each_kind_of_story_is_told(played: tuple[Playing, int, Path, int], line: str) -> None:
    """Every kind of story arrives as a verified webhook and is printed as one line."""
    assert [each for each in played[0].lines if re.match(line, each)], "\n".join(played[0].lines)


def test_nothing_else_is_told(played: tuple[Playing, int, Path, int]) -> None:
    """Each step is told exactly as its story has it, and the article that only fidgets never is."""
    lines = played[0].lines
    assert not [line for line in lines if "not as the story has it" in line]
    assert not [line for line in lines if "Lantern Bridge" in line]
    [score] = [line for line in lines if "that the stories did were told" in line]
    assert re.match(r"(\d+) of \1 things that the stories did were told, and 0 facts alerts", score)
    [webhooks] = [line for line in lines if "webhooks came" in line]
    assert re.match(r"\d+ webhooks came, 0 refused for their signature: ", webhooks)


def test_ctrl_c_ends_everything(played: tuple[Playing, int, Path, int]) -> None:
    """Exit code 0, no process, no socket and no file left; the way to go real is the last thing said."""
    playing, code, folder, port = played
    assert code == 0
    assert left_behind(folder) == {}
    assert list(folder.iterdir()) == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert [line.split()[1] for line in playing.lines if line.startswith("  ./writethru")] == ["up", "add", "endpoint"]


def test_keep_keeps_the_folder(tmp_path: Path) -> None:
    """With --keep the data folder stays, and a demo that is interrupted early ends as cleanly."""
    with Playing(tmp_path, "--keep", "--speed", "4") as playing:
        playing.wait_for("Open http")
        assert playing.ended(signal.SIGTERM) == 0
    [kept] = [line.partition(": ")[2] for line in playing.lines if "is kept" in line]
    assert (Path(kept) / "writethru.toml").is_file()
    assert (Path(kept) / "writethru.db").is_file()
    assert left_behind(tmp_path) == {}


def test_nobody_reads_on(tmp_path: Path) -> None:
    """`demo | head` ends the demo as Ctrl-C would, without a traceback."""
    with Playing(tmp_path, "--speed", "4", lines_read=3) as playing:
        assert playing.ended() == 0
    assert len(playing.lines) == 3
    assert left_behind(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_killed_demo_leaves_no_process(tmp_path: Path) -> None:
    """SIGKILL cannot be caught, but what the demo started goes with it."""
    with Playing(tmp_path, "--speed", "4") as playing:
        playing.wait_for("Open http")
        playing.process.kill()
    assert gone(tmp_path)


def test_a_killed_service_ends_the_demo(tmp_path: Path) -> None:
    """Without the service there is nothing to see: one line, exit code 1, nothing left."""
    with Playing(tmp_path, "--speed", "4") as playing:
        playing.wait_for("Open http")
        [up] = [pid for pid, command in left_behind(tmp_path).items() if command.endswith(" up")]
        os.kill(up, signal.SIGKILL)
        assert playing.ended() == 1
        assert "writethru up ended by itself" in playing.wait_for("writethru: ")
    assert gone(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_pictures_need_a_browser(tmp_path: Path) -> None:
    """Where there is no browser, --screenshots says so in one line before anything starts."""
    environ = {"PATH": "", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    command = [sys.executable, str(DOOR), "demo", "--screenshots", "x"]
    ended = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert (1, "", 1) == (ended.returncode, ended.stdout, ended.stderr.count("\n"))
    assert "chromium" in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--speed", "0"), id="no speed"),
        pytest.param(("--speed", "fast"), id="no number"),
        pytest.param(("--loud",), id="unknown option"),
    ],
)
def test_wrong_usage(tmp_path: Path, options: tuple[str, ...]) -> None:
    """What cannot be meant is one line and exit code 2, and starts nothing."""
    ended = subprocess.run([sys.executable, str(DOOR), "demo", *options], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
