"""The service with the least it can have, and its secrets: from a feed with a password to a signed webhook, as nobody,
on a read-only root, without capabilities; and nothing of what is secret in anything that it shows."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from config.settings import ROOT
from demo.sink import Sink
from tests.ingest.hostile import Hostile, answer, serving
from tests.parts.pages import BODY, page
from tests.parts.required import absent
from tests.parts.waiting import pids_below, until
from tests.system.conftest import CONFIGURATION, LIMIT
from workers.signing import new_secret

NOBODY = "65534"
LEAST = [
    "setpriv",
    "--reuid",
    NOBODY,
    "--regid",
    NOBODY,
    "--clear-groups",
    "--bounding-set=-all",
    "--inh-caps=-all",
    "--no-new-privs",
]
READ_ONLY = """
set -e
mount --make-rprivate /
data=$1 base=$2 home=$3
mount --bind "$data" "$data"
if [ "$home" ]; then  # where nobody may look into the folder that Python lies in, only Python is shown there
    mount --bind "$base" "$data/base"
    mount -t tmpfs -o mode=755 tmpfs "$home"
    mkdir -p "$base"
    mount --move "$data/base" "$base"
fi
mount -o remount,bind,ro /
[ -z "$home" ] || mount -o remount,ro "$home"
shift 3
exec "$@"
"""
DOOR = [sys.executable, str(ROOT / "writethru")]
COOKIE, PASSWORD = "canary-cookie-5f1c", "canary-password-77d0"


@dataclass(frozen=True, slots=True)
class Least:
    """What ran: its folder, whether it was confined, its secrets, and all that it showed, by where."""

    confined: bool
    received: list[str]
    readonly: str
    status: str
    secrets: dict[str, str]
    shown: dict[str, str]


def confined(folder: Path) -> list[str]:
    """What stands before a command that may write below *folder* only."""
    base = Path(sys.base_prefix).resolve()
    closed = next((str(each) for each in reversed(base.parents) if not each.stat().st_mode & 0o001), "")
    return ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh", str(folder), str(base), closed, *LEAST]


def can_confine(folder: Path) -> bool:
    """Whether this machine lets us take everything away."""
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
    probe = [*confined(folder), sys.executable, "-c", script]
    return os.geteuid() == 0 and subprocess.run(probe, capture_output=True).returncode == 0


class House:
    """A folder that nobody owns, and the commands that are run in it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="wtleast-", dir="/tmp"))
        for name in ("tmp", "base"):
            (self.folder / "data" / name).mkdir(parents=True)
        (self.folder / "writethru.toml").write_text(CONFIGURATION.format(database=""))
        for path in (self.folder, *self.folder.rglob("*")):
            path.chmod(0o755)
        self.confined = can_confine(self.folder / "data")
        if self.confined:
            for path in (self.folder / "data", self.folder / "data" / "tmp"):
                os.chown(path, int(NOBODY), int(NOBODY))
        self.environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TMPDIR": str(self.folder / "data" / "tmp")}

    def up(self) -> subprocess.Popen[bytes]:
        """The whole service."""
        before = confined(self.folder / "data") if self.confined else []
        with (self.folder / "up.log").open("wb") as log:
            return subprocess.Popen([*before, *DOOR, "up"], cwd=self.folder, env=self.environ, stdout=log, stderr=log)

    def verb(self, *words: str) -> str:
        """What one command says."""
        command = [*DOOR, *words]  # as whoever runs the tests: the service is the one that has nothing
        ran = subprocess.run(command, cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=LIMIT)
        assert ran.returncode == 0 or words[0] == "doctor", ran.stderr
        return ran.stdout + ran.stderr


def pages(server: Hostile, toll: str) -> None:
    """A feed behind a password with one article; every answer sets a cookie."""
    link = server.url("/bridge")
    feed = f"<rss version='2.0'><channel><title>Courier</title><link>{server.url()}</link><item><title>Bridge</title><link>{link}</link><guid>{link}</guid></item></channel></rss>"
    cookie = f"Set-Cookie: session={COOKIE}"
    body = page([BODY[0].replace("12", toll), *BODY[1:]], headline=f"Bridge collapse in Port Harrow kills {toll}")
    server.replies |= {
        "/feed": answer("200 OK", feed.encode(), "Content-Type: application/rss+xml", cookie),
        "/bridge": answer("200 OK", body, "Content-Type: text/html; charset=utf-8", cookie),
    }


@pytest.fixture(scope="module")
def least() -> Iterator[Least]:
    """One run: started, subscribed, a toll that rises, told, looked at from all sides, stopped."""
    house, secret = House(), new_secret()
    with serving({}) as server, Sink(secret) as sink:
        pages(server, "12")
        service = house.up()
        try:
            until(lambda: "Writethru is at" in (house.folder / "up.log").read_text(), LIMIT)
            token = house.verb("token", "add", "desk").split()[0]
            house.verb("endpoint", "add", sink.url, "--secret", secret, "--types", "article.facts_changed")
            house.verb("add", server.url("/feed", host=f"reader:{PASSWORD}@127.0.0.1"))
            until(lambda: any(b"/bridge " in request.split(b"\r\n")[0] for request in server.asked), LIMIT)
            with client_of(house, token) as client:
                until(lambda: client.get("/api/v1/versions").json()["items"], LIMIT)
            pages(server, "15")
            until(lambda: sink.received, LIMIT)
            children = pids_below(service.pid)
            shown = looked_at(house, token) | {"process list": "\n".join(map(str, children.values()))}
            one = Path(f"/proc/{next(iter(children))}")
            status, mounts = (one / "status").read_text(), (one / "mounts").read_text()
        finally:
            service.send_signal(signal.SIGTERM)
            assert service.wait(40) == 0
        shown["log"] = (house.folder / "up.log").read_text()
        received = [each.raw.decode() for each in sink.received]
        asked = [request for request in server.asked if b"/bridge " in request.split(b"\r\n")[0]]
    assert not any(b"cookie" in request.lower() for request in asked)
    root = next(line for line in reversed(mounts.splitlines()) if line.split()[1] == "/")
    secrets = {"token": token, "webhook secret": secret.removeprefix("whsec_"), "cookie": COOKIE, "password": PASSWORD}
    yield Least(house.confined, received, root, status, secrets, shown | {"webhooks": "\n".join(received)})
    shutil.rmtree(house.folder)


def client_of(house: House, token: str) -> httpx.Client:
    """A client of its web role."""
    base = (house.folder / "up.log").read_text().partition("Writethru is at ")[2].split()[0]
    return httpx.Client(base_url=base, headers={"authorization": f"Bearer {token}"}, timeout=30)


def looked_at(house: House, token: str) -> dict[str, str]:
    """What every listing, export and page shows."""
    words = ("deliveries", "endpoint list", "status", "doctor", "config show", "export")
    shown = {line: house.verb(*line.split()) for line in words}
    with client_of(house, token) as client:
        routes = [path for path, does in client.get("/api/v1/openapi.json").json()["paths"].items() if "get" in does]
        named = [path.replace("{article_id}", "1").replace("{id}", "1").replace("{article}", "1") for path in routes]
        others = ["/", "/changes", "/articles", "/articles/1", "/feeds", "/metrics", "/readyz", "/api/v1/openapi.json"]
        for path in (*others, *(path for path in named if "{" not in path and "stream" not in path)):
            shown[path] = client.get(path).text
    return shown


def test_case_110_nothing_shows_a_secret(least: Least) -> None:
    """Token, webhook secret, password of a feed and cookies of a site stand in no log, listing, export, page, answer of
    the API, webhook or process list."""
    assert len(least.shown) > 18
    assert "<del>12</del>" in least.shown["/changes"]
    leaks = [
        (what, where) for what, secret in least.secrets.items() for where, text in least.shown.items() if secret in text
    ]
    assert [] == leaks


def test_case_112_as_nobody_on_a_read_only_root(least: Least) -> None:
    """Uid 65534, no capability, no new privileges, one writable folder: a change comes from the feed to the receiver."""
    if not least.confined:
        absent("not root, or mounts and setpriv are not to be had")
    assert len(least.received) == 1
    assert "ro" in least.readonly.split()[3].split(",")
    told = dict(line.split(":\t", 1) for line in least.status.splitlines() if ":\t" in line)
    assert {NOBODY} == set(told["Uid"].split())
    assert {"0" * 16} == {told[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
    assert "1" == told["NoNewPrivs"]
