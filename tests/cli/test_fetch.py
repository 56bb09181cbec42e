"""`fetch`: what it prints and how it ends, in a process of its own."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.limited import Died, limited
from config.settings import ROOT
from tests.ingest.hostile import Reply, answer, redirect, serving

OPEN = {"WRITETHRU_FETCH__ALLOW_NETWORKS": "127.0.0.0/8"}
RUN = "import sys; from cli.main import run; sys.exit(run(sys.argv[1:]))"
KEYS = ["url", "final_url", "status", "reason", "bytes", "sha256", "redirects", "elapsed_ms"]


def fetch(url: str, folder: Path, *flags: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs the verb."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("WRITETHRU_")}
    environ |= {"WRITETHRU_DATA_DIR": str(folder)} | variables
    return subprocess.run(
        [sys.executable, "-c", RUN, "fetch", url, *flags], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )  # fmt: skip


def test_what_came_is_one_object(tmp_path: Path) -> None:
    """Every key of the contract, nothing else on stdout, and nothing kept."""
    replies: dict[str, Reply] = {"/a": redirect("/b"), "/b": answer(body=b"a page")}
    with serving(replies) as server:
        done = fetch(server.url("/a", host="user:s3cret@127.0.0.1"), tmp_path, "--json", **OPEN)
        told: dict[str, Any] = json.loads(done.stdout)
        assert list(told) == KEYS
        assert (told["url"], told["final_url"]) == (server.url("/a"), server.url("/b"))
    assert (done.returncode, told["status"], told["reason"], told["bytes"]) == (0, 200, None, 6)
    assert (told["sha256"], told["redirects"]) == (hashlib.sha256(b"a page").hexdigest(), [told["final_url"]])
    assert "s3cret" not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("replies", "variables", "status", "reason"),
    [
        pytest.param({"/a": answer(body=b"x")}, {}, 0, "blocked-address", id="case_01-inside"),
        pytest.param({"/a": answer("410 Gone")}, OPEN, 410, "http-410", id="gone"),
        pytest.param({"/a": answer("200 OK")}, OPEN, 200, "empty-body", id="empty"),
        pytest.param({"/a": redirect("/"), "/": answer(body=b"x")}, OPEN, 200, "front-page", id="front-page"),
        pytest.param({"/robots.txt": answer(body=b"User-agent: *\nDisallow: /")}, OPEN, 0, "robots", id="robots"),
    ],
)
def test_refusals_have_a_reason(
    tmp_path: Path, replies: dict[str, Reply], variables: dict[str, str], status: int, reason: str
) -> None:
    """What the poller would refuse is refused for the same reason, with exit code 1 and one line."""
    with serving(replies) as server:
        done = fetch(server.url("/a"), tmp_path, "--json", **variables)
        plain = fetch(server.url("/a"), tmp_path, **variables)
    told = json.loads(done.stdout)
    assert (done.returncode, told["status"], told["reason"], done.stderr) == (1, status, reason, "")
    assert (plain.returncode, plain.stdout, plain.stderr.count("\n")) == (1, "", 1)
    assert reason in plain.stderr


def _burn() -> None:
    while True:
        pass


def _crash() -> None:
    signal.raise_signal(signal.SIGKILL)


def _fill() -> bytes:
    return bytes(1 << 30)


@pytest.mark.parametrize(
    ("work", "how"),
    [
        pytest.param(_burn, "out of CPU time", id="spins"),
        pytest.param(_crash, "killed by SIGKILL", id="crashes"),
        pytest.param(_fill, "out of memory", id="fills-memory"),
    ],
)
def test_a_limited_child_dies_alone(work: Any, how: str) -> None:
    """Whatever the work does to its process, we live and know how it ended."""
    with pytest.raises(Died, match=how):
        limited(work, timedelta(seconds=1), 1 << 28)


def test_a_limited_child_answers() -> None:
    """What the work returns comes back."""
    assert limited(lambda: {"a": [1, "two"]}, timedelta(seconds=10), 1 << 30) == {"a": [1, "two"]}
